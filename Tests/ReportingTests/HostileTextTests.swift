import AccessDenial
import Diagnosis
import Findings
import Foundation
import IAMPolicy
import Remedies
import Reporting
import TestSupport
import Testing
import TrailStore
import Wording

/// Names, agents and ARNs are an attacker's to choose: nothing of them may do harm in any format.
@Suite struct HostileTextTests {
    static let corpus: [String] = [
        "\u{1B}[31mred\u{1B}[0m\u{1B}]0;title\u{7}",
        "\u{9B}2J\u{85}\u{90}",
        "a\u{202E}b\u{2066}c\u{2069}\u{200F}",
        "zero\u{200B}\u{200C}\u{200D}\u{FEFF}width\u{AD}",
        "line\nbreak\r\n| next | row |\n# heading\n- [x] list",
        "\u{2028}\u{2029}\u{0}\u{7F}",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>' onmouseover='x",
        "\"\u{301}\u{302}onmouseover=\u{301}x <\u{301}b>",
        "&lt;script&gt; &amp; &#60;",
        "</style></script></title><!--",
        "[link](javascript:alert(1)) ![x](https://example.com/x.png) @user #1 https://example.com www.example.com",
        "`` ` ``` code `",
        "`\u{301}fence\u{301}`",
        "a|b \\| c\\",
        "*bold* _it_ ~~no~~ <b>html</b>",
        "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", " =1+1", "\u{FF1D}1+1", "=\u{301}1",
        "'; DROP TABLE event; --",
        "$(rm -rf ~) `id` ; rm -rf ~ && x || y > /tmp/x",
        "'\u{301}; id; '",
        "{{{style}}} {{> prose}} {{#groups}}",
        "${aws:username} $\u{301}{x}",
        String(repeating: "A", count: 10_000),
        String(repeating: "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}", count: 200),
        "\u{E000}\u{10FFFF}\u{E0041}\u{FE0F}\u{3164}\u{2800}",
        "日本語の名前 한국어 🙂🏽",
        "",
        " ",
    ]

    /// A report in which every foreign string is the hostile one.
    static func report(_ text: String) -> Report {
        let role = "arn:aws:iam::111122223333:role/\(text)"
        let reasons: [Reason] = [
            .missingAllow(.identityBased), .explicitDeny(.serviceControl), .unstated, .missingAllow(.roleTrust),
            .missingAllow(.vpcEndpoint), .explicitDeny(.identityBased),
        ]
        let resource = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/\(text)/messages"
        let groups = reasons.enumerated().map { index, reason in
            var group = DenialGroup(
                id: "\(text)\(index)", principal: index == 2 ? text : role, principalType: text,
                action: index == 3 ? "sts:AssumeRole" : "mobiletargeting:\(text)", eventSource: text, reason: reason,
                category: .authorization, denials: 3, firstSeen: index == 1 ? text : "2026-11-09T10:12:00Z",
                lastSeen: "2026-11-09T10:12:00Z")
            let counted = [Counted(text, denials: 3)]
            group.resources = [Counted(index == 3 ? role : resource, denials: 2)] + counted
            group.policyARNs = [Counted("arn:aws:iam::111122223333:policy/\(text)", denials: 3)] + counted
            group.sourceIPAddresses = counted
            group.userAgents = counted
            group.vpcEndpointIds = counted
            group.invokedBy = counted
            group.regions = counted
            group.accounts = counted
            group.errorCodes = counted
            group.evidence = [
                DenialEvidence(
                    eventID: text, eventTime: text, eventName: text, awsRegion: text, resource: text, errorCode: text,
                    errorMessage: text)
            ]
            group.days = [DayCount(date: text, denials: 3), DayCount(date: "2026-11-09", denials: 3)]
            return group
        }
        let changes = [
            PermissionChange(
                eventID: text, eventTime: "2026-11-09T10:00:00Z", eventSource: "iam.amazonaws.com",
                eventName: "DetachRolePolicy", actor: text, targetType: "role", target: role,
                policyARN: "arn:aws:iam::111122223333:policy/\(text)", accountId: "111122223333", awsRegion: text,
                record: text)
        ]
        let usage = [
            Usage(
                principal: "arn:aws:iam::444455556666:role/\(text)", action: "mobiletargeting:\(text)",
                eventSource: text,
                eventName: text, readOnly: true, awsRegion: text, accountId: text, successes: 1, firstSuccess: text,
                lastSuccess: text, denials: 0)
        ]
        var coverage = SampleReport.coverage
        coverage.accounts = [text]
        coverage.regions = [text]
        coverage.kinds = [KindCoverage(kind: text, logFiles: 1)]
        coverage.services.append(ServiceCoverage(eventSource: text, eventCategory: text, events: 1, denials: 9))
        coverage.gaps = [DeliveryGap(accountId: text, awsRegion: text, from: text, to: text)]
        let diagnoser = Diagnoser(
            usage: usage, changes: changes, coverage: coverage, reportTime: "2026-11-23T00:00:00Z")
        return Report(
            groups: diagnoser.diagnose(groups), coverage: coverage, window: Report.Window(from: text, to: text),
            services: [text], eventSources: ["x"], database: text)
    }

