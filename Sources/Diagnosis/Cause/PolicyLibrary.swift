import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Synchronization

/// Policies that were read and prepared, shared by all groups of a report: the same ones bear on many.
final class PolicyLibrary: Sendable {
    /// A policy, ready to be asked.
    struct Book: Sendable {
        var policy: Policy
        var statements: [Statement]
        /// The statements by their places in the policy, invalid ones left out.
        var entries: [Int: Statement]
    }

    /// What tells texts apart: who wrote which policy when, and as what it is asked.
    private struct Key: Hashable {
        var name: String
        var version: String?
        var source: HeldPolicy.TextSource
        var type: PolicyType
        /// Two resources' policies may be written by one event.
        var size: Int
    }

    private let books = Mutex<[Key: Book?]>([:])

    /// How many policies were prepared.
    var count: Int { books.withLock(\.count) }

    /// The policy as one of a type; `nil` where its text is not known.
    func book(_ held: HeldPolicy, as type: PolicyType) -> Book? {
        guard held.text != .unknown else { return nil }
        let key = Key(
            name: held.name, version: held.version, source: held.textSource, type: type, size: Self.size(held.text))
        if let known = books.withLock({ $0[key] }) { return known }
        let book = held.reading.map { reading in
            Book(
                policy: Policy(name: held.name.isEmpty ? type.rawValue : held.name, reading, as: type),
                statements: reading.entries.compactMap(\.statement),
                entries: Dictionary(
                    reading.entries.compactMap { entry in entry.statement.map { (entry.index, $0) } },
                    uniquingKeysWith: { first, _ in first }))
        }
        books.withLock { $0[key] = .some(book) }
        return book
    }

    /// The policies of a state as the evaluator takes them, the principal's own as they were prepared before. A state with texts that
    /// nobody wrote is none for it.
    func policySet(
        of state: PolicyState, resource: Holder? = nil, callerAccount: String?, resourceAccount: String?
    ) -> PolicySet {
        state.policySet(resource: resource, callerAccount: callerAccount, resourceAccount: resourceAccount) {
            book($0, as: $1)?.policy
        }
    }

    private static func size(_ text: DocumentText) -> Int {
        guard case .json(let value) = text else { return 0 }
        return value.stringValue?.utf8.count ?? value["Statement"]?.elements.count ?? 0
    }
}
