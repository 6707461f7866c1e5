import AccessDenial
import Diagnosis
import IAMPolicy
import Reporting
import Testing
import TrailStore

@Suite struct TextReportTests {
    /// Columns of a line, colour taken out: all sample text is ASCII.
    static func columns(_ line: Substring) -> Int { line.replacing(#/\u{1B}\[[0-9;]+m/#, with: "").count }

    static let widths = [40, 41, 57, 60, 79, 80, 100, 132, 200]

    @Test(arguments: widths) func proseFitsTheWidth(_ width: Int) {
        for color in [false, true] {
            for line in SampleReport.report().text(width: width, color: color).split(separator: "\n") {
                let words = line.split(separator: " ")
                // One long word behind a label, or alone on its line, is never broken.
                let isLongValue = words.count == 1 || words.count == 2 && words[0].count < 10
                let isCopyable =
                    line.contains("$ aws ") || line.hasPrefix("          ") && line.contains("\"") || isLongValue
                #expect(isCopyable || Self.columns(line) <= width, "\(line)")
            }
        }
    }

    @Test func widthsBeyondTheRangeAreClamped() {
        let report = SampleReport.report()
        #expect(report.text(width: 1) == report.text(width: 40))
        #expect(report.text(width: 9_999) == report.text(width: 200))
    }

    @Test func colourOnlyAddsEscapeSequences() {
        let report = SampleReport.report()
        let plain = report.text(width: 80)
        let colored = report.text(width: 80, color: true)
        #expect(colored != plain)
        #expect(colored.replacing(#/\u{1B}\[[0-9;]+m/#, with: "") == plain)
    }

    @Test func theFirstLinesAreTheAnswer() {
        let start = SampleReport.report().text(width: 200).split(separator: "\n").prefix(7).joined(separator: "\n")
        for words in [
            "3 principals were refused 412 calls to Amazon Pinpoint and AWS End User Messaging", "role order-notifier",
            "mobiletargeting:SendMessages", "318 times since 2026-11-09 10:12:00 UTC", "Still refused",
            "User bob detached arn:aws:iam::111122223333:policy/pinpoint-send from role order-notifier",
            "Restore what was removed",
        ] {
            #expect(start.contains(words), "\(words)")
        }
    }

    @Test func nothingFoundIsSaidWithWhatItDoesNotProve() {
        let text = SampleReport.empty.text(width: 200)
        #expect(
            text.hasPrefix(
                "No denial of Amazon Pinpoint and AWS End User Messaging, except 300 from AWS services' own calls, was found"
            ))
        #expect(text.contains("no data events for AWS End User Messaging SMS"))
        #expect(text.contains("Other services refused 1,044 calls"))
    }

    @Test func whatIsHiddenIsNotCalledAbsent() {
        var report = SampleReport.empty
        report.omitted = .init(suppressedDenials: 1175)
        let accepted = ", except the 1,175 accepted by the suppression file,"
        #expect(report.text(width: 200).contains("Messaging\(accepted) was found between"))
        report.filters = [.init("region", ["eu-west-1"])]
        #expect(report.text(width: 200).contains("Messaging\(accepted) matches --region eu-west-1"))
        report.previous = .init(name: "cron", deliveredAt: "2026-11-10T00:00:00Z")
        #expect(report.text(width: 200).contains("Messaging\(accepted) is new since the last report cron"))
        #expect(report.text(width: 200).contains("\nHidden    1,175 denials accepted by the suppression file.\n"))
        report.omitted = .init()
        report.filters = []
        report.previous = nil
        #expect(report.text(width: 200).hasPrefix("No denial of Amazon Pinpoint and AWS End User Messaging was found"))
    }

    @Test func theAnswersCommandStandsOnALineOfItsOwn() throws {
        let command =
            "aws iam attach-role-policy --role-name order-notifier --policy-arn arn:aws:iam::111122223333:policy/pinpoint-send"
        let report = SampleReport.report()
        let answer = report.text(width: 60).split(separator: "\n\n")[0]
        #expect(answer.hasSuffix("intentional.\n          $ \(command)"), "\(answer)")
        #expect(report.markdown().contains("intentional. `\(command)`\n"))
        #expect(try report.html().contains("intentional. <code>\(command)</code>"))
    }

    @Test func aCommandThatIsTooLongForTheAnswerStandsWithItsGroup() {
        var group = SampleReport.group(id: "7c1f09ab0001", reason: .missingAllow(.identityBased))
        var change = SampleReport.changes[0]
        change.policyARN = "arn:aws:iam::111122223333:policy/" + String(repeating: "p", count: 400)
        group.resources = []
        let text = SampleReport.report(groups: [group], changes: [change]).text(width: 100)
        let parts = text.split(separator: "\n\n")
        #expect(parts[0].contains("The command is below.") && !parts[0].contains("$ aws"), "\(parts[0])")
        #expect(parts.dropFirst().contains { $0.contains("$ aws iam attach-role-policy") })
    }

    @Test func wideCharactersTakeTwoColumns() {
        let name = Array(repeating: "名名名名名", count: 12).joined(separator: " ")
        let group = SampleReport.group(id: "1", principal: name, reason: .unstated)
        let text = SampleReport.report(groups: [group]).text(width: 40)
        for line in text.split(separator: "\n") where line.contains("名") {
            let columns = line.unicodeScalars.reduce(0) { $0 + ($1 == "名" ? 2 : 1) }
            #expect(columns <= 40, "\(line)")
        }
        #expect(text.filter { $0 == "名" }.count >= 60)
    }

    @Test(arguments: widths) func aValueIsNeverBroken(_ width: Int) {
        let long =
            "arn:aws:mobiletargeting:us-east-1:111122223333:apps/\(String(repeating: "0a1b", count: 60))/messages"
        let group = SampleReport.group(id: "1", reason: .missingAllow(.identityBased), resources: [long])
        let text = SampleReport.report(groups: [group]).text(width: width)
        let mentions = text.split(separator: "\n").filter { $0.contains("0a1b0a1b") }
        // Beside the least policy stands one for every resource of the project.
        let project = long.dropLast("messages".count) + "*"
        #expect(!mentions.isEmpty && mentions.allSatisfy { $0.contains(long) || $0.contains(project) })
    }

    @Test func groupsBeyondTheLimitTakeALineEach() {
        let text = SampleReport.report().text(width: 200, detailed: 1)
        #expect(text.contains("More groups"))
        #expect(text.contains("4. role reporter, mobiletargeting:GetApps, 1 denial, resolved"))
    }
}
