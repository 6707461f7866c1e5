import Foundation
import IAMPolicy
import OrderedJSON
import TestSupport
import Testing

@Suite struct AccountTests {
    static func json(_ name: String) throws -> JSONValue? {
        guard let url = sharedData("policies/\(name)") else { return nil }
        return try JSONValue(parsing: String(contentsOf: url, encoding: .utf8))
    }

    /// Requests against whole accounts (WithSecureLabs/IAMSpy, Apache-2.0). Without its strict flag, `true` means that some
    /// value of the context keys allows.
    @Test func requestsAgainstWholeAccounts() throws {
        guard let cases = try Self.json("principals/cases.json")?.elements else { return }
        #expect(cases.count == 22)
        for (number, row) in cases.enumerated() {
            let parts = try #require(row["row"]).elements
            let files = parts[0]
            let input = parts[1].elements
            let isStrict = input.count > 5 && input[5] == .bool(true)
            let request = try Self.request(files, input, isStrict: isStrict)
            let decision = try SimulationRequest(request).evaluation().decision
            let isAllowed = isStrict ? decision == .allowed : decision == .allowed || decision == .undetermined
            #expect(isAllowed == (parts[2] == .bool(true)), "case \(number): \(decision)")
        }
    }

    static func request(_ files: JSONValue, _ input: [JSONValue], isStrict: Bool) throws -> JSONValue {
        func documents(_ key: String) throws -> [JSONValue] {
            try (files[key]?.elements ?? []).compactMap(\.stringValue).compactMap { try json("principals/files/\($0)") }
        }
        let arn = try #require(input[0].stringValue)
        let resource = try #require(input[2].stringValue)
        let account = try #require(ARN(arn)?.account)
        let accounts = try documents("gaads").map(AccountDetails.init)
        // A principal that no account knows has no policies.
        let found = accounts.compactMap { details in details.principal(arn).map { (details, $0) } }.first
        let owned = try documents("resources").flatMap(\.elements).first { $0["Resource"]?.stringValue == resource }
        let organization = try documents("scps").first
        let levels = organization.flatMap { path(to: account, in: $0) } ?? []
        // The root's ARN holds the account that manages the organization, which its policies do not bind.
        let manager = organization?["Arn"]?.stringValue.flatMap { ARN($0)?.account }
        let context = (input.count > 3 ? input[3].elements : []).compactMap(\.stringValue).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return JSONValue.Member(String(parts[0]), .string(String(parts[1])))
        }
        return .members(
            ("principal", .string(arn)), ("action", input[1]),
            (
                "resource",
                .members(
                    ("resource", .string(resource)),
                    ("accountId", owned?["Account"] ?? ARN(resource).map { .string($0.account) } ?? .null))
            ),
            ("context", .object(context)), ("unknownContextKeys", .array(isStrict ? [] : [.string("*")])),
            ("identityPolicies", .array(found.map { $0.identityPolicies($1) } ?? [])),
            ("permissionBoundaries", .array(found.map { $0.boundaries($1) } ?? [])),
            ("resourcePolicy", owned?["Policy"] ?? .null), ("serviceControlPolicies", .array(levels)),
            ("managementAccountId", manager.map(JSONValue.string) ?? .null))
    }

    /// The levels from the root of an organization down to an account.
    static func path(to account: String, in node: JSONValue) -> [JSONValue]? {
        let policies = (node["Policies"]?.elements ?? []).map {
            JSONValue.members(("name", $0["Name"] ?? .null), ("document", $0["Content"] ?? .null))
        }
        let level = JSONValue.members(("orgIdentifier", node["Id"] ?? .null), ("policies", .array(policies)))
        if node["Id"]?.stringValue == account { return [level] }
        return (node["Children"]?.elements ?? []).compactMap { path(to: account, in: $0) }.first.map { [level] + $0 }
    }

    /// A whole account: every policy is read, and every decision has its reasons.
    @Test func aGridOfRequestsOverAnAccount() throws {
        guard let value = try Self.json("account-authorization-details.json") else { return }
        let account = AccountDetails(details: value)
        #expect(!account.principals.isEmpty)
        let actions = [
            ("s3:GetObject", "arn:aws:s3:::bucket/key"), ("iam:ListRoles", "*"),
            ("iam:PassRole", "arn:aws:iam::012345678901:role/app"),
            ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:012345678901:instance/i-1"),
            ("mobiletargeting:SendMessages", "arn:aws:mobiletargeting:us-east-1:012345678901:apps/a/messages"),
        ]
        for principal in account.principals {
            let arn = try #require(principal["Arn"]?.stringValue)
            for (action, resource) in actions {
                let request = try SimulationRequest(
                    .members(
                        ("principal", .string(arn)), ("action", .string(action)),
                        (
                            "resource",
                            .members(
                                ("resource", .string(resource)),
                                ("accountId", ARN(arn).map { .string($0.account) } ?? .null))
                        ),
                        ("unknownContextKeys", .array([.string("*")])),
                        ("identityPolicies", .array(account.identityPolicies(principal))),
                        ("permissionBoundaries", .array(account.boundaries(principal)))))
                let evaluation = request.evaluation()
                switch evaluation.decision {
                case .allowed, .explicitlyDenied, .implicitlyDenied: #expect(evaluation.decidedBy != nil, "\(arn)")
                case .undetermined: #expect(!evaluation.missingKeys.isEmpty, "\(arn)")
                }
            }
        }
    }
}
