import Causes
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// Settings of Amazon Cognito user pools and their app clients that refuse people by themselves: no policy is asked.
///
/// Both are written by calls that replace all settings, so that what a call leaves out goes back to its default.
/// Sources: `UpdateUserPoolClient` and `UpdateUserPool` in the Amazon Cognito user pools API reference; "Scopes, M2M, and resource
/// servers" and "Working with user attributes" in the Amazon Cognito developer guide.
extension ServiceSetting {
    private static let ofClients: Set<String> = ["CreateUserPoolClient", "UpdateUserPoolClient"]
    private static let ofPools: Set<String> = ["CreateUserPool", "UpdateUserPool"]
    private static let ownScope = "aws.cognito.signin.user.admin"

    static let tokenScope = ServiceSetting(
        events: ofClients, parameters: ["clientId", "userPoolId"],
        unnamed: { _ in PermissionChangeTarget.userPoolName },
        refuses: { change, former, _ in
            guard let former else { return grantsScopes(change) && !grantsOwnScope(change) }
            return !grantsOwnScope(change) && grantsOwnScope(former)
        },
        title: "The app client's tokens lack the scope that the call needs",
        meaning:
            "since then its tokens come without \("aws.cognito.signin.user.admin"), which everything needs that people do to their own account with an access token. The call replaces all settings of the client.",
        remedy: { change in
            "Call UpdateUserPoolClient again with all settings of client \(change.change.target ?? "?") and \("aws.cognito.signin.user.admin") among \("AllowedOAuthScopes"), and have people sign in anew: tokens keep the scopes with which they were made. No policy is to be changed. \(change.person.ask) whether the scope was meant to go."
        },
        unseen:
            "Have the app ask for the scope \("aws.cognito.signin.user.admin") when people sign in, and let the app client give it (\("AllowedOAuthScopes"); UpdateUserPoolClient replaces all settings, so pass every one). Tokens keep the scopes with which they were made. No policy is to be changed."
    )

    static let writableAttributes = ServiceSetting(
        events: ofClients, parameters: ["clientId", "userPoolId"],
        unnamed: { _ in PermissionChangeTarget.userPoolName },
        refuses: { change, former, facts in
            let (now, before) = (writable(change), former.flatMap(writable))
            let asked = attributes(facts)
            if !asked.isEmpty { return !asked.isSubset(of: now ?? asked.filter { !$0.hasPrefix("custom:") }) }
            guard let now else { return before?.contains { $0.hasPrefix("custom:") } ?? false }
            // One that was made so is it only where the calls name it.
            return before.map { !$0.isSubset(of: now) } ?? (client(of: facts) != nil)
        },
        title: "The app client may not write the attribute",
        meaning:
            "since then \("WriteAttributes") of the client lacks what the calls write; without any list a client may write the standard attributes and no custom one. The call replaces all settings of the client.",
        remedy: { change in
            "Call UpdateUserPoolClient again with all settings of client \(change.change.target ?? "?") and the attribute among \("WriteAttributes"), if people are to write it themselves; else leave it out of the call, and let the backend write it (AdminUpdateUserAttributes). No policy is to be changed. \(change.person.ask) which is meant."
        },
        unseen:
            "Add the attribute to \("WriteAttributes") of the app client, if people are to write it themselves (UpdateUserPoolClient replaces all settings, so pass every one); else leave it out of the call, and let the backend write it (AdminUpdateUserAttributes). No policy is to be changed."
    )

    static let closedSignUp = ServiceSetting(
        events: ofPools, parameters: ["userPoolId"], unnamed: { _ in PermissionChangeTarget.userPoolName },
        refuses: { change, _, facts in
            change.parameters?.member(ignoringCase: "adminCreateUserConfig")?
                .member(ignoringCase: "allowAdminCreateUserOnly")?.scalarText == "true"
                && (pool(of: facts).map { $0 == change.change.target } ?? true)
        },
        title: "Nobody may sign up for the user pool",
        meaning:
            "it set \("AllowAdminCreateUserOnly"), so that administrators alone create users. The call replaces all settings of the pool.",
        remedy: { change in
            "If people are to sign up themselves, call UpdateUserPool again with all settings of the pool and \("AllowAdminCreateUserOnly") as false. If not, take sign-up out of the app and create users with AdminCreateUser. No policy is to be changed. \(change.person.ask) which is meant."
        },
        unseen:
            "If people are to sign up themselves, set \("AllowAdminCreateUserOnly") of the user pool to false (UpdateUserPool replaces all settings, so pass every one). If not, create users with AdminCreateUser. No policy is to be changed."
    )

    /// The pool of the client that the calls name, as the trail tells it; `nil` where it does not.
    private static func pool(of facts: GroupFacts) -> String? {
        guard let client = client(of: facts) else { return nil }
        return facts.trail.settings(of: client).last?.parameter("userPoolId")
    }

    /// The client that the calls name; `nil` where they name none, or several.
    private static func client(of facts: GroupFacts) -> String? {
        let clients = Set(facts.group.requests.prefix(3).compactMap { RecordedCall($0).parameterText("clientId") })
        return clients.count == 1 ? clients.first : nil
    }

    /// The attributes that the refused calls write, as far as the records name them.
    private static func attributes(_ facts: GroupFacts) -> Set<String> {
        Set(
            facts.group.requests.prefix(3).flatMap { request -> [String] in
                let list = RecordedCall(request).parameters?.member(ignoringCase: "userAttributes")
                return (list?.elements ?? []).compactMap { $0.member(ignoringCase: "name")?.scalarText }
            })
    }

    /// What a change lets the client write; `nil` where it sets no list.
    private static func writable(_ change: TrailChange) -> Set<String>? {
        change.parameters?.member(ignoringCase: "writeAttributes").map {
            Set($0.elements.compactMap(\.scalarText))
        }
    }

    private static func grantsScopes(_ change: TrailChange) -> Bool {
        !(change.parameters?.member(ignoringCase: "allowedOAuthScopes")?.elements ?? []).isEmpty
    }

    private static func grantsOwnScope(_ change: TrailChange) -> Bool {
        (change.parameters?.member(ignoringCase: "allowedOAuthScopes")?.elements ?? []).contains {
            $0.scalarText == ownScope
        }
    }
}
