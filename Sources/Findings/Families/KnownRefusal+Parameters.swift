import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import RecordedCalls
import TrailStore
import Wording

/// What a call passes that no policy can make good.
extension KnownRefusal {
    /// An ARN among the parameters that ends where a name should follow; `nil` where AWS names a policy, and where there is none.
    static func incompleteARN(_ facts: GroupFacts) -> Known? {
        guard facts.group.reason.effect == .unstated else { return nil }
        let found = facts.group.requests.prefix(3).map { RecordedCall($0).parameters.flatMap(incomplete) }
        guard let first = found.first ?? nil, found.allSatisfy({ $0 == first }),
            // What a call passes that AWS allowed is no fault.
            !facts.group.successes.contains(where: { RecordedCall($0).parameters.flatMap(incomplete) == first })
        else { return nil }
        return Known(
            title: "The call passes an ARN without a name",
            story:
                "It passes \(first.path) \(first.arn), which ends where a name should follow: most likely a variable or an option of whatever makes the call is empty.",
            remedy: Remedy(
                .setting,
                "Pass the whole ARN as \(first.path): \(first.arn) with the name behind it. No policy is to be changed for that."
            ))
    }

    private struct Incomplete: Hashable {
        var path: String
        var arn: String
    }

    /// How deep parameters are looked through.
    private static let depthLimit = 8

    private static func incomplete(_ parameters: JSONValue) -> Incomplete? {
        func search(_ value: JSONValue, _ path: [String]) -> Incomplete? {
            switch value {
            case .object(let members) where path.count < depthLimit:
                return members.lazy.compactMap { search($0.value, path + [$0.key]) }.first
            case .array(let elements) where path.count < depthLimit:
                return elements.lazy.compactMap { search($0, path) }.first
            case .string(let text):
                guard isIncomplete(text) else { return nil }
                return Incomplete(path: path.joined(separator: "."), arn: text)
            default:
                return nil
            }
        }
        return search(parameters, [])
    }

    /// Whether a text is an ARN that lacks its end. A folder of S3 and a path of an API end in a slash as well.
    private static func isIncomplete(_ text: String) -> Bool {
        guard text.hasPrefix("arn:"), let arn = ARN(text), !["s3", "apigateway", "execute-api"].contains(arn.service)
        else {
            return false
        }
        return arn.resource.isEmpty || arn.resource.hasSuffix("/") || arn.resource.hasSuffix(":")
    }
}
