package import IAMPolicy
package import PolicyTimeline
import RecordedChanges

extension Replay {
    /// All policies that a question asks at a moment, read once: with them is compared what each of many events changed, so that every
    /// one costs no more than it edited.
    package final class Whole {
        package let question: Question
        package let asked: Asked
        private let replay: Replay
        private let requests: [AuthorizationRequest]

        convenience init(_ question: Question, in view: View, of requests: [AuthorizationRequest], _ replay: Replay) {
            self.init(question, replay.policies(question, in: view), of: requests, replay)
        }

        init(_ question: Question, _ asked: Asked, of requests: [AuthorizationRequest], _ replay: Replay) {
            self.question = question
            self.replay = replay
            self.requests = requests
            self.asked = asked
        }

        /// Its statements, those that mean the same counted together.
        private(set) lazy var statements = Tally(read.statements)
        /// The policies whose text is not known.
        private(set) lazy var unread = Tally(read.unread.map(Unread.init))
        /// The names of the policies with statements, once for each.
        private(set) lazy var policies = Tally(read.statements.map(\.policy))
        /// Whether every text is the one of the moment.
        var isExact: Bool { read.statements.allSatisfy(\.isExact) }
        /// What is read in them.
        private(set) lazy var read = replay.read(asked.placed)

        /// The policies that were there long enough to hold.
        private lazy var settled = asked.placed.filter { replay.hasSettled($0.held) }
        /// What the policies say of each request; of Allows those that were there long enough to hold.
        private(set) lazy var answersNow = answers(question.effect == .deny ? asked.placed : settled)
        /// The first policy that allows a request by itself.
        private(set) lazy var allowing = settled.first { answers([$0]).contains(.yes) }

        /// What some policies say of each request.
        package func answers(_ placed: [Placed]) -> [Truth] { requests.map { replay.answer(question, placed, on: $0) } }

        /// What some statements say of each request, were there no others. Pipelines write the same again and again.
        package func answers(_ statements: [Owned]) -> [Truth] {
            if let known = told[statements] { return known }
            let answers = requests.map { replay.answer(question, statements, on: $0) }
            if told.count < Self.toldLimit { told[statements] = answers }
            return answers
        }

        private var told: [[Owned]: [Truth]] = [:]
        private static let toldLimit = 1_000

        /// What was asked under which conditions.
        package struct Terms: Hashable {
            package var effect: Statement.Effect
            package var conditions: Set<Statement.Condition>

            init(_ one: Owned) {
                effect = one.statement.effect
                conditions = Set(one.statement.conditions)
            }

            /// Statements with conditions, by their terms.
            package static func table(_ statements: [Owned]) -> [Terms: [Owned]] {
                Dictionary(grouping: statements.filter { !$0.statement.conditions.isEmpty }, by: Terms.init)
            }
        }

        private lazy var byTerms = Terms.table(read.statements)
        private var answersByTerms: [Terms: Tally<[Truth]>] = [:]

        /// What statements under certain conditions say of the requests, each by itself.
        package func answers(under terms: Terms) -> Tally<[Truth]> {
            if let known = answersByTerms[terms] { return known }
            let found = Tally(byTerms[terms, default: []].map { answers([$0]) })
            answersByTerms[terms] = found
            return found
        }
    }

