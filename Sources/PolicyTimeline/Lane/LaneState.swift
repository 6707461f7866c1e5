/// What stands in a lane at a moment.
public struct LaneState: Sendable, Hashable {
    /// How much is known of what stands under one name.
    public enum Knowledge: Sendable, Hashable {
        /// It is there, and this is it.
        case known(Value)
        /// It is there; what it says is not known.
        case present
        /// Whether it is there, and what it says, is not known.
        case maybe
    }

    /// Where a piece of knowledge comes from.
    public enum Source: Sendable, Hashable {
        /// The event that wrote it.
        case event(ChangeEvent)
        /// The later event that took it away, or changed it, and so shows that it was there.
        case laterEvent(ChangeEvent)
        /// An export.
        case snapshot(SnapshotReference)
    }

    /// What is known under one name.
    public struct Entry: Sendable, Hashable {
        /// How much is known.
        public var knowledge: Knowledge
        /// How it is known.
        public var source: Source
    }

    /// By name. What is not listed is not there where the state is complete, else nothing is known of it.
    public var entries: [String: Entry] = [:]
    /// Whether there is nothing but what is listed.
    public var isComplete = false
    /// Why it is complete; `nil` where it is not.
    public var completedBy: Source?
    /// The names that are not there for certain, though the state is not complete, with the event that took each away.
    public var absent: [String: Source] = [:]

    /// The values that are known, by name.
    public var known: [String: Value] {
        entries.compactMapValues { entry in
            if case .known(let value) = entry.knowledge { value } else { nil }
        }
    }

    /// Whether a name stands there: `nil` where that is not known.
    public func holds(_ name: String) -> Bool? {
        switch entries[name]?.knowledge {
        case .known?, .present?: true
        case .maybe?: nil
        case nil: isComplete || absent[name] != nil ? false : nil
        }
    }
}

extension LaneState {
    /// The same without all but some names.
    func narrowed(to names: Set<String>) -> LaneState {
        var state = LaneState(isComplete: isComplete, completedBy: completedBy)
        for name in names {
            state.entries[name] = entries[name]
            state.absent[name] = absent[name]
        }
        return state
    }

    /// Nothing is known any more of what is not listed.
    mutating func forgetOthers() {
        isComplete = false
        completedBy = nil
        absent = [:]
    }
}

extension LaneState {
    /// The state after an operation.
    mutating func apply(_ edit: PolicyEdit) {
        guard let source = edit.source else { return }
        switch edit.operation {
        case .replaceAll(let values):
            entries = values.mapValues { Entry(knowledge: .known($0), source: source) }
            isComplete = true
            completedBy = source
            absent = [:]
        case .set(let name, let value):
            entries[name] = Entry(knowledge: .known(value), source: source)
            absent[name] = nil
        case .remove(let name):
            entries[name] = nil
            if !isComplete { absent[name] = source }
        case .removeStatement(let sid):
            let name = "sid:\(sid)"
            entries[name] = nil
            if !isComplete { absent[name] = source }
            if case .known(.document(let text))? = entries[""]?.knowledge {
                let left = text.without(statement: sid)
                if left != text { entries[""] = Entry(knowledge: .known(.document(left)), source: source) }
            }
        case .blur(let name):
            entries[name] = Entry(knowledge: .maybe, source: source)
            absent[name] = nil
        case .blurAll: self = LaneState()
        case .observe(let values, let complete, let snapshot):
            let observed = values.mapValues { Entry(knowledge: .known($0), source: .snapshot(snapshot)) }
            if complete {
                self = LaneState(entries: observed, isComplete: true, completedBy: .snapshot(snapshot))
            } else {
                entries.merge(observed) { $1 }
                for name in values.keys { absent[name] = nil }
            }
        case .restore(let former):
            for (name, entry) in former {
                entries[name] = entry
                if entry == nil, !isComplete { absent[name] = source } else { absent[name] = nil }
            }
        case .restoreAll(let former): self = former
        }
    }

    /// What can be told of the state before an edit from the state after it.
    mutating func unapply(_ edit: PolicyEdit) {
        guard let later = edit.event.map(Source.laterEvent) ?? edit.source else { return }
        switch edit.operation {
        case .replaceAll, .blurAll, .restoreAll: self = LaneState()
        case .set(let name, _), .blur(let name):
            // An attachment that is there is attached again without a word, and a policy is overwritten without one.
            entries[name] = isUnknown ? nil : Entry(knowledge: .maybe, source: later)
            absent[name] = nil
        case .remove(let name):
            entries[name] = Entry(knowledge: .present, source: later)
            absent[name] = nil
        case .removeStatement(let sid):
            // It may be one of the whole text's.
            if isComplete, case .known(.document)? = entries[""]?.knowledge {
                entries[""] = Entry(knowledge: .present, source: later)
            } else {
                entries["sid:\(sid)"] = Entry(knowledge: .present, source: later)
            }
            absent["sid:\(sid)"] = nil
        case .observe(let values, let complete, let snapshot):
            let observed = values.mapValues { Entry(knowledge: .known($0), source: .snapshot(snapshot)) }
            if complete {
                self = LaneState(entries: observed, isComplete: true, completedBy: .snapshot(snapshot))
            } else {
                entries.merge(observed) { $1 }
            }
        case .restore(let former):
            for name in former.keys { entries[name] = isUnknown ? nil : Entry(knowledge: .maybe, source: later) }
        }
    }

    /// Whether nothing but single names is known, so that a name that is not listed is as good as one that may be there.
    private var isUnknown: Bool { !isComplete }
}
