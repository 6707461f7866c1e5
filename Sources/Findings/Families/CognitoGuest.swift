import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// A guest of a Cognito identity pool is refused by the session policy that AWS adds.
///
/// The enhanced flow adds two session policies to a guest's credentials, which allow a list of services, `mobiletargeting` among
/// them and its successors not. Nobody else gives a guest a session policy, so where AWS says that one lacks an Allow, it is this one.
/// Source: "IAM roles", section on unauthenticated identities, in the Amazon Cognito developer guide.
package enum CognitoGuest {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.reason == .missingAllow(.session), facts.servicePrefix != "mobiletargeting", isCognito(facts)
        else { return [] }
        return [
            Finding(
                .cognitoGuestSessionPolicy, .inferred, title: "AWS's own session policy for Cognito guests refuses it",
                "Guests of a Cognito identity pool who come by the enhanced flow get a session policy from AWS that allows \("mobiletargeting:*") and some other services but not \(facts.group.action), whatever the role allows. The role's policies are not the cause and cannot help.",
                evidence: facts.denialEvidence)
        ]
    }

    private static func isCognito(_ facts: GroupFacts) -> Bool {
        facts.group.evidence.contains { $0.errorMessage?.contains("CognitoIdentityCredentials") ?? false }
            || (facts.principal.kind == .role && isNamedForGuests(facts.principal.name))
    }

    /// Whether a part of the name says that the role is for guests, as in `Cognito_appUnauth_Role` and `app-unauthenticated`:
    /// `unauthorized-access-scanner` does not.
    private static func isNamedForGuests(_ name: String) -> Bool {
        var parts: [String] = [""]
        for character in name {
            if !character.isLetter {
                parts.append("")
            } else {
                if character.isUppercase, parts[parts.count - 1].last?.isLowercase ?? false { parts.append("") }
                parts[parts.count - 1].append(character)
            }
        }
        return parts.contains { part in
            let part = part.lowercased()
            return ["unauth", "unauthenticated", "unauthrole"].contains(part)
        }
    }
}