    /// What some events changed of the policies that a question asks: those that are others without them, and none of the rest.
    package struct Difference {
        /// With the events.
        package let whole: Whole
        /// What is only there without the events, and what only with them.
        package let (before, after): (Part, Part)
        /// Whether without the events there are no other policies than those that are known.
        let wasComplete: Bool

        /// Some policies, with what is read in them.
        package final class Part {
            package let placed: [Placed]
            package let statements: [Owned]
            private(set) lazy var counts = Tally(statements)
            private(set) lazy var policies = Tally(statements.map(\.policy))
            private(set) lazy var byTerms = Whole.Terms.table(statements)
            package let unread: Tally<Unread>

            init(_ placed: [Placed], _ replay: Replay) {
                self.placed = placed
                let read = replay.read(placed)
                statements = read.statements
                unread = Tally(read.unread.map(Unread.init))
            }
        }

        /// Compares what was asked without the events with what is asked with them, where the same may be left out of both.
        package init(from before: Asked, to after: Asked, of whole: Whole, _ replay: Replay) {
            self.whole = whole
            wasComplete = before.isComplete
            let (old, new) = (Set(before.placed), Set(after.placed))
            self.before = Part(before.placed.filter { !new.contains($0) }, replay)
            self.after = Part(after.placed.filter { !old.contains($0) }, replay)
        }

        /// The same with a policy that is there without the events, though the trail does not show it.
        package func adding(_ unseen: Placed, _ replay: Replay) -> Difference {
            Difference(
                from: Asked(placed: before.placed + [unseen], isComplete: wasComplete),
                to: Asked(placed: after.placed, isComplete: whole.asked.isComplete), of: whole, replay)
        }

        /// Whether the events changed nothing.
        package var isEmpty: Bool {
            before.placed.isEmpty && after.placed.isEmpty && wasComplete == whole.asked.isComplete
        }

        /// Whether without the events there is no policy for certain.
        var wasEmpty: Bool {
            wasComplete && whole.asked.placed.count - after.placed.count + before.placed.count == 0
        }

        /// Whether a statement that says the same is there without the events.
        package func stood(_ one: Owned) -> Bool {
            before.counts[one] > 0 || whole.statements[one] > after.counts[one]
        }

        /// Whether a policy is there without the events, with its text as little known.
        func wasUnread(_ one: Unread) -> Bool {
            before.unread[one] > 0 || whole.unread[one] > after.unread[one]
        }

        /// Whether a policy with statements is there without the events.
        func wasRead(_ policy: String) -> Bool {
            before.policies[policy] > 0 || whole.policies[policy] > after.policies[policy]
        }

        /// Whether with the events a statement under the same conditions says as much of each request, be it more widely written.
        package func isCovered(_ one: Owned) -> Bool {
            !one.statement.conditions.isEmpty && Self.covers(whole.answers(under: .init(one)), whole.answers([one]))
        }

        /// Whether one does without the events.
        func wasCovered(_ one: Owned) -> Bool {
            guard !one.statement.conditions.isEmpty else { return false }
            let terms = Whole.Terms(one)
            var answers = whole.answers(under: terms)
            for other in after.byTerms[terms, default: []] { answers.remove(whole.answers([other])) }
            for other in before.byTerms[terms, default: []] { answers.add(whole.answers([other])) }
            return Self.covers(answers, whole.answers([one]))
        }

        private static func covers(_ answers: Tally<[Truth]>, _ own: [Truth]) -> Bool {
            answers.elements.contains { other in zip(other, own).allSatisfy { $0 >= $1 } }
        }

        /// Whether some request is allowed, or not denied, without the events, and is not allowed, or denied, with them, by all the
        /// policies that are known, or by those of certain levels of an organization.
        func flips(at levels: Set<String>? = nil) -> Bool {
            guard !isEmpty else { return false }
            func held(_ placed: [Placed]) -> [Placed] {
                guard let levels else { return placed }
                return placed.filter { $0.level.map(levels.contains) ?? true }
            }
            let gone = Set(after.placed)
            let old = whole.answers(held(whole.asked.placed.filter { !gone.contains($0) } + before.placed))
            let now = levels == nil ? whole.answersNow : whole.answers(held(whole.asked.placed))
            return zip(old, now).contains { old, new in
                whole.question.effect == .allow ? old == .yes && new != .yes : old == .no && new == .yes
            }
        }
    }

    /// What some events changed of what a whole holds, which is of the same moment.
    package func difference(
        undoing undone: Set<ChangeEvent>, at moment: Moment, in whole: Whole, edited: EditedNames? = nil
    ) -> Difference {
        let edited = edited ?? EditedNames(by: undone, in: timeline)
        if let difference = inlineDifference(undoing: undone, at: moment, in: whole, edited) { return difference }
        let names = edited.suffices ? edited : nil
        let before = policies(whole.question, in: view(at: moment, undoing: undone, only: names))
        let after = names.map { policies(whole.question, in: view(at: moment, only: $0)) } ?? whole.asked
        return Difference(from: before, to: after, of: whole, self)
    }

    /// The same where the events edited nothing but inline policies of the principal's: all others, and whether they are all, stay as
    /// they are.
    private func inlineDifference(
        undoing undone: Set<ChangeEvent>, at moment: Moment, in whole: Whole, _ edited: EditedNames
    ) -> Difference? {
        guard whole.question.type == .identityBased, let (lane, names) = edited.only, lane.kind == .inline,
            lane.holder == subject.principal
        else { return nil }
        let before = timeline.inlinePolicies(of: lane.holder, names, at: moment, undoing: undone)
        let after = timeline.inlinePolicies(of: lane.holder, names, at: moment)
        guard before.isComplete == after.isComplete else { return nil }
        func asked(_ slot: PolicySlot) -> Asked {
            Asked(
                placed: slot.policies.map { Placed(type: .identityBased, held: $0) },
                isComplete: whole.asked.isComplete)
        }
        return Difference(from: asked(before), to: asked(after), of: whole, self)
    }

    /// A policy whose text is not known, as far as it tells it from others.
    package struct Unread: Hashable {
        package var name: String
        package var version: String?
        package var isCertain: Bool

        init(_ placed: Placed) {
            name = placed.held.name
            version = placed.held.version
            isCertain = placed.held.isCertain
        }
    }
}

/// How often each of some elements is there.
package struct Tally<Element: Hashable> {
    private var counts: [Element: Int] = [:]

    init(_ elements: some Sequence<Element>) {
        for element in elements { add(element) }
    }

    /// Those that are there.
    package var elements: some Sequence<Element> { counts.keys }
    package var isEmpty: Bool { counts.isEmpty }

    package subscript(element: Element) -> Int { counts[element, default: 0] }

    package mutating func add(_ element: Element) { counts[element, default: 0] += 1 }

    package mutating func remove(_ element: Element) {
        guard let count = counts[element] else { return }
        counts[element] = count > 1 ? count - 1 : nil
    }
}
