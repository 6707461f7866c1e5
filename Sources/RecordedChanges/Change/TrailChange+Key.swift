import OrderedJSON
import PolicyTimeline
import TrailStore

extension TrailChange {
    /// The key that the change gives what it is made on.
    package var keyGiven: String? { masterKey ?? parameters?.key }

    /// The key that encrypts a queue or a topic, as the change sets it: an id, an ARN or an alias.
    package var masterKey: String? {
        if parameter("attributeName")?.lowercased() == "kmsmasterkeyid" { return parameter("attributeValue") }
        return parameters?.member(ignoringCase: "attributes")?.member(ignoringCase: "KmsMasterKeyId")?.stringValue
    }

    /// Whether a grant of a key ended.
    package var isRevocation: Bool { [.revokeGrant, .retireGrant].contains(changeName) }

    /// The id of the grant that the change made or ended.
    package var grantID: String? { keys(.grants).first }
}

extension JSONValue {
    /// How the services call the parameter that names a key, in lower case.
    private static let keyNames: Set<String> = ["kmskeyid", "kmskeyarn", "kmsmasterkeyid", "keyid", "keyarn"]

    /// The first text under such a name, however deep.
    fileprivate var key: String? {
        switch self {
        case .object(let members):
            members.lazy.compactMap { member in
                Self.keyNames.contains(member.key.lowercased()) ? member.value.stringValue : member.value.key
            }.first
        case .array(let elements): elements.lazy.compactMap(\.key).first
        default: nil
        }
    }
}
