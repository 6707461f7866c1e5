import AccessDenial
package import IAMPolicy
import RecordedCalls
import TrailStore

extension DenialGroup {
    /// The roles that AWS's words name, or else those that the refused calls pass, wherever in their parameters they stand.
    package var rolesNamed: [ARN] {
        var roles: [ARN] = []
        func add(_ text: String) {
            guard let arn = ARN(text), arn.service == "iam", arn.resource.hasPrefix("role/"), !roles.contains(arn)
            else {
                return
            }
            roles.append(arn)
        }
        for message in evidence.compactMap(\.errorMessage) {
            for word in message.split(whereSeparator: { " '\"`,".contains($0) }) {
                // A sentence may end with the role.
                add(String(word.last == "." ? word.dropLast() : word))
            }
        }
        guard roles.isEmpty else { return roles }
        for call in requests.prefix(3).map({ RecordedCall($0) }) { call.parameters?.forEachText(add) }
        return roles
    }
}
