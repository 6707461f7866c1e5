import AccessDenial
import Diagnosis
import TrailStore

/// Callers with a token or an assertion, and what was changed of their identity provider or of the trust in it.
extension ScenarioTests {
    private static let github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    private static let okta = "arn:aws:iam::111122223333:saml-provider/Okta"
    private static let deployer = "arn:aws:iam::111122223333:role/deployer"
    private static let token = "WebIdentityUser:\(github):sts.amazonaws.com:repo:acme/shop:ref:refs/heads/main"
    private static let assertion = "SAMLUser:abcdef:carl"
    private static let rejected = Facts.slug("identity-token-rejected")
    private static let notAuthorized = "Not authorized to perform sts:AssumeRoleWithWebIdentity"

    private static func refused(
        _ caller: String, _ reason: Reason = .unstated, saying message: String? = notAuthorized
    ) -> DenialGroup {
        let isSAML = caller == assertion
        return Facts.group(
            reason, principal: caller, action: isSAML ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity",
            resource: nil, source: "sts.amazonaws.com"
        ) {
            $0.inferredResources = [Counted(deployer, denials: 12)]
            $0.evidence = [
                DenialEvidence(
                    eventID: "denial", eventTime: Facts.firstSeen, eventName: "AssumeRoleWith", awsRegion: "us-east-1",
                    errorMessage: message)
            ]
        }
    }

