extension UserIdentity {
    /// The identity that a record's `userIdentity` bytes hold; `null`, `{}`, other types and broken JSON leave fields `nil`.
    package init(_ identity: UnsafeRawBufferPointer) {
        var fields = IdentityFields()
        unsafe fields.project(identity)
        unsafe self.init(fields, in: identity)
    }

    /// The identity whose fields were projected from `identity`, or from a record that holds it.
    package init(_ fields: borrowing IdentityFields, in identity: UnsafeRawBufferPointer) {
        self.init()
        type = unsafe fields[.type].string(in: identity)
        principalId = unsafe fields[.principalId].string(in: identity)
        arn = unsafe fields[.arn].string(in: identity)
        accountId = unsafe fields[.accountId].string(in: identity)
        accessKeyId = unsafe fields[.accessKeyId].string(in: identity)
        userName = unsafe fields[.userName].string(in: identity)
        invokedBy = unsafe fields[.invokedBy].string(in: identity)
        identityProvider = unsafe fields[.identityProvider].string(in: identity)
        credentialId = unsafe fields[.credentialId].string(in: identity)
        sessionIssuerType = unsafe fields[.sessionIssuerType].string(in: identity)
        sessionIssuerArn = unsafe fields[.sessionIssuerArn].string(in: identity)
        sessionIssuerPrincipalId = unsafe fields[.sessionIssuerPrincipalId].string(in: identity)
        sessionIssuerAccountId = unsafe fields[.sessionIssuerAccountId].string(in: identity)
        sessionIssuerUserName = unsafe fields[.sessionIssuerUserName].string(in: identity)
        sessionCreationDate = unsafe fields[.sessionCreationDate].string(in: identity)
        mfaAuthenticated = unsafe fields[.mfaAuthenticated].string(in: identity)
        sourceIdentity = unsafe fields[.sourceIdentity].string(in: identity)
        federatedProvider = unsafe fields[.federatedProvider].string(in: identity)
        ec2RoleDelivery = unsafe fields[.ec2RoleDelivery].string(in: identity)
        inScopeOfSourceArn = unsafe fields[.inScopeOfSourceArn].string(in: identity)
        credentialsIssuedTo = unsafe fields[.credentialsIssuedTo].string(in: identity)
        onBehalfOfUserId = unsafe fields[.onBehalfOfUserId].string(in: identity)
        onBehalfOfIdentityStoreArn = unsafe fields[.onBehalfOfIdentityStoreArn].string(in: identity)
    }

    /// The identity that a `userIdentity` value given as JSON bytes holds.
    public init(json: [UInt8]) {
        // SAFETY: the bytes are read within the call alone.
        self = unsafe json.withUnsafeBytes { unsafe UserIdentity($0) }
    }
}