    /// Scalars that no output may hold: all but a line break, and in CSV the carriage return.
    static func forbidden(_ output: String, allowing allowed: Set<Unicode.Scalar> = ["\n"]) -> [Unicode.Scalar] {
        output.unicodeScalars.filter { scalar in
            guard !allowed.contains(scalar) else { return false }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                return true
            default: return scalar.properties.isDefaultIgnorableCodePoint
            }
        }
    }

    @Test(arguments: corpus) func noOutputHoldsAForbiddenScalar(_ text: String) throws {
        let report = Self.report(text)
        #expect(Self.forbidden(report.text(width: 40)).isEmpty)
        #expect(Self.forbidden(report.text(width: 200, color: true), allowing: ["\n", "\u{1B}"]).isEmpty)
        #expect(Self.forbidden(report.json()).isEmpty)
        #expect(Self.forbidden(report.slack()).isEmpty)
        #expect(Self.forbidden(report.markdown()).isEmpty)
        #expect(Self.forbidden(report.csv(), allowing: ["\r", "\n"]).isEmpty)
        #expect(Self.forbidden(try report.html()).isEmpty)
    }

    @Test(arguments: corpus) func colourIsTheOnlyEscapeSequence(_ text: String) {
        let output = Self.report(text).text(width: 80, color: true)
        for piece in output.components(separatedBy: "\u{1B}").dropFirst() {
            #expect(piece.wholeMatch(of: #/\[[0-9;]+m(?s:.*)/#) != nil)
        }
    }

    @Test(arguments: corpus) func jsonHoldsTheExactText(_ text: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.report(text).json().utf8)) as? [String: Any]
        let coverage = object?["coverage"] as? [String: Any]
        #expect(coverage?["accounts"] as? [String] == [text])
    }

    /// Tags, comments and attributes of the page are the same whatever the archive holds.
    @Test(arguments: corpus) func htmlMarkupIsNeverTheArchives(_ text: String) throws {
        func tags(_ html: String) -> Set<String> {
            var names: Set<String> = []
            for match in html.matches(of: #/<\s*([^\s>]+)/#) { names.insert(String(match.1)) }
            return names
        }
        let innocent = tags(try Self.report("innocent").html())
        let page = try Self.report(text).html()
        #expect(tags(page).subtracting(innocent).isEmpty)
        // Quotes: an even number inside of every tag.
        for match in page.matches(of: #/<[a-z][^>]*>/#) {
            #expect(match.0.unicodeScalars.filter { $0 == "\"" }.count % 2 == 0)
        }
    }

    @Test(arguments: corpus) func noCSVCellStartsAFormula(_ text: String) throws {
        let rows = try Self.parse(Self.report(text).csv())
        #expect(rows.count == 7)
        for row in rows {
            #expect(row.count == Report.csvColumns.count)
            for cell in row {
                guard let first = cell.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else { continue }
                #expect(!"=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first), "\(cell.prefix(40))")
            }
        }
    }

    /// A reader of RFC 4180 that knows nothing of the writer.
    static func parse(_ csv: String) throws -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = String.UnicodeScalarView()
        var isQuoted = false
        var scalars = Array(csv.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if isQuoted {
                if scalar != "\"" {
                    cell.append(scalar)
                } else if scalars.first == "\"" {
                    cell.append(scalars.removeFirst())
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"" {
                isQuoted = true
            } else if scalar == "," {
                row.append(String(cell))
                cell = .init()
            } else if scalar == "\r", scalars.first == "\n" {
                scalars.removeFirst()
                rows.append(row + [String(cell)])
                row = []
                cell = .init()
            } else {
                cell.append(scalar)
            }
        }
        #expect(!isQuoted && row.isEmpty && cell.isEmpty)
        return rows
    }

    /// Outside of code spans and blocks Markdown holds only what an innocent report holds.
    @Test(arguments: corpus) func markdownOutsideOfCodeIsOurs(_ text: String) {
        let output = Self.stripCode(Self.report(text).markdown())
        for mark in ["<script", "<img", "<svg", "<b>", "](", "@user", "#1 ", "https://", "www.", "javascript:", "<!--"]
        {
            #expect(!output.contains(mark), "\(mark)")
        }
        let headings = output.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(headings.count == 8 || output.contains("not shown in full"))
    }

    /// Takes out fenced blocks and code spans as CommonMark finds them.
    static func stripCode(_ markdown: String) -> String {
        var result = String.UnicodeScalarView()
        var fence = 0
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let ticks = line.unicodeScalars.prefix { $0 == "`" }.count
            if fence > 0 {
                if ticks >= fence, line.unicodeScalars.count == ticks { fence = 0 }
                continue
            }
            if ticks >= 3, !line.unicodeScalars.dropFirst(ticks).contains("`") {
                fence = ticks
                continue
            }
            let scalars = Array(line.unicodeScalars)
            var index = 0
            while index < scalars.count {
                guard scalars[index] == "`", index == 0 || scalars[index - 1] != "\\" else {
                    result.append(scalars[index])
                    index += 1
                    continue
                }
                let run = scalars[index...].prefix { $0 == "`" }.count
                var search = index + run
                var close: Int?
                while search < scalars.count, close == nil {
                    let other = scalars[search...].prefix { $0 == "`" }.count
                    if other == run { close = search } else { search += max(other, 1) }
                }
                if let close {
                    index = close + run
                } else {
                    result.append(contentsOf: scalars[index..<index + run])
                    index += run
                }
            }
            result.append("\n")
        }
        return String(result)
    }

    /// Commands can be pasted: a shell reads them as the words they were made of, and nothing else runs.
    @Test(arguments: corpus) func commandsAreOneSafeLine(_ text: String) throws {
        let commands = Self.report(text).groups.flatMap(\.remedy.commands)
        for line in commands.lines {
            #expect(line.hasPrefix("aws ") && line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
        #expect(try Shell.paste(commands.lines, into: "/bin/bash") == commands.flatMap(\.arguments))
    }
}
