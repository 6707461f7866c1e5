public import RecordedChanges
public import Wording

/// One piece of evidence about why a denial group was refused.
public struct Finding: Sendable, Hashable {
    /// What the finding says.
    public var code: Code
    /// How sure it is.
    public var confidence: Confidence
    /// A few words for a heading.
    public var title: Prose
    /// One paragraph: what AWS stated, what follows from the trail, and what cannot be known.
    public var explanation: Prose
    /// The sentence of the explanation that names names: which statement asks for what, and what the call had. Empty where the
    /// title says it all.
    public var point: Prose
    /// The events that prove it, in order of time.
    public var evidence: [Evidence]
    /// What it says as a value; `nil` where it tells of no cause.
    public var cause: Cause?
    /// The statement that refuses, or that nearly allows; `nil` where none is known.
    public var statement: FailingStatement?
    /// Whether ``point`` says what the statement's own story does not.
    package var keepsPoint = false

    /// A finding.
    public init(
        _ code: Code, _ confidence: Confidence, title: Prose, _ explanation: Prose, point: Prose = "",
        evidence: [Evidence] = [], cause: Cause? = nil, statement: FailingStatement? = nil
    ) {
        self.code = code
        self.confidence = confidence
        self.title = title
        self.explanation = explanation
        self.point = point
        self.evidence = evidence
        self.cause = cause
        self.statement = statement
    }

    /// The step of the troubleshooting guide (1 to 9) that the finding belongs to.
    public var step: Int { code.step }
}

/// How sure a finding is. Earlier cases are surer.
public enum Confidence: String, Sendable, CaseIterable, Codable, Comparable {
    /// AWS said so.
    case stated
    /// Policies were evaluated.
    case simulated
    /// It follows from events in the trail.
    case inferred
    /// It fits, but other explanations fit as well.
    case possible

    /// Surer sorts first.
    public static func < (left: Confidence, right: Confidence) -> Bool { left.order < right.order }

    private var order: Int {
        switch self {
        case .stated: 0
        case .simulated: 1
        case .inferred: 2
        case .possible: 3
        }
    }
}
