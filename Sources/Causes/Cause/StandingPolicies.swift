package import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// The policies of a principal as of a moment, as far as the trail and the texts that AWS publishes tell.
///
/// A trail shows changes, not states: without a policy here the principal may have had some all the same.
package struct StandingPolicies: Sendable {
    /// A policy that is there for certain, with a text that is known.
    package struct Known: Sendable, Hashable {
        /// An inline policy's name or a managed policy's ARN.
        package var name: String
        /// The same, ready to be asked.
        package var book: PolicyLibrary.Book
        /// The event that wrote the text; of a text of AWS's the one that shows that the principal has it.
        package var change: TrailChange

        package var statements: [Statement] { book.statements }

        package static func == (left: Known, right: Known) -> Bool {
            left.name == right.name && left.change == right.change && left.statements == right.statements
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(change) }
    }

    /// In order of the events.
    package private(set) var known: [Known] = []
    /// The managed policies whose texts are not known.
    package private(set) var unread: [String] = []
    /// Whether the trail tells of any policy, group or text, known or not.
    package let isEmpty: Bool
    /// The permissions boundary's ARN.
    package let boundary: String?

    /// What a principal has; nothing where there is none that policies are attached to.
    package init(_ principal: PrincipalState?, _ trail: TrailReplay) {
        let held = principal?.identity.policies ?? []
        isEmpty = held.isEmpty && principal?.groups.entries.isEmpty ?? true
        boundary = principal?.boundary.policies.first { $0.isCertain && !$0.name.isEmpty }?.name
        var told: Set<Known> = []
        var untold: Set<String> = []
        for policy in held where policy.isCertain {
            guard policy.isExact, let book = trail.library.book(policy, as: .identityBased),
                let change = Self.event(policy).flatMap(trail.change)
            else {
                if policy.name.hasPrefix("arn:"), untold.insert(policy.name).inserted { unread.append(policy.name) }
                continue
            }
            let one = Known(name: policy.name, book: book, change: change)
            if told.insert(one).inserted { known.append(one) }
        }
        known.sort { $0.change.event.isBefore($1.change.event) }
    }

    private static func event(_ policy: HeldPolicy) -> ChangeEvent? {
        switch policy.textSource {
        case .recorded(let source): source.event
        case .awsManaged: policy.source.event
        case .unknown: nil
        }
    }
}

extension LaneState.Source {
    /// The event that tells it; `nil` for an export.
    package var event: ChangeEvent? {
        switch self {
        case .event(let event), .laterEvent(let event): event
        case .snapshot: nil
        }
    }
}

/// What decided over a group's calls at the first denial, or the one that is asked about: the policies as they stood, and the calls.
///
/// Each part is read when it is asked for first: most groups have no policy that would be asked about a request.
package struct DenialScene {
    package let facts: GroupFacts

    package var view: Replay.View {
        facts.causeMemo.viewAtDenial.value {
            var view = Replay(facts).view(at: .at(facts.asOf))
            view.state.principal?.identity.policies += facts.presumedPolicies(at: .at(facts.asOf))
            return view
        }
    }

    package var requests: [AuthorizationRequest] {
        facts.causeMemo.requestsAtDenial.value { GroupRequests(facts).requests(in: view.state) }
    }

    /// The principal's own policies.
    package var policies: StandingPolicies {
        facts.causeMemo.policiesAtDenial.value { StandingPolicies(view.state.principal, facts.trail) }
    }
}

extension GroupFacts {
    /// The principal's own policies as they stood at the first denial.
    package var policies: StandingPolicies { scene.policies }

    /// The policies that the principal is taken to have, as they are at a moment.
    func presumedPolicies(at moment: Moment) -> [HeldPolicy] {
        presumed.compactMap { text(ofPolicy: $0, at: moment) }
    }

    /// The change that wrote the text of a policy; `nil` where no change in the trail did.
    package func writing(_ policy: HeldPolicy) -> TrailChange? {
        guard case .recorded(let source) = policy.textSource else { return nil }
        return source.event.flatMap(trail.change)
    }

    /// The text of a managed policy or of one of an organization at a moment, as if some events had not happened; `nil` where the
    /// trail does not tell it.
    package func text(ofPolicy name: String, at moment: Moment, undoing undone: Set<ChangeEvent> = []) -> HeldPolicy? {
        if name.hasPrefix("p-") {
            let lane = trail.timeline.state(of: .organizationPolicy(name), .policy, at: moment, undoing: undone)
            guard let entry = lane.entries[""], case .known(.document(let text)) = entry.knowledge else { return nil }
            return HeldPolicy(
                name: name, text: text, isCertain: true, source: entry.source, textSource: .recorded(entry.source))
        }
        guard let held = trail.managedPolicy(name, at: moment, undoing: undone), held.text != .unknown else {
            return nil
        }
        return held
    }
}
