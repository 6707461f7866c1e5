public import ArgumentParser
import Foundation
public import IAMPolicy
import OrderedJSON
import Reporting

extension Decision: ExpressibleByArgument {}

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Decides a request with policies as IAM does, offline, and says which statement decided.",
        discussion: """
            Give a request file (its form is described in the documentation), or say who
            asks for what and name the files of the policies. A policy may be JSON text,
            percent-encoded, or what the AWS command line prints around it; one that AWS
            manages may be named by its ARN.

            The decision is allowed, explicitlyDenied, implicitlyDenied or undetermined:
            then something that is not known decides, and is named.

            Examples:
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

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "Exit with status 3 unless the decision is this: allowed, explicitlyDenied, implicitlyDenied or undetermined.",
            valueName: "decision"))
    var expect: Decision?

    @Option(help: ArgumentHelp("Colour the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    mutating func validate() throws {
        guard request != nil else { return try options.check() }
        if options.isGiven {
            throw ValidationError("--request holds the whole request: it goes with no option that describes one")
        }
    }

    func run() throws {
        let simulation = try simulation()
        for issue in simulation.issues { Output.error("trail403: \(issue)") }
        let evaluation = simulation.evaluation()
        switch format {
        case .json: try Output.write(evaluation.json.prettyText() + "\n")
        case .text:
            let terminal = Terminal.current()
            try Output.write(simulation.text(width: terminal.width, color: hasColor(terminal)))
        }
        guard let expect, expect != evaluation.decision else { return }
        Output.error("trail403: expected \(expect.rawValue), got \(evaluation.decision.rawValue)")
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
            let place = request == nil ? "the request cannot be used" : "`\(file)` is no request"
            throw Failure(description: "\(place): \(error)")
        } catch let error as JSONError {
            throw Failure(description: "`\(file)` is no request: \(error)")
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

    private func hasColor(_ terminal: Terminal) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: terminal.isOutputTerminal && !terminal.refusesColor
        }
    }
}
