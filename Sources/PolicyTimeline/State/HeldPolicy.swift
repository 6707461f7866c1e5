package import IAMPolicy

/// One policy that somebody has, or may have, at a moment.
public struct HeldPolicy: Sendable, Hashable {
    /// An inline policy's name, a managed policy's ARN, an organization policy's id; empty for a resource's own policy.
    public var name: String {
        get { content.fields.name }
        set { change { $0.name = newValue } }
    }
    /// The group through which a user has it; `nil` where it is the holder's own.
    public var group: String? {
        get { content.fields.group }
        set { change { $0.group = newValue } }
    }
    /// The version of a managed policy that counts; `nil` where it has none, or that is not known.
    public var version: String? {
        get { content.fields.version }
        set { change { $0.version = newValue } }
    }
    /// The text.
    public var text: DocumentText {
        get { content.fields.text }
        set { change { $0.text = newValue } }
    }
    /// Whether it is there for certain.
    public var isCertain: Bool {
        get { content.fields.isCertain }
        set { change { $0.isCertain = newValue } }
    }
    /// What shows that it is there.
    public var source: LaneState.Source {
        get { content.fields.source }
        set { change { $0.source = newValue } }
    }
    /// What tells its text.
    public var textSource: TextSource {
        get { content.fields.textSource }
        set { change { $0.textSource = newValue } }
    }

    /// All of it behind one reference: lists of policies are handed about.
    private var content: Content

    private struct Fields: Sendable {
        var name: String
        var group: String?
        var version: String?
        var text: DocumentText
        var isCertain: Bool
        var source: LaneState.Source
        var textSource: TextSource
    }

    private final class Content: Sendable {
        let fields: Fields

        init(_ fields: Fields) { self.fields = fields }
    }

    /// A policy that somebody has, as far as it is known.
    package init(
        name: String, group: String? = nil, version: String? = nil, text: DocumentText, isCertain: Bool,
        source: LaneState.Source, textSource: TextSource
    ) {
        content = Content(
            Fields(
                name: name, group: group, version: version, text: text, isCertain: isCertain, source: source,
                textSource: textSource))
    }

    private mutating func change(_ edit: (inout Fields) -> Void) {
        var fields = content.fields
        edit(&fields)
        content = Content(fields)
    }

    /// What tells two policies apart.
    public static func == (left: HeldPolicy, right: HeldPolicy) -> Bool {
        if left.content === right.content { return true }
        let (left, right) = (left.content.fields, right.content.fields)
        return left.name == right.name && left.isCertain == right.isCertain && left.group == right.group
            && left.version == right.version && left.textSource == right.textSource && left.source == right.source
            && left.text == right.text
    }

    /// Equal policies hash alike: what tells the text stands for the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(isCertain)
        hasher.combine(textSource)
    }

    /// Where a text comes from.
    public enum TextSource: Sendable, Hashable {
        /// An event or an export.
        case recorded(LaneState.Source)
        /// A text that AWS published; `isCertain` where AWS had no other at the moment.
        case awsManaged(version: String, isCertain: Bool)
        /// Nothing tells it.
        case unknown
    }
}

/// The policies of one type that somebody has at a moment.
public struct PolicySlot: Sendable, Hashable {
    /// In order of their names.
    public var policies: [HeldPolicy] = []
    /// Whether there are no others.
    public var isComplete = false
    /// What shows that there are no others; `nil` where nothing does.
    public var completedBy: LaneState.Source?

    /// Whether every policy is there for certain, its text is known, and there are no others.
    public var isKnown: Bool { isComplete && policies.allSatisfy { $0.isCertain && $0.text != .unknown } }

    /// Whether there is a policy, as far as that is known.
    package var holdsOne: Truth {
        policies.contains(where: \.isCertain) ? .yes : isComplete && policies.isEmpty ? .no : .undetermined
    }
}

/// A root, a unit or an account with what is attached there.
public struct PolicyLevel: Sendable, Hashable {
    /// `r-…`, `ou-…` or an account.
    public var id: String
    /// Service control policies.
    public var serviceControl: PolicySlot
    /// Resource control policies.
    public var resourceControl: PolicySlot
}

extension HeldPolicy {
    /// Where what was prepared of the text is found again: with the event that wrote it; `nil` where no event did.
    package var shelf: TextShelf? {
        if case .recorded(.event(let event)) = content.fields.textSource { event.shelf } else { nil }
    }
}
