import IAMPolicy
package import PolicyTimeline
import Synchronization
import TrailStore

/// What all groups of a report replay: the timeline of the changes that were given, built when the first group asks for it.
package final class TrailReplay: Sendable {
    /// In order of time, then of the events' ids.
    private let changes: [TrailChange]
    private let built = Mutex<PolicyTimeline?>(nil)
    private let reaches = Mutex<[Holder: Set<Holder>]>([:])
    /// The places of the changes by their events, once somebody asked for one.
    private let places = Once<[ChangeEvent: Int]>()
    private let sets = Once<PermissionSets>()
    private let versions = Once<[String: [TrailChange]]>()
    private let settings = Once<[String: [TrailChange]]>()
    private let mentions = Mutex<[Mention: PolicyMention]>([:])
    private let principalsAtEnd = Mutex<[Holder: PrincipalState]>([:])
    private let managedPolicies = Mutex<[PolicyVersion: HeldPolicy]>([:])
    /// Policies that were prepared to be asked.
    package let library = PolicyLibrary()

    package init(_ changes: [TrailChange]) { self.changes = changes }

    /// The policies of everybody as of any moment.
    package var timeline: PolicyTimeline {
        built.withLock { built in
            if let built { return built }
            let timeline = PolicyTimeline(changes.flatMap(\.edits))
            built = timeline
            return timeline
        }
    }

    /// The change that an event made; `nil` for one that the report was not given.
    package func change(_ event: ChangeEvent) -> TrailChange? {
        let places = places.value {
            Dictionary(changes.enumerated().map { ($1.event, $0) }, uniquingKeysWith: { first, _ in first })
        }
        return places[event].map { changes[$0] }
    }

    /// Later than any event.
    package static let end = Moment.at("9999-12-31T23:59:59Z")

    /// The changes of something, by its name, that write no policy and whose meaning no rule tells: settings that decide by themselves. In
    /// order of time.
    package func settings(of target: String) -> [TrailChange] {
        let all = settings.value {
            changes.reduce(into: [String: [TrailChange]]()) { all, change in
                guard change.rule == nil else { return }
                for name in change.namesOfSetting { all[name, default: []].append(change) }
            }
        }
        return all[target] ?? []
    }

    /// A user or role as the archive ends, which all of its groups ask for.
    package func principalAtEnd(_ holder: Holder) -> PrincipalState {
        if let known = principalsAtEnd.withLock({ $0[holder] }) { return known }
        let state = timeline.principal(holder, at: Self.end)
        principalsAtEnd.withLock { $0[holder] = state }
        return state
    }

    /// Everybody whose changes can matter to one of these.
    package func reach(of holders: [Holder]) -> Set<Holder> {
        let timeline = timeline
        return holders.reduce(into: []) { reached, holder in
            // Most of what calls are on nobody ever edited.
            if timeline.isSilent(about: holder), holder.kind != .organizationTarget {
                reached.insert(holder)
                return
            }
            if let known = reaches.withLock({ $0[holder] }) { return reached.formUnion(known) }
            let found = timeline.reach(of: [holder])
            reaches.withLock { $0[holder] = found }
            reached.formUnion(found)
        }
    }

    /// Between which edits a managed policy is looked at: there it stays as it is.
    private struct PolicyVersion: Hashable {
        var arn: String
        var behindDefault: Moment
        var behindVersions: Moment?
        var undone: Set<ChangeEvent>
    }

    /// A managed policy as it is at a moment, as if some events had not happened, which many groups ask for; `nil` where the timeline
    /// tells nothing of it.
    package func managedPolicy(_ arn: String, at moment: Moment, undoing undone: Set<ChangeEvent>) -> HeldPolicy? {
        let holder = Holder.managedPolicy(arn)
        guard let last = timeline.lastEdit(of: holder, .defaultVersion, upTo: moment) else { return nil }
        let version = PolicyVersion(
            arn: arn, behindDefault: last.moment,
            behindVersions: timeline.lastEdit(of: holder, .versions, upTo: moment)?.moment, undone: undone)
        if let known = managedPolicies.withLock({ $0[version] }) { return known }
        let held = timeline.managedPolicy(arn, at: moment, undoing: undone)
        // AWS publishes by the day, and not by an event.
        if let held, !held.isPublished { managedPolicies.withLock { $0[version] = held } }
        return held
    }

    /// What gave the managed policies of an account another text after a time and until another one, in order; of those policies alone
    /// that are older than the trail, for of others it tells who has them.
    ///
    /// - Parameter limit: how many are told, the last ones.
    package func newVersions(
        inAccount account: String, after start: String, until end: String, atMost limit: Int
    ) -> ArraySlice<TrailChange> {
        let known = versions.value {
            // Of an account with very many not all were read.
            let ofPolicies = changes.filter { one in
                one.change.targetType == PermissionChangeTarget.TargetType.policy.rawValue
                    && ARN(one.policyARN ?? one.change.target ?? "")?.service == "iam"
            }
            let counts = Dictionary(ofPolicies.map { ($0.account, 1) }, uniquingKeysWith: +)
            let edits = ofPolicies.filter { change in
                counts[change.account, default: 0] <= PermissionChangeTarget.managedPolicyLimit
                    && change.edits.contains { $0.lane.kind == .defaultVersion }
            }
            let created = Set(edits.filter { $0.changeName == .createPolicy }.compactMap(\.policyARN))
            return Dictionary(
                grouping: edits.filter { !($0.policyARN.map(created.contains) ?? true) }, by: \.account)
        }
        let all = known[account] ?? []
        func place(behind time: String) -> Int {
            var (low, high) = (0, all.count)
            while low < high {
                let middle = (low + high) / 2
                if all[middle].time <= time { low = middle + 1 } else { high = middle }
            }
            return low
        }
        let (from, to) = (place(behind: start), place(behind: end))
        return from < to ? all[max(from, to - limit)..<to] : []
    }

    private struct Mention: Hashable {
        var eventID: String
        var action: String
    }

    /// What the new text of a managed policy says of an action, and what the former one said: many groups ask for the same.
    package func mention(of action: String, by change: TrailChange) -> PolicyMention {
        let key = Mention(eventID: change.change.eventID, action: action)
        if let known = mentions.withLock({ $0[key] }) { return known }
        func says(_ undone: Set<ChangeEvent>) -> Bool? {
            let held = change.policyARN.flatMap { managedPolicy($0, at: change.event.moment, undoing: undone) }
            guard let held, let book = library.book(held, as: .identityBased) else { return nil }
            return book.statements.contains { $0.matchesAction(action) }
        }
        let found = PolicyMention(before: says([change.event]), after: says([]))
        mentions.withLock { $0[key] = found }
        return found
    }

    /// Where policies of AWS Organizations are attached, in order.
    package var organizationTargets: [Holder] { timeline.holders(of: .organizationTarget) }

    /// The permission sets of IAM Identity Center.
    package var permissionSets: PermissionSets { sets.value { PermissionSets(timeline) } }
}

/// Whether a managed policy speaks of an action, before a change of its text and after it; `nil` where a text is not known.
package struct PolicyMention: Sendable {
    package var before: Bool?
    package var after: Bool?
}
