import IAMPolicy
import OrderedJSON
import Testing

@Suite struct PolicyDocumentTests {
    @Test func scalarsAndListsReadAlike() throws {
        let scalar = try PolicyDocument(
            json: #"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}"#)
        let list = try PolicyDocument(
            json: #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":["*"]}]}"#)
        #expect(scalar == list)
        #expect(scalar.statements[0].matchesAction("s3:GetObject"))
        #expect(scalar.statements[0].matchesResource("arn:aws:s3:::b/k"))
    }

    @Test func complementsCoverEverythingElse() throws {
        let policy = try PolicyDocument(
            json: #"{"Statement":{"Effect":"Deny","NotAction":"iam:*","NotResource":"arn:aws:s3:::a/*"}}"#)
        let statement = policy.statements[0]
        #expect(!policy.hasVariables)
        #expect(statement.matchesAction("s3:GetObject"))
        #expect(!statement.matchesAction("IAM:GetRole"))
        #expect(statement.matchesResource("arn:aws:s3:::b/k"))
        #expect(!statement.matchesResource("arn:aws:s3:::a/k"))
    }

    @Test func conditionsAndPrincipalsAreKept() throws {
        let text = """
            {"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"A","Effect":"Allow",
            "Principal":{"AWS":["arn:aws:iam::111122223333:root","444455556666"],"Service":"pinpoint.amazonaws.com"},
            "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":["a","b"]},"Bool":{"aws:MultiFactorAuthPresent":true}}}]}
            """
        let policy = try PolicyDocument(json: text)
        #expect(policy.statements[0].conditions.count == 2)
        #expect(policy.statements[0].conditions[1].values == ["true"])
        #expect(policy.statements[0].principals?.patterns.count == 3)
        #expect(try PolicyDocument(json: policy.text) == policy)
    }

    @Test func anEncodedDocumentIsDecoded() throws {
        let policy = try PolicyDocument(
            json: "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%7D%7D")
        #expect(policy.statements[0].matchesAction("s3:GetObject"))
    }

    struct Bad: Sendable {
        var text: String
        var code: PolicyError.Code

        init(_ text: String, _ code: PolicyError.Code) {
            self.text = text
            self.code = code
        }
    }

    static let bad: [Bad] = [
        Bad("", .notJSON),
        Bad("{", .notJSON),
        Bad("{\"Statement\":}", .notJSON),
        Bad("[]", .notAnObject),
        Bad("null", .notAnObject),
        Bad("{}", .noStatement),
        Bad("{\"Statement\":null}", .noStatement),
        Bad("{\"Statement\":[1]}", .badStatement),
        Bad("{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\"}}", .badStatement),
        Bad("{\"Statement\":{\"Effect\":\"Allow\"}}", .badStatement),
        Bad("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[1]}}", .badStatement),
        Bad("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Condition\":{\"Bool\":1}}}", .badStatement),
    ]

    @Test(arguments: bad) func badPoliciesAreRefusedWithACode(_ row: Bad) {
        let error = #expect(throws: PolicyError.self) { try PolicyDocument(json: row.text) }
        #expect(error?.code == row.code)
    }

    @Test func everyPrefixOfAPolicyIsAnErrorAndNoTrap() throws {
        let text =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["a:\u0041\ud83d\ude00"],"Resource":"*","n":[-1.5e3,true,null]}]}"#
        #expect(throws: Never.self) { try PolicyDocument(json: text) }
        for count in 0..<text.count {
            #expect(throws: PolicyError.self) { try PolicyDocument(json: String(text.prefix(count))) }
        }
    }

    @Test func nestingIsBounded() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError(.tooDeep, at: 0)) { try JSONValue(parsing: text) }
    }

    @Test func printingKeepsOrderAndHidesNothing() {
        let policy = PolicyDocument([
            Statement(
                sid: "Send", .allow, actions: .matching([ActionPattern("mobiletargeting:SendMessages")]),
                resources: .matching([
                    ResourcePattern("arn:aws:mobiletargeting:us-east-1:111122223333:apps/a\u{202E}b/messages")
                ]),
                conditions: [.init("StringEquals", "aws:RequestedRegion", ["us-east-1"])])
        ])
        let expected = #"""
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "Send",
                  "Effect": "Allow",
                  "Action": "mobiletargeting:SendMessages",
                  "Resource": "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a\u202eb/messages",
                  "Condition": {
                    "StringEquals": {
                      "aws:RequestedRegion": "us-east-1"
                    }
                  }
                }
              ]
            }
            """#
        #expect(policy.text == expected)
    }
}
