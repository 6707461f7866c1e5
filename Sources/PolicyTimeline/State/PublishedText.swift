import OrderedJSON

/// The text of a policy that AWS wrote, and that no record holds.
struct PublishedText {
    var text: DocumentText
    /// AWS's number of the version.
    var version: String
    /// Whether AWS had no other at the time.
    var isCertain: Bool

    /// The text of a policy that AWS manages, as of a time; `nil` where the program has none.
    init?(arn: String, at time: String) {
        return nil
    }

    /// The text of a policy that AWS Organizations attaches by itself; `nil` for any other.
    init?(organizationPolicy id: String) {
        guard id == Organizations.fullAccess || id == Organizations.fullResourceAccess else { return nil }
        var statement: [JSONValue.Member] = [.init("Effect", .string("Allow"))]
        if id == Organizations.fullResourceAccess { statement.append(.init("Principal", .string("*"))) }
        statement += [.init("Action", .string("*")), .init("Resource", .string("*"))]
        text = DocumentText(statement: .object(statement))
        version = ""
        isCertain = true
    }
}
