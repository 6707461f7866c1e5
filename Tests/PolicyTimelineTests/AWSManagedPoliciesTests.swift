import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Testing

@Suite struct AWSManagedPoliciesTests {
    static let bundled = AWSManagedPolicies.bundled

    @Test func everyTextIsReadWithoutAnIssue() throws {
        #expect(Self.bundled.policies.count >= 1582)
        #expect(Self.bundled.policies.flatMap(\.versions).count >= 2446)
        for policy in Self.bundled.policies {
            for version in policy.versions {
                let reading = try PolicyReading(version.document)
                let prepared = Policy(name: policy.name, reading, as: .identityBased)
                #expect(prepared.issues.isEmpty, "\(policy.name) \(version.id): \(prepared.issues)")
            }
        }
    }

    @Test func theSourceIsTold() {
        #expect(Self.bundled.source.hasPrefix("moto 4.0.0, 5.0.0"))
        #expect(Self.bundled.newestSnapshot > 1_790_000_000)
    }

    @Test func policiesAreFoundByNameAndARN() throws {
        let policy = try #require(Self.bundled.policy(named: "AmazonS3ReadOnlyAccess"))
        #expect(policy.arn == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
        #expect(Self.bundled.policy(arn: policy.arn)?.name == policy.name)
        #expect(Self.bundled.policy(arn: "arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess") != nil)
        #expect(
            Self.bundled.policy(arn: "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")?.path == "/job-function/")
        for arn in [
            "", "ReadOnlyAccess", "arn:aws:iam::111122223333:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/NoSuchPolicy",
            "arn:aws:iam::aws:policy/ViewOnlyAccess", "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:role/ReadOnlyAccess",
        ] {
            #expect(Self.bundled.policy(arn: arn) == nil, "\(arn)")
        }
    }

    @Test func aTextIsThatOfAWS() throws {
        let policy = try #require(Self.bundled.policy(named: "AdministratorAccess"))
        let statement = try #require(policy.versions.last?.document["Statement"]?.elements.first)
        #expect(statement["Effect"] == .string("Allow"))
        #expect(statement["Action"] == .string("*"))
        #expect(statement["Resource"] == .string("*"))
        #expect(policy.versions.count == 1)
        #expect(policy.created == 1_423_247_986)
    }

    // MARK: - The text at a time

    enum Answer: Equatable {
        case certain(Int)
        case nearest(Int, after: Int64, until: Int64?)
        case unknown
    }

    static func answer(_ document: AWSManagedDocument) -> Answer {
        switch document {
        case .certain(let version): .certain(version.number)
        case .nearest(let version, let period): .nearest(version.number, after: period.after, until: period.until)
        case .unknown: .unknown
        }
    }

    @Test func aVersionHoldsUntilTheNextOrUntilItWasLastSeen() throws {
        for policy in Self.bundled.policies {
            func answer(_ time: Int64) -> Answer { Self.answer(Self.bundled.document(arn: policy.arn, at: time)) }
            #expect(answer(policy.created - 1) == .unknown)
            let first = policy.versions[0]
            if first.updated > policy.created {
                #expect(answer(policy.created) == .nearest(first.number, after: policy.created, until: first.updated))
            }
            for (version, next) in zip(policy.versions, policy.versions.dropFirst())
            where next.updated > version.updated {
                #expect(answer(version.updated) == .certain(version.number), "\(policy.name)")
                switch answer(next.updated - 1) {
                case .certain(let number):
                    #expect(number == version.number)
                case .nearest(let number, let after, let until):
                    #expect(number == version.number && next.number != version.number + 1)
                    #expect(after >= version.updated && until == next.updated)
                case .unknown: Issue.record("\(policy.name) is not known")
                }
            }
            guard let last = policy.versions.last else { continue }
            #expect(answer(last.updated) == .certain(last.number))
            guard case .nearest(last.number, let after, nil) = answer(4_000_000_000) else {
                Issue.record("\(policy.name) cannot be certain in the future")
                continue
            }
            #expect(after >= last.updated)
        }
    }

    @Test func anARNThatAWSDoesNotHaveIsUnknown() {
        #expect(Self.answer(Self.bundled.document(arn: "arn:aws:iam::aws:policy/Nope", at: 1_700_000_000)) == .unknown)
    }

    @Test func whatOrganizationsAttachesAllowsEverything() throws {
        for document in [AWSManagedPolicies.fullAWSAccess, AWSManagedPolicies.rcpFullAWSAccess] {
            let policy = try PolicyDocument(document)
            #expect(policy.statements[0].matchesAction("s3:GetObject"))
            #expect(policy.statements[0].matchesResource("*"))
        }
    }

    @Test(arguments: [
        [], Array("{}".utf8), Array("{}\n".utf8), Array("no\nx".utf8), Array("{\"size\":1,\"source\":\"x\"}\nxx".utf8),
        Array("{\"size\":-1,\"source\":\"x\"}\n".utf8), Array("{\"size\":99999999999999,\"source\":\"x\"}\n".utf8),
    ])
    func damagedTextsAreRefused(_ file: [UInt8]) {
        #expect(throws: AWSManagedPoliciesError.self) { try AWSManagedPolicies(file: file) }
    }
}
