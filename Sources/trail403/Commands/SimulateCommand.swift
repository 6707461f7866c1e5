public import ArgumentParser
import Foundation
public import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Reporting

extension Decision: ExpressibleByArgument {}

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Evaluates a request against policies as IAM does, offline, and names the deciding statement.",
        discussion: """
            Say who asks for what: the policies are those that the archive tells of, as of
            its end or --at a time. Or name the files of the policies, or give a request
            file (its form is described in the documentation). A policy may be JSON text,
            percent-encoded, or what the AWS command line prints around it; one that AWS
            manages may be named by its ARN.

            The decision is allowed, explicitlyDenied, implicitlyDenied or undetermined:
            then something that is not known decides, and is named.

            Examples:
              trail403 simulate --principal arn:aws:iam::111122223333:role/app/sender \\
                --action s3:GetObject --resource arn:aws:s3:::bucket/key --at 2026-11-09
              trail403 simulate --request request.json --format json
              trail403 simulate --principal arn:aws:iam::111122223333:user/ann \\
                --action s3:GetObject --resource arn:aws:s3:::bucket/key \\
                --resource-account 111122223333 --identity-policy ann.json
              trail403 simulate --request - --expect allowed < request.json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(
        help: ArgumentHelp("Read the request from this file; - is standard input.", valueName: "file"),
        completion: .file())
    var request: String?

    @OptionGroup var options: SimulationOptions

    @OptionGroup var archive: TimelineOptions

    @Option(
        help: ArgumentHelp(
            "With the archive's policies: the access key of the session that asks, whose session policies and tags count.",
            valueName: "key"))
    var session: String?

    @Option(
        help: ArgumentHelp(
            "With the archive's policies: a context key that the request lacks: aws:SourceVpce, aws:ResourceTag/*, or * for all that are not given. Without it, a key that is not given is not known.",
            valueName: "key"))
    var absent: [String] = []

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "Exit with status 3 unless the decision is this: allowed, explicitlyDenied, implicitlyDenied or undetermined.",
            valueName: "decision"))
    var expect: Decision?

    @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    mutating func validate() throws {
        let asksArchive = archive.isGiven || session != nil || !absent.isEmpty
        if request != nil, options.isGiven || asksArchive {
            throw ValidationError(
                "--request is the whole request with its policies: do not combine it with options that describe one")
        }
        if asksArchive, options.givesPolicies {
            throw ValidationError(
                "the policies are those of the files, or those of the archive: leave out the files, or --database, --at, --snapshot, --session and --absent"
            )
        }
        if request == nil { try options.check() }
    }

    func run() throws {
        guard request != nil || options.givesPolicies else { return try runOnArchive() }
        let simulation = try simulation()
        for issue in simulation.issues { Output.error("trail403: \(issue)") }
        let evaluation = simulation.evaluation()
        switch format {
        case .json: try Output.write(evaluation.json.prettyText() + "\n")
        case .text:
            let terminal = Terminal.current()
            try Output.write(simulation.text(width: terminal.width, color: color.applies(to: terminal)))
        }
        try check(evaluation.decision)
    }

    /// Decides with the policies that the archive tells of.
    private func runOnArchive() throws {
        var asked = try options.timelineRequest()
        asked.session = session
        asked.absent = absent
        do {
            try asked.check()
            let isSession = session == nil && asked.principal.contains(":assumed-role/")
            let known = try archive.answer(of: asked.holders, sessionARN: isSession ? asked.principal : nil)
            asked.session = session ?? known.session
            var answer = try known.timeline.simulation(of: asked, at: known.moment)
            answer.simulation.notes += known.notes
            let report = TimelineSimulationReport(answer)
            let terminal = Terminal.current()
            switch format {
            case .json: try Output.write(report.json())
            case .text: try Output.write(report.text(width: terminal.width, color: color.applies(to: terminal)))
            }
            try check(report.decision)
        } catch let error as PolicyTimelineError {
            throw Failure(description: "\(error)", status: ExitStatus.usage)
        }
    }

    private func check(_ decision: Decision) throws {
        guard let expect, expect != decision else { return }
        Output.error("trail403: expected \(expect.rawValue), got \(decision.rawValue)")
        throw ExitCode(ExitStatus.denialsFound)
    }

    private func simulation() throws -> SimulationRequest {
        let file = request ?? ""
        do {
            guard request != nil else { return try Self.simulation(options.request()) }
            let content = try RequestFile.text(file, limit: SimulationRequest.sizeLimit)
            let (json, text) = try SimulationRequest.json(parsing: content)
            return try Self.simulation(json, text: text)
        } catch let error as SimulationRequestError {
            let place = request == nil ? "the request cannot be used" : "`\(file)` is not a request"
            throw Failure(description: "\(place): \(error)")
        } catch let error as JSONError {
            throw Failure(description: "`\(file)` is not a request: \(error)")
        }
    }

    /// The request with the texts of AWS's own policies that it names.
    private static func simulation(_ json: JSONValue, text: JSONText? = nil) throws -> SimulationRequest {
        var references = ManagedPolicyReferences()
        let resolved = try references.resolve(json)
        var simulation = try SimulationRequest(resolved, text: text)
        simulation.notes = references.notes
        return simulation
    }
}
