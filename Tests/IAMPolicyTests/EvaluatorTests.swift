import IAMPolicy
import OrderedJSON
import Testing

/// What a request can say beside its policies, and what the evaluator concludes from several statements together.
@Suite struct EvaluatorTests {
    static let key = "arn:aws:kms:us-east-1:111122223333:key/k1"
    static let bucket = "arn:aws:s3:::bucket/key"
    static let user = "arn:aws:iam::111122223333:user/ann"

    static func request(
        _ action: String, _ resource: String, owner: String? = "111122223333", by principal: String = user,
        _ rest: String
    ) throws -> SimulationRequest {
        let account = owner.map { #", "accountId": "\#($0)""# } ?? ""
        return try SimulationRequest(
            parsing: #"""
                {"principal": "\#(principal)", "action": "\#(action)", "resource": {"resource": "\#(resource)"\#(account)}\#(rest)}
                """#)
    }

    static func statement(_ effect: String, _ more: String) -> String {
        #"{"Effect": "\#(effect)", "Action": "*", "Resource": "*"\#(more)}"#
    }

    static func document(_ statements: String...) -> String {
        #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ", "))]}"#
    }

    static let allowsAll = document(statement("Allow", ""))

    @Test func aGrantAllowsBesideThePolicies() throws {
        let grant = #"""
            , "grants": [{"GranteePrincipal": "\#(Self.user)", "Operations": ["Decrypt"],
               "Constraints": {"EncryptionContextSubset": {"app": "a"}}}]
            """#
        func decision(_ action: String, _ context: String) throws -> Decision {
            try Self.request(action, Self.key, grant + context).evaluation().decision
        }
        #expect(try decision("kms:Decrypt", #", "context": {"kms:EncryptionContext:app": "a"}"#) == .allowed)
        #expect(try decision("kms:Decrypt", #", "context": {"kms:EncryptionContext:app": "b"}"#) == .implicitlyDenied)
        #expect(try decision("kms:Encrypt", #", "context": {"kms:EncryptionContext:app": "a"}"#) == .implicitlyDenied)
        let unknown = try Self.request("kms:Decrypt", Self.key, grant + #", "unknownContextKeys": ["*"]"#).evaluation()
        #expect(unknown.decision == .undetermined)
        #expect(unknown.missingKeys == ["kms:EncryptionContext:app"])
    }

    @Test func theManagementAccountIsNotBoundByControlPolicies() throws {
        let rest =
            #", "identityPolicies": [\#(Self.allowsAll)], "serviceControlPolicies": [{"orgIdentifier": "r-1", "policies": []}]"#
        #expect(try Self.request("s3:GetObject", Self.bucket, rest).evaluation().decision == .implicitlyDenied)
        let managed = rest + #", "managementAccountId": "111122223333""#
        #expect(try Self.request("s3:GetObject", Self.bucket, managed).evaluation().decision == .allowed)
    }

    @Test func aCanonicalUserIsKnownOnlyWhereItIsGiven() throws {
        let id = String(repeating: "ab", count: 32)
        let policy = Self.document(Self.statement("Allow", #", "Principal": {"CanonicalUser": "\#(id)"}"#))
        let rest = #", "identityPolicies": [\#(Self.allowsAll)], "resourcePolicy": \#(policy)"#
        let unknown = try Self.request("s3:GetObject", Self.bucket, owner: "444455556666", rest).evaluation()
        #expect(unknown.decision == .undetermined)
        #expect(unknown.missingKeys == ["canonicalUserId"])
        let given = rest + #", "canonicalUserId": "\#(id)""#
        #expect(
            try Self.request("s3:GetObject", Self.bucket, owner: "444455556666", given).evaluation().decision
                == .allowed)
    }

    @Test func anUnknownOwnerMattersWhereTheRulesDiffer() throws {
        let rest = #", "identityPolicies": [\#(Self.allowsAll)]"#
        let open = try Self.request("s3:GetObject", Self.bucket, owner: nil, rest).evaluation()
        #expect(open.decision == .undetermined)
        #expect(open.missingKeys == ["aws:ResourceAccount"])
        #expect(
            try Self.request("s3:GetObject", Self.bucket, owner: nil, "").evaluation().decision == .implicitlyDenied)
    }

    @Test func statementsThatTogetherCoverEveryCaseDecide() throws {
        func decision(_ statements: String...) throws -> Evaluation {
            let document = #"{"Version": "2012-10-17", "Statement": [\#(statements.joined(separator: ", "))]}"#
            return try Self.request(
                "s3:GetObject", Self.bucket, #", "identityPolicies": [\#(document)], "unknownContextKeys": ["*"]"#
            ).evaluation()
        }
        let isA = #", "Condition": {"StringEquals": {"k": "a"}}"#
        let isNotA = #", "Condition": {"StringNotEquals": {"k": "a"}}"#
        let covered = try decision(Self.statement("Allow", isA), Self.statement("Allow", isNotA))
        #expect(covered.decision == .allowed)
        #expect(covered.missingKeys == [])
        let refused = try decision(
            Self.statement("Allow", ""), Self.statement("Deny", isA), Self.statement("Deny", isNotA))
        #expect(refused.decision == .explicitlyDenied)
        let open = try decision(Self.statement("Allow", isA), Self.statement("Deny", isNotA))
        #expect(open.decision == .undetermined)
        #expect(open.missingKeys == ["k"])
    }

    @Test func aPublicBucketPolicyIsClosedToStrangers() throws {
        let policy = Self.document(Self.statement("Allow", #", "Principal": "*""#))
        let rest =
            #", "identityPolicies": [\#(Self.allowsAll)], "resourcePolicy": \#(policy), "serviceSettings": {"s3": {"restrictPublicBuckets": true}}"#
        let stranger = try Self.request("s3:GetObject", Self.bucket, owner: "444455556666", rest).evaluation()
        #expect(stranger.decision == .implicitlyDenied)
        #expect(stranger.decidedBy?.layer == .s3BlockPublicAccess)
        #expect(stranger.refusedBy == [.s3BlockPublicAccess])
        #expect(try Self.request("s3:GetObject", Self.bucket, rest).evaluation().decision == .allowed)
        let service = try Self.request("s3:PutObject", Self.bucket, by: "logging.s3.amazonaws.com", rest).evaluation()
        #expect(service.decision == .allowed)
    }

    @Test func aStatementIsQuotedAsItWasWritten() throws {
        let text = """
            {"principal": "\(Self.user)", "action": "s3:GetObject", "resource": {"resource": "*"},
             "identityPolicies": [
               {"name": "First", "document": {"Version": "2012-10-17", "Statement": [
                 {"Sid": "One", "Effect": "Deny", "Action": "ec2:*", "Resource": "*"},
                 {"Action" : "s3:*",   "Effect": "Allow", "Resource": "*"}]}}]}
            """
        let traces = try SimulationRequest(parsing: text).evaluation().statements
        #expect(traces.map { $0.quote?.line } == [4, 5])
        #expect(traces[1].quote?.text == #"{"Action" : "s3:*",   "Effect": "Allow", "Resource": "*"}"#)
        let inner = #"{\n \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}}"#
        let encoded = try Self.request("s3:GetObject", "*", #", "identityPolicies": ["\#(inner)"]"#).evaluation()
            .statements
        #expect(encoded.map { $0.quote?.line } == [2])
    }

    @Test func hostileDocumentsAreReadInLinearTime() throws {
        let keys = (0..<20_000).map { #""k\#($0)": "v""# }.joined(separator: ", ")
        let conditions = Self.statement("Allow", #", "Condition": {"StringEquals": {\#(keys)}}"#)
        let statements = Array(repeating: "{}", count: 20_000).joined(separator: ", ")
        let rest = #", "identityPolicies": [{"Statement": [\#(conditions), \#(statements)]}]"#
        let request = try Self.request("s3:GetObject", "*", rest)
        #expect(request.issues.count >= 20_000)
        #expect(request.evaluation().decision == .implicitlyDenied)
    }

    @Test func everyPrefixOfARequestIsAnErrorAndNoTrap() {
        let text =
            #"{"principal": "\#(Self.user)", "action": "s3:*", "resource": "*", "context": {"k": ["a", 1, true]}, "identityPolicies": [\#(Self.allowsAll)]}"#
        #expect(throws: Never.self) { try SimulationRequest(parsing: text) }
        for count in 0..<text.count {
            #expect(throws: (any Error).self) { try SimulationRequest(parsing: String(text.prefix(count))) }
        }
    }
}
