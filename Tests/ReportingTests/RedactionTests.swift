import AccessDenial
import Diagnosis
import Findings
import Foundation
import IAMPolicy
import Remedies
import Reporting
import Testing
import TrailStore

/// A redacted report holds nothing that identifies its owner, in any format.
@Suite struct RedactionTests {
    /// What must not be left, of a report about an invented company.
    static let secrets = [
        "acme", "checkout", "mallory", "zaphod", "222233334444", "555566667777", "20.30.40.50", "2a00:1450:4001",
        "vpce-0feedbeef", "o-acmeorg", "p-acmedeny", "deadbeef", "AROAZZZZ", "rabbit-hole", "hunter2", "/srv/acme",
    ]

    static func report() -> Report {
        let role = "arn:aws:iam::222233334444:role/acme/checkout-sender"
        let app = "arn:aws:mobiletargeting:eu-west-1:222233334444:apps/deadbeefdeadbeefdeadbeefdeadbeef/messages"
        let reasons: [Reason] = [
            .missingAllow(.identityBased), .explicitDeny(.serviceControl), .missingAllow(.vpcEndpoint),
            .explicitDeny(.identityBased), .missingAllow(.roleTrust), .unstated,
        ]
        let groups = reasons.enumerated().map { index, reason in
            var group = SampleReport.group(
                id: "7c1f09ab000\(index)",
                principal: index == 5 ? "AWSAccount:555566667777:AROAZZZZZZZZZZZZZZZZZ" : role,
                action: index == 4 ? "sts:AssumeRole" : "mobiletargeting:SendMessages", reason: reason,
                resources: index == 4 ? ["arn:aws:iam::555566667777:role/zaphod"] : [app],
                policies: [
                    "arn:aws:organizations::555566667777:policy/o-acmeorg/service_control_policy/p-acmedeny1"
                ])
            group.accounts = [Counted("222233334444", denials: 12)]
            group.sourceIPAddresses = [
                Counted("20.30.40.50", denials: 6), Counted("2a00:1450:4001:81b::200e", denials: 6),
            ]
            group.userAgents = [Counted("acme-checkout/1.2 (rabbit-hole; hunter2)", denials: 12)]
            group.vpcEndpointIds = [Counted("vpce-0feedbeef1234567", denials: 12)]
            group.evidence = [
                DenialEvidence(
                    eventID: "deadbeef-0000-4000-8000-000000000001", eventTime: group.firstSeen,
                    eventName: "SendMessages",
                    awsRegion: "eu-west-1", resource: group.resources.first?.value, errorCode: "AccessDenied",
                    errorMessage: "User: \(role) is not authorized")
            ]
            return group
        }
        var change = PermissionChange(
            eventID: "deadbeef-0000-4000-8000-000000000002", eventTime: "2026-11-09T10:05:12Z",
            eventSource: "iam.amazonaws.com", eventName: "DetachRolePolicy",
            actor: "arn:aws:iam::222233334444:user/mallory", targetType: "role", target: "checkout-sender",
            policyARN: "arn:aws:iam::222233334444:policy/acme/hunter2", accountId: "222233334444",
            awsRegion: "us-east-1")
        change.policyName = "hunter2"
        let usage = [
            Usage(
                principal: role, action: "mobiletargeting:SendMessages", eventSource: "pinpoint.amazonaws.com",
                eventName: "SendMessages", readOnly: false, awsRegion: "us-east-1", accountId: "222233334444",
                successes: 9, firstSuccess: "2026-11-01T00:00:00Z", lastSuccess: "2026-11-09T10:01:00Z", denials: 12)
        ]
        var coverage = SampleReport.coverage
        coverage.accounts = ["222233334444", "555566667777"]
        coverage.gaps = [
            DeliveryGap(
                accountId: "222233334444", awsRegion: "eu-west-1", from: "2026-11-02T00:00:00Z",
                to: "2026-11-04T00:00:00Z")
        ]
        let diagnoser = Diagnoser(
            usage: usage, changes: [change], coverage: coverage, reportTime: "2026-11-23T00:00:00Z")
        return Report(
            groups: diagnoser.diagnose(groups), coverage: coverage, services: ["pinpoint"],
            eventSources: SampleReport.sources, database: "/srv/acme/trail.sqlite",
            previous: Report.Previous(name: "acme-daily", deliveredAt: "2026-11-10T00:00:00Z"))
    }

    static func outputs(_ report: Report) throws -> [String: String] {
        [
            "text": report.text(width: 100), "markdown": report.markdown(), "html": try report.html(),
            "json": report.json(), "csv": report.csv(), "openmetrics": report.openMetrics(),
        ]
    }

