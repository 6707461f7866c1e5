import Foundation
import IAMPolicy
import OrderedJSON
import TestSupport
import Testing

/// Verdicts that AWS's own simulator gave (reaandrew/politest, MIT).
@Suite struct SimulatedByAWSTests {
    /// What the source's tool puts in the place of its placeholders before it asks AWS.
    static let placeholders = [
        "${DATA_PLANE_NONPROD_ORG_PATH}": "o-123abc1234/r-reei", "${DATA_PLANE_PROD_ORG_PATH}": "o-123abc1234/r-abcd",
        "${DNS_HUB_DEV_ACCOUNT_ID}": "123456789123", "${DNS_HUB_LIVE_ACCOUNT_ID}": "123456789124",
        "<ACCOUNT_NO>": "123456789123",
    ]

    @Test func everyVerdictOfAWSIsReproduced() throws {
        guard let url = sharedData("policies/simulated-by-aws.json") else { return }
        var text = try String(contentsOf: url, encoding: .utf8)
        for (placeholder, value) in Self.placeholders { text = text.replacing(placeholder, with: value) }
        let rows = try JSONValue(parsing: text).elements
        #expect(rows.count == 501)
        var wrong: [String] = []
        for row in rows {
            let expected = try Self.decision(#require(row["expect"]?.stringValue))
            let request = try SimulationRequest(Self.request(row))
            guard request.evaluation().decision != expected else { continue }
            wrong.append(row["id"]?.stringValue ?? "")
        }
        #expect(wrong == [])
    }

    static func decision(_ word: String) throws -> Decision {
        let words: [String: Decision] = [
            "allowed": .allowed, "explicitDeny": .explicitlyDenied, "implicitDeny": .implicitlyDenied,
        ]
        return try #require(words[word])
    }

    /// A row as a request: the boundary holds the union of control policies; a caller that is not named is any user of the account.
    static func request(_ row: JSONValue) throws -> JSONValue {
        let caller = row["callerArn"]?.stringValue ?? "arn:aws:iam::123456789012:user/any"
        let owner = row["resourceOwner"]?.stringValue.flatMap { ARN($0)?.account ?? $0 }
        let context = try (row["context"]?.elements ?? []).map { entry in
            let values = try #require(entry["values"])
            let isList = entry["type"]?.stringValue?.hasSuffix("List") ?? false
            return JSONValue.Member(
                try #require(entry["key"]?.stringValue), isList ? values : try #require(values.elements.first))
        }
        return .members(
            ("principal", .string(caller)), ("action", row["action"] ?? .null),
            (
                "resource",
                .members(
                    ("resource", row["resource"] ?? .null),
                    ("accountId", .string(owner ?? ARN(caller)?.account ?? "")))
            ),
            ("context", .object(context)), ("identityPolicies", row["identityPolicies"] ?? .null),
            ("permissionBoundaries", .array(row["permissionsBoundaryPolicy"]?.elements ?? [])),
            ("resourcePolicy", row["resourcePolicy"] ?? .null))
    }
}
