@testable import PolicyTimeline

/// The slow twin of the timeline: it looks through all edits, one after the other, for every question, and keeps nothing.
///
/// A name in a lane is what the last edit that is about it made of it. Where none is yet, the first one that follows tells what was
/// there: what goes had been there, what an export lists was there, what is written tells nothing. Who is renamed keeps what is theirs.
/// (What AWS Organizations attaches to its targets has a model of its own: see `OrganizationModelTests`.)
struct TimelineTwin {
    /// What is known of one name in a lane.
    enum Told: Equatable {
        case known(Value), present, absent, unknown
        /// A statement went, of which nothing tells whether it stood by itself or in the policy's text.
        case either
    }

    /// In order of time.
    let edits: [PolicyEdit]
    private let renamings: [(moment: Moment, old: Holder, new: Holder)]

    init(_ edits: [PolicyEdit]) {
        self.edits = edits.sorted { $0.moment < $1.moment }
        renamings = self.edits.compactMap { edit in Self.renaming(edit).map { (edit.moment, $0.old, $0.new) } }
    }

    func told(_ name: String, in lane: LaneName, at moment: Moment, without undone: Set<ChangeEvent> = []) -> Told {
        let owner = owner(of: lane.holder, at: moment)
        let edits = edits.filter { edit in
            edit.lane.kind == lane.kind && self.owner(of: edit.lane.holder, before: edit.moment) == owner
                && !(edit.event.map(undone.contains) ?? false)
        }
        var told: Told?
        for edit in edits where edit.moment <= moment { told = Self.after(edit.operation, name, told) ?? told }
        if let told { return told }
        for edit in edits where edit.moment > moment {
            if let before = Self.before(edit.operation, name) { return before }
        }
        return .unknown
    }

    /// What an operation makes of a name; `nil` where it is not about it.
    private static func after(_ operation: PolicyEdit.Operation, _ name: String, _ told: Told?) -> Told? {
        switch operation {
        case .replaceAll(let values): return values[name].map(Told.known) ?? .absent
        case .set(name, let value): return .known(value)
        case .remove(name): return .absent
        case .removeStatement(let sid):
            if name == "sid:\(sid)" { return .absent }
            guard name.isEmpty, case .known(.document(let text))? = told else { return nil }
            return .known(.document(text.without(statement: sid)))
        case .blur(name), .blurAll: return .unknown
        case .observe(let values, let isComplete, _):
            return values[name].map(Told.known) ?? (isComplete ? .absent : nil)
        case .set, .remove, .blur, .restore, .restoreAll: return nil
        }
    }

    /// What an operation tells of a name before it; `nil` where it is not about it.
    private static func before(_ operation: PolicyEdit.Operation, _ name: String) -> Told? {
        switch operation {
        case .replaceAll, .set(name, _), .blur(name), .blurAll: .unknown
        case .remove(name): .present
        case .removeStatement(let sid): name.isEmpty || name == "sid:\(sid)" ? .either : nil
        case .observe(let values, let isComplete, _): values[name].map(Told.known) ?? (isComplete ? .absent : nil)
        case .set, .remove, .blur, .restore, .restoreAll: nil
        }
    }

    // MARK: - Who bears a name

    /// Somebody, by the name that they had first and by how many of that name had been renamed before.
    private struct Owner: Equatable {
        var first: Holder
        var number = 0
    }

    private func owner(of holder: Holder, at moment: Moment) -> Owner { owner(of: holder) { $0 <= moment } }

    private func owner(of holder: Holder, before moment: Moment) -> Owner { owner(of: holder) { $0 < moment } }

    private func owner(of holder: Holder, upTo isPast: (Moment) -> Bool) -> Owner {
        var bearers: [Holder: Owner] = [:]
        var renamed: [Holder: Int] = [:]
        for (_, old, new) in renamings.prefix(while: { isPast($0.moment) }) {
            bearers[new] = bearers[old] ?? Owner(first: old)
            renamed[old, default: 0] += 1
            bearers[old] = Owner(first: old, number: renamed[old, default: 0])
        }
        return bearers[holder] ?? Owner(first: holder)
    }

    /// The names that a user or group had and got.
    static func renaming(_ edit: PolicyEdit) -> (old: Holder, new: Holder)? {
        guard edit.lane.kind == .existence, case .set("name", .text(let name)) = edit.operation,
            [.user, .group].contains(edit.lane.holder.kind)
        else { return nil }
        let new = Holder(edit.lane.holder.kind, account: edit.lane.holder.account, name)
        return new == edit.lane.holder ? nil : (edit.lane.holder, new)
    }
}

extension LaneState {
    /// What the timeline tells of a name.
    func told(_ name: String) -> TimelineTwin.Told {
        switch (entries[name]?.knowledge, holds(name)) {
        case (.known(let value)?, _): .known(value)
        case (.present?, _): .present
        case (_, false?): .absent
        default: .unknown
        }
    }
}
