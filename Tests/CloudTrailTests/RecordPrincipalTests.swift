import CloudTrail
import Testing

@Suite struct RecordPrincipalTests {
    struct Case: CustomTestStringConvertible {
        var identity: String
        var principal: String?
        var testDescription: String { identity }

        init(_ identity: String, _ principal: String?) {
            self.identity = identity
            self.principal = principal
        }
    }

    static let issuer =
        #""sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA1","arn":"arn:aws:iam::111122223333:role/team/App","#
        + #""accountId":"111122223333","userName":"App"},"attributes":{"creationDate":"2026-11-02T10:00:00Z","mfaAuthenticated":"false"}}"#
    static let session =
        #""principalId":"AROA1:s","arn":"arn:aws:sts::111122223333:assumed-role/App/s","accountId":"111122223333""#

    static let cases = [
        Case(#"{"type":"AssumedRole",\#(session),\#(issuer)}"#, "arn:aws:iam::111122223333:role/team/App"),
        Case(#"{"type":"AssumedRole",\#(session)}"#, "arn:aws:iam::111122223333:role/App"),
        Case(
            #"{"type":"AssumedRole",\#(session),"sessionContext":{"sessionIssuer":{}}}"#,
            "arn:aws:iam::111122223333:role/App"),
        Case(#"{"type":"AssumedRole",\#(session),"sessionContext":null}"#, "arn:aws:iam::111122223333:role/App"),
        Case(
            #"{"type":"AssumedRole","arn":"arn:aws-cn:sts::111122223333:assumed-role/App/a/b:c"}"#,
            "arn:aws-cn:iam::111122223333:role/App"),
        Case(
            #"{"type":"AssumedRole","arn":"arn:aws-us-gov:sts::1:assumed-role/A\/B/s"}"#, "arn:aws-us-gov:iam::1:role/A"
        ),
        Case(#"{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role"}"#, "arn:aws:sts::1:assumed-role"),
        Case(#"{"type":"AssumedRole","principalId":"AROA1:s"}"#, "AssumedRole:AROA1"),
        Case(#"{"type":"Role","arn":"arn:aws:iam::1:role/R"}"#, "arn:aws:iam::1:role/R"),
        Case(#"{"type":"Role",\#(issuer)}"#, "arn:aws:iam::111122223333:role/team/App"),
        Case(#"{\#(session),\#(issuer)}"#, "arn:aws:iam::111122223333:role/team/App"),
        Case(
            #"{"type":"IAMUser","arn":"arn:aws:iam::1:user/p/u","userName":"u","principalId":"AIDA"}"#,
            "arn:aws:iam::1:user/p/u"),
        Case(#"{"type":"IAMUser","principalId":"","userName":"u"}"#, "IAMUser:u"),
        Case(#"{"type":"Root","principalId":"1","arn":"arn:aws:iam::1:root","accountId":"1"}"#, "arn:aws:iam::1:root"),
        Case(
            #"{"type":"FederatedUser","principalId":"1:Bob","arn":"arn:aws:sts::1:federated-user/Bob","#
                + #""sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::1:user/u"}}}"#,
            "arn:aws:sts::1:federated-user/Bob"),
        Case(#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#, "ec2.amazonaws.com"),
        Case(#"{"type":"AWSService"}"#, nil),
        Case(#"{"type":"AWSAccount","principalId":"AIDA1","accountId":"1"}"#, "AWSAccount:1:AIDA1"),
        Case(#"{"type":"AWSAccount","principalId":"AROA1:session","accountId":"1"}"#, "AWSAccount:1:AROA1"),
        Case(#"{"type":"AWSAccount","accountId":111122223333}"#, "AWSAccount:111122223333"),
        Case(#"{"type":"AWSAccount","principalId":"AIDA1"}"#, "AWSAccount:AIDA1"),
        Case(#"{"type":"AWSAccount","arn":"arn:aws:iam::1:user/u","accountId":"1"}"#, "arn:aws:iam::1:user/u"),
        Case(#"{"type":"SAMLUser","principalId":"q:s","userName":"s","identityProvider":"p"}"#, "SAMLUser:q:s"),
        Case(#"{"type":"SAMLUser","userName":"s"}"#, "SAMLUser:s"),
        Case(
            #"{"type":"WebIdentityUser","principalId":"accounts.example:app:u"}"#,
            "WebIdentityUser:accounts.example:app:u"),
        Case(
            #"{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1","identityStoreArn":"a"},"credentialId":"c"}"#,
            "IdentityCenterUser:u-1"),
        Case(#"{"type":"Directory","userName":"d"}"#, "Directory:d"),
        Case(#"{"type":"Unknown","accountId":"1"}"#, "Unknown:Anonymous"),
        Case(#"{"type":"Unknown"}"#, "Unknown:Anonymous"),
        Case(#"{"accountId":"1","invokedBy":"cloudtrail.amazonaws.com"}"#, "cloudtrail.amazonaws.com"),
        Case(#"{"accountId":"1"}"#, "AWSAccount:1"),
        Case("{}", nil),
        Case("null", nil),
        Case("\"text\"", nil),
        Case("[1]", nil),
        Case(#"{"type":{},"arn":[1],"sessionContext":"no","inScopeOf":7}"#, nil),
        Case(#"{"\u0074ype":"Unknown","type":"IAMUser","arn":"arn:aws:iam::1:user\/\u0075"}"#, "arn:aws:iam::1:user/u"),
        Case(#"{"type":"IAMUser","arn":"arn:aws:iam::1:user/u","#, "arn:aws:iam::1:user/u"),
    ]

    @Test(arguments: cases) func principal(_ test: Case) {
        #expect(UserIdentity(json: Array(test.identity.utf8)).principal == test.principal)
    }

    @Test(arguments: cases) func `the principal in bytes is the principal in text`(_ test: Case) {
        var fields = IdentityFields()
        Array(test.identity.utf8).withUnsafeBytes { bytes in
            fields.project(bytes)
            var output: [UInt8] = []
            let isThere = fields.appendPrincipal(from: bytes, to: &output)
            #expect((isThere ? String(decoding: output, as: UTF8.self) : nil) == test.principal)
        }
    }

    @Test func `every part of an identity is read`() {
        let identity = UserIdentity(
            json: Array(
                (#"{"type":"AssumedRole","accessKeyId":"ASIA1","userName":"n","invokedBy":"i","identityProvider":"ip","credentialId":"c","#
                    + #"\#(Self.session),"sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA1","arn":"ra","accountId":1,"userName":"App"},"#
                    + #""webIdFederationData":{"federatedProvider":"fp","attributes":{}},"attributes":{"creationDate":"cd","mfaAuthenticated":true},"#
                    + #""sourceIdentity":"si","ec2RoleDelivery":"2.0"},"inScopeOf":{"sourceArn":"sa","credentialsIssuedTo":"ci"},"#
                    + #""onBehalfOf":{"userId":"u","identityStoreArn":"isa"}}"#).utf8))
        var expected = UserIdentity()
        expected.type = "AssumedRole"
        expected.accessKeyId = "ASIA1"
        expected.userName = "n"
        expected.invokedBy = "i"
        expected.identityProvider = "ip"
        expected.credentialId = "c"
        expected.principalId = "AROA1:s"
        expected.arn = "arn:aws:sts::111122223333:assumed-role/App/s"
        expected.accountId = "111122223333"
        expected.sessionIssuerType = "Role"
        expected.sessionIssuerPrincipalId = "AROA1"
        expected.sessionIssuerArn = "ra"
        expected.sessionIssuerAccountId = "1"
        expected.sessionIssuerUserName = "App"
        expected.sessionCreationDate = "cd"
        expected.mfaAuthenticated = "true"
        expected.sourceIdentity = "si"
        expected.ec2RoleDelivery = "2.0"
        expected.federatedProvider = "fp"
        expected.inScopeOfSourceArn = "sa"
        expected.credentialsIssuedTo = "ci"
        expected.onBehalfOfUserId = "u"
        expected.onBehalfOfIdentityStoreArn = "isa"
        #expect(identity == expected)
    }
}
