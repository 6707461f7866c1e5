import Foundation
import Testing

/// `SampleTrails/planted.json`: what the sample archive holds.
private struct Planted: Decodable, Sendable {
    struct Totals: Decodable, Sendable {
        var recordsWithoutRepeatedFile: Int
        var duplicatesWithoutRepeatedFile: Int
        var events: Int
        var denials: Int
        var denialsOfPinpointServices: Int
        var denialsByAWSServices: Int
        var denialGroups: Int
        var denialGroupsOfPinpointServices: Int
        var accounts: [String]
        var regions: [String]
        var from: String
        var to: String
    }

    struct Group: Decodable, Sendable, CustomTestStringConvertible {
        var id: String
        var principal: String
        var principalType: String
        var action: String
        var reason: String
        var category: String
        var effect: String
        var policyType: String?
        var policyARN: String?
        var denials: Int
        var firstSeen: String
        var lastSeen: String
        var status: String
        var resources: [String: Int]
        var rootCause: String?
        var alsoFair: [String]
        var findings: [String]
        var evidence: [Evidence]

        var testDescription: String { id }
    }

    struct Evidence: Decodable, Sendable {
        var role: String
        var eventID: String
    }

    struct Innocent: Decodable, Sendable {
        var why: String
        var eventID: String
    }

    struct OtherLog: Decodable, Sendable, CustomTestStringConvertible {
        var rootCause: String
        var layer: String
        var refusals: Int
        var firstSeen: String
        var lastSeen: String

        var testDescription: String { rootCause }
    }

    var totals: Totals
    var groups: [Group]
    var innocents: [Innocent]
    var otherLogs: [OtherLog]

    static let archive: Planted = {
        let file = Program.projectFolder.appendingPathComponent("SampleTrails/planted.json")
        do {
            return try JSONDecoder().decode(Planted.self, from: Data(contentsOf: file))
        } catch {
            fatalError("cannot read \(file.path): \(error)")
        }
    }()
}

/// The sample archive, analyzed once for all tests of this file.
private struct Analyzed: Sendable {
    var status: Int32
    var errors: String
    var report: ReportJSON
    var folder: String

    static let everyService: Result<Analyzed, any Error> = Result {
        try analyze(["--service", "all", "--include-aws-services"])
    }
    static let pinpoint: Result<Analyzed, any Error> = Result { try analyze([]) }

    private static func analyze(_ options: [String]) throws -> Analyzed {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "trail403-sample-\(UUID().uuidString)"
        ).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let sample = Program.projectFolder.appendingPathComponent("SampleTrails").path
        let result = try Program.run(["analyze", sample, "--format", "json"] + options, in: folder)
        return Analyzed(
            status: result.status, errors: result.errors,
            report: try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8)), folder: folder)
    }
}

/// The report's JSON as far as these tests read it.
struct ReportJSON: Decodable, Sendable {
    struct Coverage: Decodable, Sendable {
        var logFiles: Int
        var records: Int
        var events: Int
        var accounts: [String]
        var regions: [String]
        var from: String?
        var to: String?
        var notes: [Note]
    }

    struct Note: Decodable, Sendable {
        var code: String
        var text: String
    }

    struct Group: Decodable, Sendable {
        var id: String
        var principal: String
        var principalType: String
        var action: String
        var reason: String
        var effect: String
        var policyType: String?
        var policyARN: String?
        var category: String
        var denials: Int
        var newDenials: Int
        var firstSeen: String
        var lastSeen: String
        var status: String
        var resources: [Resource]
        var rootCause: Cause
        var findings: [Cause]
        /// Where other logs than CloudTrail's tell of the refusals; `nil` for denials.
        var layer: String?
    }

    struct Resource: Decodable, Sendable {
        var resource: String
        var denials: Int
    }

    struct Cause: Decodable, Sendable {
        var code: String
        var confidence: String
        var step: Int
        var explanation: String
        var evidence: [Evidence]
        var remedy: Remedy?
    }

    struct Remedy: Decodable, Sendable {
        var kind: String
        var text: String
        var policy: Policy?
    }

    struct Policy: Decodable, Sendable {
        var Statement: [StatementJSON]
    }

    struct StatementJSON: Decodable, Sendable {
        var Effect: String
    }

