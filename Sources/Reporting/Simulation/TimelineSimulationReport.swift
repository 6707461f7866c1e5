import Diagnosis
public import IAMPolicy
import OrderedJSON
public import PolicyTimeline
import Wording

/// A decision with the policies of a moment, and where each is known from: the answer of `trail403 simulate` on an archive.
public struct TimelineSimulationReport: Sendable {
    private let answer: PolicyTimeline.Simulation
    private let evaluation: Evaluation

    /// The answer, with its decision.
    public init(_ answer: PolicyTimeline.Simulation) {
        self.answer = answer
        evaluation = answer.simulation.evaluation()
    }

    /// The decision.
    public var decision: Decision { evaluation.decision }

    private var sections: [PolicySection] { PolicySection.sections(answer.state) }

    /// Lines for a terminal: the decision as `trail403 simulate --request` tells it, then the policies without their texts.
    public func text(width: Int = 80, color: Bool = false) -> String {
        let time = answer.state.moment.time
        var lines = ["", "Policies as of \(shownTime(time) ?? time):"]
        for section in sections { lines += section.lines(withTexts: false).map { "  \($0)" } }
        return answer.simulation.text(width: width, color: color)
            + lines.map { VisibleText.visible($0) + "\n" }.joined()
    }

    /// The decision as `trail403 simulate --request` tells it, with `at` and, by their types, the policies with their sources.
    public func json() -> String {
        guard case .object(let members) = evaluation.json else { return "" }
        let further: [JSONValue.Member] = [
            .init("at", .string(answer.state.moment.time)), .init("policyTypes", .array(sections.map(\.json))),
        ]
        return JSONValue.object(members + further).prettyText() + "\n"
    }
}
