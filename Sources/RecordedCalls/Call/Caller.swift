import IAMPolicy
import OrderedJSON

extension RecordedCall {
    /// Who made the call; `nil` where the record names nobody.
    var principal: RequestPrincipal? {
        let type = identityType
        switch type {
        case "AWSService"?:
            return (text("userIdentity", "invokedBy") ?? text("sourceIPAddress")).flatMap { RequestPrincipal($0) }
        case "WebIdentityUser"?: return text("userIdentity", "identityProvider").flatMap { RequestPrincipal($0) }
        // `{"type": "Unknown", "principalId": "Anonymous"}`, or nothing else that tells of a caller: Amazon Cognito's unsigned calls.
        case "Unknown"? where isUnsigned: return .anonymous
        case "SAMLUser"?: return parameterText("principalArn").flatMap { RequestPrincipal($0) }
        default: break
        }
        let issuer = text("userIdentity", "sessionContext", "sessionIssuer", "arn")
        if let arn = text("userIdentity", "arn") {
            return RequestPrincipal(arn, principalARN: issuer.flatMap { $0 == arn ? nil : $0 })
        }
        if let issuer { return RequestPrincipal(issuer) }
        // An unsigned request: `{"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"}`; Amazon Cognito writes
        // `{"type": "Unknown", "principalId": "Anonymous"}`.
        let ids = [text("userIdentity", "accountId"), text("userIdentity", "principalId")]
        if ids.contains(where: { $0?.lowercased().hasPrefix("anonymous") ?? false }) { return .anonymous }
        return nil
    }

    private var isUnsigned: Bool {
        let id = text("userIdentity", "principalId") ?? ""
        guard id.isEmpty else { return id.lowercased() == "anonymous" }
        // Whoever is named in any other way, as the caller of a log beside CloudTrail's is by a role, signs.
        let names = [
            text("userIdentity", "arn"), text("userIdentity", "userName"), text("userIdentity", "credentialId"),
            text("userIdentity", "invokedBy"), text("userIdentity", "onBehalfOf", "userId"),
            text("userIdentity", "sessionContext", "sessionIssuer", "arn"),
        ]
        return names.allSatisfy { $0?.isEmpty ?? true }
    }

    /// The account that owns a resource; `nil` where the record does not tell it.
    func owner(of resource: String) -> String? { owner(of: resource, calledBy: principal) }

    /// The same of a call by somebody who is known.
    func owner(of resource: String, calledBy caller: @autoclosure () -> RequestPrincipal?) -> String? {
        guard let arn = ARN(resource) else {
            // An unsigned call is recorded nowhere but with what it was on.
            return resource == "*" && caller()?.kind == .anonymous ? text("recipientAccountId") : nil
        }
        if !arn.account.isEmpty { return arn.account == "aws" ? nil : arn.account }
        guard arn.service == "s3" else { return nil }
        guard case .value(let list) = at(["resources"]) else {
            // Calls on buckets themselves are recorded where the bucket is.
            return text("managementEvent") == "true" ? text("recipientAccountId") : nil
        }
        return list.elements.lazy.compactMap { $0.member(ignoringCase: "accountId")?.scalarText }.first
    }
}
