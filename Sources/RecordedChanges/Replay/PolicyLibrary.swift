package import IAMPolicy
import OrderedJSON
package import PolicyTimeline
import Synchronization
import TrailStore

/// Policies that were read and prepared, shared by all groups of a report: the same ones bear on many.
package final class PolicyLibrary: Sendable {
    /// A policy, ready to be asked.
    package final class Book: Sendable {
        package let policy: Policy
        package let statements: [Statement]
        private let contents: Contents

        /// The statements by their places in the policy, invalid ones left out.
        package var entries: [Int: Statement] { contents.entries }
        /// Whether AWS would take every statement.
        package var isValid: Bool { contents.isValid }
        /// The statements by their places, each as JSON on one line.
        package var lines: [Int: String] { contents.lines }

        package convenience init(_ reading: PolicyReading, named name: String, as type: PolicyType) {
            self.init(Contents(reading, as: type), named: name)
        }

        fileprivate init(_ contents: Contents, named name: String) {
            self.contents = contents
            policy = contents.policy.named(name)
            statements = contents.statements
        }
    }

    /// What a text says as one of a type, whatever the policy is called: many are written with one text.
    fileprivate final class Contents: Sendable {
        let policy: Policy
        let statements: [Statement]
        let entries: [Int: Statement]
        let isValid: Bool
        private let knownLines = Once<[Int: String]>()

        var lines: [Int: String] { knownLines.value { entries.mapValues(\.line) } }

        init(_ reading: PolicyReading, as type: PolicyType) {
            policy = Policy(name: "", reading, as: type)
            statements = reading.entries.compactMap(\.statement)
            entries = Dictionary(
                reading.entries.compactMap { entry in entry.statement.map { (entry.index, $0) } },
                uniquingKeysWith: { first, _ in first })
            isValid = !reading.issues.contains(where: \.invalidatesStatement)
        }
    }

    /// A text as one of a type. Who wrote it when finds it; a text that lies in one place in memory is compared at no cost.
    private struct Key: Hashable {
        var name: String
        var source: HeldPolicy.TextSource
        var type: PolicyType
        var text: DocumentText
        /// The bytes of the text: two that differ in it are two, also where a letter is only spelled in another way.
        private let size: Int

        init(name: String, source: HeldPolicy.TextSource, type: PolicyType, text: DocumentText) {
            self.name = name
            self.source = source
            self.type = type
            self.text = text
            size = text.size
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(source)
            hasher.combine(size)
        }
    }

    private let books = Mutex<[Key: Book?]>([:])
    private let contents = Mutex<[TextKey: Contents?]>([:])

    /// A text by its bytes, as one of a type.
    private struct TextKey: Hashable {
        var type: PolicyType
        var text: ByteText
    }

    /// How many policies and texts were prepared.
    package var count: Int { books.withLock(\.count) + contents.withLock(\.count) }

    /// The policy as one of a type; `nil` where its text is not known.
    package func book(_ held: HeldPolicy, as type: PolicyType) -> Book? {
        let shelf = held.shelf
        if let known = shelf?.prepared(held.name, held.text, as: type) as? Book { return known }
        guard held.text != .unknown else { return nil }
        if let shelf, shelf.hasRoom {
            guard let book = make(held, as: type) else { return nil }
            shelf.keep(book, of: held.name, held.text, as: type)
            return book
        }
        return shared(held, as: type)
    }

    private func make(_ held: HeldPolicy, as type: PolicyType) -> Book? {
        contents(held, as: type).map { Book($0, named: held.name.isEmpty ? type.rawValue : held.name) }
    }

    private func shared(_ held: HeldPolicy, as type: PolicyType) -> Book? {
        let key = Key(name: held.name, source: held.textSource, type: type, text: held.text)
        if let known = books.withLock({ $0[key] }) { return known }
        let book = make(held, as: type)
        books.withLock { $0[key] = .some(book) }
        return book
    }

    /// What a policy's text says, read once for all policies that are written with it.
    private func contents(_ held: HeldPolicy, as type: PolicyType) -> Contents? {
        guard case .json(.string(let text)) = held.text else { return held.reading.map { Contents($0, as: type) } }
        let key = TextKey(type: type, text: ByteText(text))
        if let known = contents.withLock({ $0[key] }) { return known }
        let read = held.reading.map { Contents($0, as: type) }
        contents.withLock { $0[key] = .some(read) }
        return read
    }

    /// The policies of a state as the evaluator takes them, as they were prepared before. A state with texts that nobody wrote is none
    /// for it.
    package func policySet(
        of state: PolicyState, resource: Holder? = nil, callerAccount: String?, resourceAccount: String?
    ) -> PolicySet {
        state.policySet(resource: resource, callerAccount: callerAccount, resourceAccount: resourceAccount) {
            book($0, as: $1)?.policy
        }
    }
}

extension Statement {
    /// The statement as JSON on one line.
    package var line: String {
        let whole = PolicyDocument([self]).json["Statement"]?.elements.first?.prettyText() ?? ""
        return whole.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    }
}