    struct Evidence: Decodable, Sendable {
        var eventID: String
    }

    struct Omitted: Decodable, Sendable {
        var awsServiceDenials: Int
    }

    var schemaVersion: Int
    var services: [String]
    var coverage: Coverage
    var groups: [Group]
    var omitted: Omitted

    /// The groups of CloudTrail's denials.
    var denialGroups: [Group] { groups.filter { $0.layer == nil } }
}

@Suite struct SampleTrailsTests {
    @Test func `The whole archive is in the database, and its damaged file is told`() throws {
        let run = try Analyzed.everyService.get()
        let totals = Planted.archive.totals
        #expect(run.status == 2)
        #expect(run.errors.contains("the gzip stream ends early"))
        #expect(run.report.coverage.events == totals.events)
        #expect(run.report.coverage.accounts == totals.accounts && run.report.coverage.regions == totals.regions)
        #expect(run.report.coverage.from == totals.from && run.report.coverage.to == totals.to)
        #expect(run.report.denialGroups.count == totals.denialGroups)
        #expect(run.report.denialGroups.reduce(0) { $0 + $1.denials } == totals.denials)
        let counts = try Program.run(
            [
                "sql", "--format", "csv",
                "SELECT sum(stored), sum(duplicates), sum(records) - sum(stored + duplicates + skipped) FROM logFile WHERE id NOT IN (SELECT logFileID FROM companionLog)",
            ],
            in: run.folder)
        #expect(
            counts.output == "sum(stored),sum(duplicates),sum(records) - sum(stored + duplicates + skipped)\r\n"
                + "\(totals.events),\(totals.duplicatesWithoutRepeatedFile),0\r\n")
    }

    @Test func `The default report is of Pinpoint and its successors, without the noise of AWS services`() throws {
        let run = try Analyzed.pinpoint.get()
        let totals = Planted.archive.totals
        #expect(run.report.services == ["pinpoint"])
        #expect(run.report.denialGroups.count == totals.denialGroupsOfPinpointServices)
        #expect(run.report.denialGroups.reduce(0) { $0 + $1.denials } == totals.denialsOfPinpointServices)
        let first = try #require(run.report.groups.first)
        let headline = try #require(Planted.archive.groups.first)
        #expect(first.principal == headline.principal && first.action == headline.action)
    }

    @Test(arguments: Planted.archive.groups)
    private func `Every planted cause is in its group`(planted: Planted.Group) throws {
        let run = try Analyzed.everyService.get()
        let group = try #require(
            run.report.groups.first {
                $0.principal == planted.principal && $0.action == planted.action && $0.reason == planted.reason
            })
        #expect(group.denials == planted.denials)
        #expect(group.firstSeen == planted.firstSeen && group.lastSeen == planted.lastSeen)
        #expect(group.category == planted.category && group.effect == planted.effect)
        #expect(group.policyType == planted.policyType && group.policyARN == planted.policyARN)
        // What nobody mended is quiet where it is not tried for more than a day as the archive ends.
        let end = try #require(run.report.coverage.to)
        let isQuiet =
            try Date(end, strategy: .iso8601).timeIntervalSince(Date(group.lastSeen, strategy: .iso8601)) > 26 * 3600
        #expect(
            group.status == planted.status || isQuiet && planted.status == "ongoing" && group.status == "quiet",
            "\(group.status)")
        let resources = Dictionary(uniqueKeysWithValues: group.resources.map { ($0.resource, $0.denials) })
        #expect(resources == planted.resources)
        if let rootCause = planted.rootCause {
            #expect(([rootCause] + planted.alsoFair).contains(group.rootCause.code))
        }
        for finding in planted.findings {
            #expect(
                group.findings.contains { $0.code == finding }, "\(finding) is not among \(group.findings.map(\.code))")
        }
        if let change = planted.evidence.first(where: { $0.role == "change" }),
            planted.rootCause == "permissions-changed"
        {
            #expect(group.rootCause.evidence.contains { $0.eventID == change.eventID })
        }
    }

    @Test(arguments: Planted.archive.otherLogs)
    private func `Every refusal that another log tells is found with its cause`(planted: Planted.OtherLog) throws {
        let run = try Analyzed.everyService.get()
        let group = try #require(
            run.report.groups.first { $0.layer == planted.layer && $0.rootCause.code == planted.rootCause })
        #expect(group.denials == planted.refusals)
        #expect(group.firstSeen == planted.firstSeen && group.lastSeen == planted.lastSeen)
        #expect(run.report.groups.count { $0.layer != nil } == Planted.archive.otherLogs.count)
        // What the gateway passed on is told by CloudTrail, and the gateway's log clears the gateway.
        let passed = try #require(run.report.denialGroups.first { $0.principal.hasSuffix("/pinpoint-proxy") })
        #expect(Set(passed.findings.map(\.code)).isSuperset(of: ["gateway-passed", "gateway-integration-denied"]))
    }

    @Test func `No innocent event is blamed`() throws {
        let run = try Analyzed.everyService.get()
        let innocents = Dictionary(grouping: Planted.archive.innocents, by: \.eventID)
        for group in run.report.groups {
            for evidence in group.rootCause.evidence {
                // A refused call is the evidence of its own group, whatever else it is innocent of.
                guard let innocent = innocents[evidence.eventID]?.first, group.rootCause.code == "permissions-changed"
                else { continue }
                Issue.record("\(group.principal) \(group.action) blames \(innocent.eventID): \(innocent.why)")
            }
        }
    }

    @Test func `No remedy allows where a deny, a boundary, an SCP or the end of the service would still refuse`() throws
    {
        let run = try Analyzed.everyService.get()
        for group in run.report.groups {
            guard let policy = group.rootCause.remedy?.policy else { continue }
            let allows = policy.Statement.contains { $0.Effect == "Allow" }
            let limits = [
                "service-control", "resource-control", "permissions-boundary", "session", "vpc-endpoint",
            ]
            let isInVain =
                group.effect == "explicit" || group.reason == "service-ended" || group.category != "authorization"
                || limits.contains(group.policyType ?? "")
            #expect(!allows || !isInVain, "\(group.id) \(group.reason)")
        }
    }

    @Test func `The sample holds documentation accounts and reserved addresses only`() throws {
        let run = try Analyzed.everyService.get()
        let addresses = try Program.run(
            ["sql", "--format", "csv", "SELECT DISTINCT sourceIPAddress FROM event WHERE sourceIPAddress IS NOT NULL"],
            in: run.folder)
        for line in addresses.output.split(separator: "\r\n").dropFirst() {
            let isReserved =
                line == "sourceIPAddress"
                || ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"].contains { line.hasPrefix($0) }
            #expect(isReserved || line.hasSuffix(".amazonaws.com") || line.hasPrefix("AWS Internal"), "\(line)")
        }
        #expect(Set(run.report.coverage.accounts).isSubset(of: ["111122223333", "444455556666", "999999999999"]))
    }

    @Test func `The script makes these very files`() throws {
        let script = Program.projectFolder.appendingPathComponent("Scripts/make-sample-trails").path
        let result = try Program.run(script, ["--check"], in: Program.projectFolder.path)
        #expect(result.status == 0, "\(result.errors)\(result.output)")
    }
}

extension SampleTrailsTests {
    /// The codes of the project's table of findings.
    private static let codes = [
        "missing-allow", "explicit-deny", "permissions-changed", "wrong-iam-prefix", "resource-too-narrow",
        "pass-role-missing", "never-succeeded", "read-works-write-denied", "region-mismatch", "environment-difference",
        "cross-account", "mfa-absent", "network-path-changed", "client-changed", "principal-recreated",
        "cognito-guest-session-policy", "credentials-expired", "credentials-invalid", "signature-invalid", "mfa-failed",
        "service-ended", "account-state", "not-subscribed", "via-api-gateway", "via-aws-service", "message-truncated",
        "reason-unstated", "refused-by-service", "not-yet-effective", "condition-unmet",
    ]

    @Test(arguments: codes)
    func `Every code is planted and found`(code: String) throws {
        let run = try Analyzed.everyService.get()
        #expect(run.report.groups.contains { $0.findings.contains { $0.code == code } })
        #expect(
            Planted.archive.groups.contains { $0.findings.contains(code) || $0.rootCause == code }
                || code == "refused-by-service")
    }
}
