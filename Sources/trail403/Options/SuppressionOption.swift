import ArgumentParser
import Foundation
import Reporting
import Suppressions

/// Which accepted denials to hide.
struct SuppressionOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Hide denials that this file accepts (default: TRAIL403_SUPPRESS). One rule a line: principal action reason resource [until=2027-03-31] # why; patterns with *.",
            valueName: "file"),
        completion: .file())
    var suppress: String?

    /// The file's path, if there is one.
    var path: String? {
        if let suppress { return suppress }
        guard let variable = ProcessInfo.processInfo.environment["TRAIL403_SUPPRESS"], !variable.isEmpty else {
            return nil
        }
        return variable
    }

    /// The rules; `nil` where no file is named.
    func read() throws -> Suppression? {
        guard let path else { return nil }
        let text: String
        do {
            text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            throw Failure(
                description:
                    "cannot read the suppression file `\(VisibleText.visible(path))`: check that it is a readable file of UTF-8 text"
            )
        }
        do {
            return try Suppression(parsing: text)
        } catch {
            throw Failure(
                description: VisibleText.visible("the suppression file `\(path)`, \(error)"), status: ExitStatus.usage)
        }
    }

    /// Hides what the rules accept, and tells on standard error of rules that have ended.
    func apply(_ suppression: Suppression?, to report: inout Report, at now: String) {
        guard let suppression else { return }
        report.suppress(suppression, at: now)
        for rule in suppression.expired(at: now) {
            Output.error(
                VisibleText.visible(
                    "trail403: the rule in line \(rule.line) of `\(path ?? "")` expired on \(rule.until ?? ""): remove it or set a new end date"
                ))
        }
    }
}
