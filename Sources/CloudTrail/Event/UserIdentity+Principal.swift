extension UserIdentity {
    /// Who the caller is, whatever session they used: the key that denials are grouped by.
    ///
    /// Role sessions fold into the role's ARN, with its path where `sessionIssuer` tells it. Users, root and federated users are
    /// their own ARN, a service its host name. Where there is no ARN the type stands before what identifies the caller, as in
    /// `AWSAccount:111122223333:AIDAEXAMPLE`. `nil` where the identity tells nothing.
    public var principal: String? {
        switch type {
        case "FederatedUser", "IAMUser", "Root":
            return arn ?? userArn ?? labelled
        case "AWSService":
            return invokedBy ?? arn ?? labelled
        case "AWSAccount":
            return foldedArn ?? labelled
        default:
            if let sessionIssuerArn, Self.isRole(sessionIssuerArn) { return sessionIssuerArn }
            if let foldedArn { return foldedArn }
            return type == nil ? invokedBy ?? labelled : labelled ?? invokedBy
        }
    }

    /// The ARN of an IAM user who failed to sign in: such a record has the account and the name alone. A user with a path has
    /// another ARN, but the record does not tell the path, and most have none.
    private var userArn: String? {
        guard type == "IAMUser", let accountId, let userName, !userName.isEmpty, !userName.hasPrefix("HIDDEN_DUE_TO")
        else {
            return nil
        }
        return "arn:aws:iam::\(accountId):user/\(userName)"
    }

    /// The ARN, with a role session's folded into the role's: `arn:aws:sts::ACCT:assumed-role/ROLE/SESSION` becomes
    /// `arn:aws:iam::ACCT:role/ROLE`.
    private var foldedArn: String? {
        guard let arn else { return nil }
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sts" else { return arn }
        let path = parts[5].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard path.count >= 2, path[0] == "assumed-role", !path[1].isEmpty else { return arn }
        return "arn:\(parts[1]):iam::\(parts[4]):role/\(path[1])"
    }

    private static func isRole(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[5].hasPrefix("role/")
    }

    /// The type and what identifies the caller, for identities without an ARN.
    private var labelled: String? {
        switch type {
        case "AWSAccount":
            let parts = [accountId, foldedPrincipalId].compactMap(\.self)
            return parts.isEmpty ? nil : (["AWSAccount"] + parts).joined(separator: ":")
        case nil:
            return (foldedPrincipalId ?? userName ?? accountId.map { "AWSAccount:\($0)" })
        case let type?:
            let name = foldedPrincipalId ?? userName ?? onBehalfOfUserId ?? credentialId
            // Amazon Cognito tells of its unsigned calls now and then without a principal id; the account is that of what was called.
            if name == nil, type == "Unknown", invokedBy == nil { return "Unknown:Anonymous" }
            return (name ?? accountId).map { "\(type):\($0)" }
        }
    }

    /// The principal id without the session's name: `AROAEXAMPLE:session` is the role `AROAEXAMPLE`.
    private var foldedPrincipalId: String? {
        guard let principalId, principalId.hasPrefix("AROA"), let colon = principalId.firstIndex(of: ":") else {
            return principalId
        }
        return String(principalId[..<colon])
    }
}

extension IdentityFields {
    /// Appends `UserIdentity.principal` in UTF-8, without making the identity where the role's ARN can be copied.
    ///
    /// `bytes` are those the fields were projected from. Returns whether there is a principal.
    package func appendPrincipal(from bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        // SAFETY: references are checked against `bytes`.
        let type = self[.type]
        let arn = self[.arn]
        let issuer = self[.sessionIssuerArn]
        if unsafe type.equals("AssumedRole", in: bytes), unsafe issuer.hasPrefix("arn:aws:iam::", in: bytes),
            unsafe Self.isRole(issuer.content(in: bytes))
        {
            return unsafe issuer.append(from: bytes, to: &output)
        }
        if unsafe type.equals("IAMUser", in: bytes), !arn.isEmpty, arn.isString {
            return unsafe arn.append(from: bytes, to: &output)
        }
        let invokedBy = self[.invokedBy]
        if unsafe type.equals("AWSService", in: bytes), !invokedBy.isEmpty, invokedBy.isString {
            return unsafe invokedBy.append(from: bytes, to: &output)
        }
        guard let principal = unsafe UserIdentity(self, in: bytes).principal else { return false }
        output.append(contentsOf: principal.utf8)
        return true
    }

    /// Whether an ARN that begins with `arn:aws:iam::` is a role's.
    private static func isRole(_ arn: UnsafeRawBufferPointer) -> Bool {
        let prefix = 13
        // SAFETY: iteration stays within the buffer.
        guard arn.count > prefix, let colon = unsafe arn[prefix...].firstIndex(of: UInt8(ascii: ":")) else {
            return false
        }
        return unsafe arn[(colon + 1)...].starts(with: "role/".utf8)
    }
}