    private static func provider(
        _ event: String, _ arn: String = github, _ more: String = "", at time: String = "2026-11-10T11:55:00Z",
        id: String = "change"
    ) -> PermissionChange {
        let key = arn.contains("saml") ? "sAMLProviderArn" : "openIDConnectProviderArn"
        let isCreation = event.hasPrefix("Create")
        return Facts.change(
            event, at: time, id: id, target: arn, type: "identity-provider",
            parameters: isCreation ? "{}" : #"{"\#(key)":"\#(arn)"\#(more)}"#,
            response: isCreation ? #"{"\#(key)":"\#(arn)"}"# : nil)
    }

    private static func trust(
        _ providers: [String], sub: String? = nil, at time: String = "2026-11-02T00:00:00Z", id: String = "trust",
        role: String = "deployer", literally: Bool = false
    ) -> PermissionChange {
        let comparison = literally ? "StringEquals" : "StringLike"
        let statements = providers.map { provider in
            let action = provider.contains("saml") ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity"
            let condition =
                sub.map {
                    #","Condition":{"\#(comparison)":{"token.actions.githubusercontent.com:sub":"\#($0)"}}"#
                } ?? ""
            return
                #"{"Effect":"Allow","Principal":{"Federated":"\#(provider)"},"Action":"\#(action)"\#(condition)}"#
        }
        let document = #"{"Version":"2012-10-17","Statement":[\#(statements.joined(separator: ","))]}"#
        return Facts.change(
            "UpdateAssumeRolePolicy", at: time, id: id, target: role,
            parameters: #"{"roleName":"\#(role)","policyDocument":\#(Facts.quoted(document))}"#)
    }

    private static func usage(_ caller: String) -> Usage {
        Facts.usage(
            caller, caller == assertion ? "sts:AssumeRoleWithSAML" : "sts:AssumeRoleWithWebIdentity",
            source: "sts.amazonaws.com")
    }

    private static func broke(
        _ name: String, _ caller: String = token, _ changes: PermissionChange..., hasSucceeded: Bool = true,
        says: [String]
    ) -> Scenario {
        Scenario(
            name: "the provider broke it: \(name)", group: refused(caller), usage: hasSucceeded ? [usage(caller)] : [],
            changes: changes, rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred,
            offersPolicy: false, says: says)
    }

    private static func perhaps(_ name: String, _ caller: String = token, _ changes: PermissionChange...) -> Scenario {
        Scenario(
            name: "the provider may have broken it: \(name)", group: refused(caller), usage: [usage(caller)],
            changes: changes, rootCause: .permissionsChanged, blames: ["change"], confidence: .possible,
            offersPolicy: false)
    }

    private static func innocent(
        _ name: String, _ caller: String = token, _ changes: PermissionChange..., hasSucceeded: Bool = true
    ) -> Scenario {
        Scenario(
            name: "innocent provider: \(name)", group: refused(caller), usage: hasSucceeded ? [usage(caller)] : [],
            changes: changes, rootCause: hasSucceeded ? .reasonUnstated : .neverSucceeded,
            spares: [.permissionsChanged], offersPolicy: false)
    }

    private static func notAccepted(_ name: String, _ message: String, _ change: PermissionChange, blames: [String])
        -> Scenario
    {
        Scenario(
            name: "a token that is not accepted: \(name)", group: refused(token, rejected, saying: message),
            usage: [usage(token)], changes: [change], rootCause: .credentialsInvalid, spares: [.permissionsChanged],
            blames: blames, offersPolicy: false, saysNot: ["access key", "get-caller-identity"])
    }

    private static let audience = #","clientID":"sts.amazonaws.com""#

    private static let brokenProviders: [Scenario] = [
        broke(
            "it was deleted", token, provider("DeleteOpenIDConnectProvider"),
            says: [
                "--url …", "provider token.actions.githubusercontent.com again",
                "aws iam list-open-id-connect-providers",
            ]),
        broke(
            "it was deleted, and this caller never succeeded", token, provider("DeleteOpenIDConnectProvider"),
            hasSucceeded: false, says: ["Create the provider token.actions.githubusercontent.com again"]),
        broke(
            "the audience was taken from it", token,
            provider("RemoveClientIDFromOpenIDConnectProvider", github, audience),
            says: [
                "aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn \(github) --client-id sts.amazonaws.com"
            ]),
        broke(
            "the one provider that the role trusts was deleted", assertion, trust([okta]),
            provider("DeleteSAMLProvider", okta),
            says: ["Create the provider Okta again", "aws iam create-saml-provider --name …"]),
        broke(
            "the trust asks for another branch now", token,
            trust([github], sub: "repo:acme/shop:ref:refs/heads/release", at: "2026-11-10T11:55:00Z", id: "change"),
            says: ["aws iam get-role --role-name deployer"]),
        broke(
            "the trust let this caller in before, who never succeeded", token, trust([github], sub: "repo:acme/shop:*"),
            trust([github], sub: "repo:acme/web:*", at: "2026-11-10T11:55:00Z", id: "change"), hasSucceeded: false,
            says: ["aws iam get-role --role-name deployer"]),
        perhaps(
            "one of two that the role trusts was deleted", assertion, trust([okta, okta + "2"]),
            provider("DeleteSAMLProvider", okta)),
        perhaps("its metadata was changed", assertion, trust([okta]), provider("UpdateSAMLProvider", okta)),
        perhaps("its thumbprint was changed", token, provider("UpdateOpenIDConnectProviderThumbprint")),
        Scenario(
            name: "the trust does not let in a caller of whom nothing else is known", group: refused(token),
            changes: [trust([github], sub: "repo:acme/web:*", at: "2026-11-10T11:55:00Z", id: "change")],
            rootCause: .conditionUnmet, finds: [.permissionsChanged], blames: ["change"], confidence: .inferred,
            says: ["the token had repo:acme/shop:ref:refs/heads/main"]),
        Scenario(
            name: "what the trust asks for stands in the remedy", group: refused(token),
            changes: [trust([github], sub: "repo:acme/web:*")], rootCause: .conditionUnmet,
            spares: [.permissionsChanged],
            says: [
                "token.actions.githubusercontent.com:sub StringLike repo:acme/web:*",
                "the token had repo:acme/shop:ref:refs/heads/main",
            ]),
        Scenario(
            name: "the subject differs from what the trust asks for in case alone", group: refused(token),
            changes: [trust([github], sub: "repo:Acme/shop:*")], rootCause: .conditionUnmet,
            says: ["upper and lower case that repo:acme/shop:ref:refs/heads/main has"],
            explains: ["differs in upper and lower case"]),
        Scenario(
            name: "the trust compares a wildcard literally", group: refused(token),
            changes: [trust([github], sub: "repo:acme/shop:*", literally: true)], rootCause: .conditionUnmet,
            says: ["StringLike in the place of StringEquals"], explains: ["takes wildcards literally"]),
    ]

    private static let innocentProviders: [Scenario] = [
        innocent("another one was deleted", token, provider("DeleteOpenIDConnectProvider", github + "/other")),
        innocent(
            "the like-named one of another account was deleted", token,
            provider(
                "DeleteOpenIDConnectProvider", github.replacing(Facts.account, with: Facts.other))),
        innocent(
            "deleted and created anew before the first denial", token,
            provider("DeleteOpenIDConnectProvider", at: "2026-11-10T11:52:00Z"),
            provider("CreateOpenIDConnectProvider", id: "new")),
        innocent(
            "deleted after the first denial", token,
            provider("DeleteOpenIDConnectProvider", at: "2026-11-10T12:01:00Z")),
        innocent(
            "deleted before the last success", token,
            provider("DeleteOpenIDConnectProvider", at: "2026-11-03T00:00:00Z")),
        innocent(
            "another audience was taken from it", token,
            provider("RemoveClientIDFromOpenIDConnectProvider", github, #","clientID":"https://github.com/acme""#)),
        innocent(
            "an audience was taken and given back", token,
            provider(
                "RemoveClientIDFromOpenIDConnectProvider", github, audience, at: "2026-11-10T11:52:00Z"),
            provider("AddClientIDToOpenIDConnectProvider", github, audience, id: "back")),
        innocent("an audience came", token, provider("AddClientIDToOpenIDConnectProvider", github, audience)),
        innocent(
            "one that the role does not trust was deleted", assertion, trust([okta + "2"]),
            provider("DeleteSAMLProvider", okta)),
        innocent(
            "one was deleted, and whom the role trusts is not known", assertion, provider("DeleteSAMLProvider", okta)),
        innocent(
            "the trust of another role", token,
            trust([github], sub: "repo:acme/web:*", at: "2026-11-10T11:55:00Z", id: "change", role: "releaser")),
        innocent(
            "the trust still lets this caller in", token,
            trust([github], sub: "repo:acme/shop:*", at: "2026-11-10T11:55:00Z", id: "change")),
        Scenario(
            name: "innocent provider: a role's session is no token", group: Facts.group(.unstated),
            usage: [Facts.usage()], changes: [provider("DeleteOpenIDConnectProvider")], rootCause: .reasonUnstated,
            spares: [.permissionsChanged]),
    ]

    private static let tokens: [Scenario] = [
        notAccepted(
            "the provider is gone", "No OpenIDConnect provider found in your account for https://token.actions",
            provider("DeleteOpenIDConnectProvider"), blames: ["change"]),
        notAccepted(
            "the audience is gone", "Incorrect token audience",
            provider("RemoveClientIDFromOpenIDConnectProvider", github, audience), blames: ["change"]),
        notAccepted(
            "the thumbprint is another one",
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            provider("UpdateOpenIDConnectProviderThumbprint"), blames: ["change"]),
        notAccepted(
            "the audience is wrong, and the thumbprint was changed", "Incorrect token audience",
            provider("UpdateOpenIDConnectProviderThumbprint"), blames: []),
        notAccepted(
            "another provider is gone", "Incorrect token audience",
            provider("DeleteOpenIDConnectProvider", github + "/other"), blames: []),
        notAccepted(
            "it was changed before the last success", "Incorrect token audience",
            provider(
                "RemoveClientIDFromOpenIDConnectProvider", github, audience, at: "2026-11-03T00:00:00Z"), blames: []),
    ]

    static let identityProviders: [Scenario] = brokenProviders + innocentProviders + tokens
}