    /// Fields that hold AWS's words, unless a record is forged.
    @Test func wordsOfAWSAreKeptByTheirShapeAlone() throws {
        let secret = "acme secret: 222233334444"
        var group = SampleReport.group(
            id: "7c1f09ab0001", type: secret, action: "mobiletargeting:\(secret)", source: secret, reason: .unstated)
        group.regions = [Counted(secret, denials: 6), Counted("acme-secret", denials: 6)]
        group.errorCodes = [Counted(secret, denials: 6), Counted("222233334444", denials: 6)]
        group.evidence[0].eventName = secret
        group.evidence[0].eventTime = secret
        for (format, output) in try Self.outputs(SampleReport.report(groups: [group]).redacted()) {
            for word in ["acme", "secret", "222233334444"] {
                #expect(!output.lowercased().contains(word), "\(format) holds \(word)")
            }
        }
        var innocent = SampleReport.group(
            id: "7c1f09ab0001", action: "cloudfront:CreateDistribution", source: "cloudfront.amazonaws.com",
            reason: .unstated)
        innocent.errorCodes = [Counted("Client.UnauthorizedOperation", denials: 12)]
        innocent.evidence[0].eventName = "CreateDistribution2020_05_31"
        let json = SampleReport.report(groups: [innocent]).redacted().json()
        for word in ["cloudfront:CreateDistribution", "Client.UnauthorizedOperation", "AssumedRole", "us-east-1"] {
            #expect(json.contains("\"\(word)\""), "\(word)")
        }
    }

    @Test func nothingThatIdentifiesIsLeft() throws {
        let original = try Self.outputs(Self.report())
        var redacted = try Self.outputs(Self.report().redacted())
        redacted["slack"] = Self.report().redacted().slack()
        for (format, output) in redacted {
            for secret in Self.secrets {
                #expect(!output.lowercased().contains(secret.lowercased()), "\(format) holds \(secret)")
            }
        }
        // The test is worth something: the original holds them.
        for secret in Self.secrets where secret != "AROAZZZZ" {
            #expect(original.values.contains { $0.contains(secret) }, "\(secret)")
        }
    }

    @Test func theSameValueGetsTheSameReplacementAndARNsStayARNs() throws {
        let report = Self.report().redacted()
        let principals = Set(report.groups.filter { $0.group.principalType == "AssumedRole" }.map(\.group.principal))
        #expect(principals.contains { $0.hasSuffix(":role/path-1/role-1") }, "\(principals)")
        let text = report.text(width: 200)
        #expect(text.contains("role role-1") && text.contains("--role-name role-1"), "\(text)")
        #expect(
            text.contains("192.0.2.1") && text.contains("mobiletargeting:SendMessages") && text.contains("eu-west-1"))
        #expect(report.json() == Self.report().redacted().json())
        for group in report.groups {
            if let policy = group.remedy.policy { _ = try PolicyDocument(json: policy.text) }
        }
        #expect(report.denials == Self.report().denials)
    }

    struct RegionCase: Sendable, CustomTestStringConvertible {
        var name: String
        var isRegion: Bool
        var testDescription: String { name }
    }

    static let regionCases = [
        RegionCase(name: "us-east-1", isRegion: true), RegionCase(name: "us-gov-west-1", isRegion: true),
        RegionCase(name: "ap-northeast-3", isRegion: true), RegionCase(name: "eusc-de-east-1", isRegion: true),
        RegionCase(name: "us-isob-east-1", isRegion: true), RegionCase(name: "mx-central-1", isRegion: true),
        RegionCase(name: "my-acme-1", isRegion: false), RegionCase(name: "acme-east-1", isRegion: false),
        RegionCase(name: "us-acme-east-1", isRegion: false), RegionCase(name: "us-1", isRegion: false),
    ]

    @Test(arguments: regionCases) func aRegionStaysWhateverElseIsNamedLikeIt(_ row: RegionCase) throws {
        let role = "arn:aws:iam::222233334444:role/\(row.name)"
        var group = SampleReport.group(id: "7c1f09ab0001", principal: role, reason: .missingAllow(.identityBased))
        group.regions = [Counted(row.name, denials: 12)]
        group.userAgents = [Counted(row.name, denials: 12)]
        var report = SampleReport.report(groups: [group])
        report.coverage.regions = [row.name]
        let redacted = report.redacted()
        #expect((redacted.coverage.regions == [row.name]) == row.isRegion)
        #expect((redacted.groups.first?.group.regions.map(\.value) == [row.name]) == row.isRegion)
        for (format, output) in try Self.outputs(redacted) where format != "openmetrics" {
            #expect(output.contains(row.name) == row.isRegion, "\(format)")
        }
    }

    /// What a record calls its event, its Region or its error may be anything.
    @Test(arguments: [
        "AKIAIOSFODNN7EXAMPLE", "777766665555", "20.30.40.50", "2a00:1450:4001:81b::200e", "mallory@acme.example",
        "vpce-0feedbeef1234567", "deadbeef-0000-4000-8000-000000000001", "Mallory of acme",
        "arn:aws:iam::777766665555:user/mallory",
    ]) func aNameInThePlaceOfAWordIsReplaced(_ text: String) throws {
        var report = HostileTextTests.report(text)
        report.window = .init(from: nil, to: nil)
        report.services = ["pinpoint"]
        for index in report.groups.indices { report.groups[index].group.days = [] }
        for (format, output) in try Self.outputs(report.redacted()) where !["openmetrics"].contains(format) {
            #expect(!output.contains(text), "\(format)")
        }
    }

    @Test(arguments: HostileTextTests.corpus.filter { $0.utf8.count < 200 }) func hostileTextStaysHarmless(
        _ text: String
    ) throws {
        for (format, output) in try Self.outputs(HostileTextTests.report(text).redacted()) {
            #expect(HostileTextTests.forbidden(output, allowing: ["\r", "\n"]).isEmpty, "\(format)")
        }
    }
}
