package import IAMPolicy

extension HeldPolicy {
    /// The policy's statements as far as they can be read; `nil` where its text is not known, or is no policy.
    package var reading: PolicyReading? {
        guard let value = text.value else { return nil }
        return switch Result(catching: { () throws(PolicyError) in try PolicyReading(value) }) {
        case .success(let reading): reading
        case .failure: nil
        }
    }

    /// Whether AWS published the text, and no record holds it.
    package var isPublished: Bool { if case .awsManaged = textSource { true } else { false } }

    /// Whether the text is the one that counted at the moment, and not the nearest of those that AWS published.
    package var isExact: Bool {
        if case .awsManaged(_, let isCertain) = textSource { isCertain } else { true }
    }
}

extension PolicyTimeline {
    /// The inline policies of some names as of a moment, as if some events had not happened.
    package func inlinePolicies(
        of holder: Holder, _ names: Set<String>, at moment: Moment, undoing undone: Set<ChangeEvent> = []
    ) -> PolicySlot {
        state(of: holder, .inline, names, at: moment, undoing: undone).documents
    }

    /// A managed policy as it is at a moment, whoever has it; `nil` where the timeline tells nothing of it.
    package func managedPolicy(_ arn: String, at moment: Moment, undoing undone: Set<ChangeEvent> = []) -> HeldPolicy? {
        guard let event = lastEdit(of: .managedPolicy(arn), .defaultVersion, upTo: moment)?.event else { return nil }
        return policy(arn, LaneState.Entry(knowledge: .present, source: .event(event)), at: moment, undoing: undone)
    }
}
