package import CompanionLogs
package import Wording

extension GatewayRefusal {
    /// What happened, in one line.
    package var title: Prose {
        switch self {
        case .missingToken: "API Gateway has no such route, or the call is not signed"
        case .apiKey: "API Gateway refused the API key"
        case .authorizer: "The authorizer's policy does not allow the path"
        case .resourcePolicy: "The API's resource policy refuses the caller"
        case .iam: "IAM does not let the caller invoke the API"
        case .firewall: "AWS WAF blocked the call at API Gateway"
        case .signature: "API Gateway refused the signature"
        case .credentials: "API Gateway refused the credentials"
        case .unauthenticated: "The authorizer does not know the caller"
        case .integrationRole: "API Gateway may not assume the role of the integration"
        case .integration: "The service behind API Gateway refused"
        case .unstated: "API Gateway refused, and does not say why"
        }
    }

    /// What that means.
    package var explanation: Prose {
        switch self {
        case .missingToken:
            "API Gateway says this where the path, method or stage does not exist or is not deployed, which is most frequent, and where a method with IAM authorization is called unsigned. A bearer token sent to such a path is answered likewise."
        case .apiKey:
            "The method requires an API key, and the key is missing, unknown, disabled, or in no usage plan of this stage."
        case .authorizer:
            "A Lambda authorizer answered with a policy that does not allow this path, or that denies it. Its answer is cached, so that a policy made for another path may have been used."
        case .resourcePolicy:
            "The call is unsigned, and the API's resource policy does not allow it: for a private API that is a matter of aws:SourceVpce or aws:SourceVpc."
        case .iam:
            "The method uses IAM authorization. No policy of the caller or of the API allows execute-api:Invoke on it, or one denies it."
        case .firewall: "A rule of the stage's web ACL blocked the call before API Gateway authorized it."
        case .signature:
            "What was signed is not what arrived, or it was signed for another service (it must be execute-api), Region or time. CloudFront, a custom domain or a proxy that changes host or path has this effect."
        case .credentials: "The key behind the signature is unknown, or its session has expired."
        case .unauthenticated:
            "The token is missing, or not where the authorizer looks for it, or the authorizer does not accept it."
        case .integrationRole:
            "The integration names a role whose trust policy does not let apigateway.amazonaws.com assume it."
        case .integration:
            "API Gateway passed the call on, and the service refused it to the integration's role. CloudTrail has that refusal."
        case .unstated:
            "Forbidden stands for several causes: an API key that is missing or in no usage plan of the stage, AWS WAF, a private API called from outside its endpoint, a custom domain without a mapping, a wrong Host header, mutual TLS, or the authorizer of an HTTP API."
        }
    }

    /// What to do.
    package var advice: Prose {
        switch self {
        case .missingToken:
            "Compare path, method and stage with the deployed API first, and deploy it. If the route exists, sign the call, for service execute-api."
        case .apiKey:
            "Put the key into a usage plan of this stage, send it as x-api-key, and wait some minutes: a new key works at some hosts before others."
        case .authorizer:
            "Let the authorizer's policy allow all paths that the token may use, not only the one it was asked for, or set its cache to 0 seconds."
        case .resourcePolicy:
            "Allow the endpoint or address in the API's resource policy, and deploy the API: a policy counts from the next deployment on."
        case .iam:
            "Allow execute-api:Invoke on the method's ARN in the caller's policy; a caller of another account needs it in the API's resource policy, too."
        case .firewall: "Find the terminating rule in the web ACL's log, and set it to Count or exclude the path."
        case .signature:
            "Sign for the host that API Gateway sees, service execute-api and the API's Region, and set the clock."
        case .credentials: "Fetch new credentials and sign with them."
        case .unauthenticated:
            "Send the token where the authorizer's identity source is, and look at the authorizer's own log."
        case .integrationRole:
            "Let the role's trust policy name apigateway.amazonaws.com, and allow the caller who configures it iam:PassRole."
        case .integration: "Allow the action in the policies of the integration's role."
        case .unstated:
            "Look the request up by its id (header x-amzn-RequestId or x-amz-apigw-id) in the API's access log: $context.error.responseType tells the cause. Without such a log, test in this order: the API key, the web ACL, the host's mapping, the endpoint."
        }
    }

    /// What has to change.
    package var remedyKind: Remedy.Kind {
        switch self {
        case .resourcePolicy, .iam, .integration, .integrationRole, .authorizer: .policy
        case .missingToken, .apiKey, .firewall, .signature, .credentials, .unauthenticated, .unstated: .setting
        }
    }
}
