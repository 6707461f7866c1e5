import CloudTrail
import OrderedJSON

/// The text of a policy that AWS wrote, and that no record holds.
package struct PublishedText {
    /// The text, or the nearest one that is known.
    package var text: DocumentText
    /// AWS's number of the version.
    var version: String
    /// Whether AWS had no other at the time.
    package var isCertain: Bool

    /// The text of a policy that AWS manages, as of a time; `nil` where the program has none.
    package init?(arn: String, at time: String) {
        guard let seconds = EventTime.seconds(time) else { return nil }
        switch AWSManagedPolicies.bundled.document(arn: arn, at: seconds) {
        case .certain(let version): self.init(version, isCertain: true)
        case .nearest(let version, _): self.init(version, isCertain: false)
        case .unknown: return nil
        }
    }

    private init(_ published: AWSManagedPolicy.Version, isCertain: Bool) {
        text = .json(published.document)
        version = published.id
        self.isCertain = isCertain
    }

    /// The text of a policy that AWS Organizations attaches by itself; `nil` for any other.
    package init?(organizationPolicy id: String) {
        guard id == Organizations.fullAccess || id == Organizations.fullResourceAccess else { return nil }
        var statement: [JSONValue.Member] = [.init("Effect", .string("Allow"))]
        if id == Organizations.fullResourceAccess { statement.append(.init("Principal", .string("*"))) }
        statement += [.init("Action", .string("*")), .init("Resource", .string("*"))]
        text = DocumentText(statement: .object(statement))
        version = ""
        isCertain = true
    }
}
