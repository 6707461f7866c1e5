/// What is known of a request beside principal, action and resource: the context keys with their values.
///
/// A key has values, or is absent for certain, or is unknown. What was neither given nor called unknown is absent.
public struct RequestContext: Sendable {
    /// One value, in the forms in which operators compare it.
    struct Value: Sendable, Hashable {
        let text: String
        let bytes: [UInt8]

        init(_ text: String) {
            self.text = text
            bytes = Array(text.utf8)
        }
    }

    /// The values of one key.
    struct Entry: Sendable, Hashable {
        var key: ContextKey
        var values: [Value]
        /// Whether the key holds a list of values by its type, be it a list of one.
        var isMultivalued: Bool
    }

    /// What is known of a key.
    enum State {
        case present(Entry)
        case absent
        case unknown

        /// `present`, `absent` or `unknown`.
        var word: String {
            switch self {
            case .present: "present"
            case .absent: "absent"
            case .unknown: "unknown"
            }
        }
    }

    private var entries = KeyTable<Entry>()
    private var unknownKeys = KeyTable<Bool>()
    private var unknownPrefixes: [String] = []
    private var isEveryKeyUnknown = false
    private var possibilities = KeyTable<Possibility>()
    private var absentKeys = KeyTable<Bool>()
    private var absentPrefixes: [String] = []
    /// Further keys that are absent for certain: what all requests of an action have in common.
    private var commonAbsentKeys: Set<ContextKey> = []

    /// What a key can be whose value is not known, by what else is known of the request.
    struct Possibility: Sendable, Hashable {
        /// The values that it can have; `nil` where it may have any.
        var values: [String]?
        var canBeAbsent: Bool
    }

    /// What is known of a key, for a look from outside.
    package enum Knowledge: Sendable, Hashable {
        case values([String])
        case absent
        case unknown
    }

    /// A context without keys: every key is absent.
    public init() {}

    static let empty = RequestContext()

    /// Sets a single value.
    public mutating func set(_ key: String, _ value: String) { set(ContextKey(key), [value], isMultivalued: false) }

    /// Sets the values of a multivalued key.
    public mutating func set(_ key: String, values: [String]) { set(ContextKey(key), values, isMultivalued: true) }

    /// The same for a key that was taken apart before.
    package mutating func set(_ key: ContextKey, _ values: [String], isMultivalued: Bool) {
        entries[key] = Entry(
            key: key, values: values.map(Value.init), isMultivalued: isMultivalued || key.isMultivalued)
    }

    mutating func remove(_ key: ContextKey) { entries[key] = nil }

    /// The first value of a key, where it was set.
    func value(_ key: ContextKey) -> String? { entries[key]?.values.first?.text }

    /// The keys that have values, in the order of their names.
    var keys: [ContextKey] { entries.keys.sorted { $0.lookup < $1.lookup } }

    /// Says that a key is unknown unless a value was set: `aws:SourceVpce`, `aws:ResourceTag/*` (every key that begins so), `*`.
    public mutating func setUnknown(_ pattern: String) {
        if pattern == "*" {
            isEveryKeyUnknown = true
        } else if pattern.hasSuffix("*") {
            unknownPrefixes.append(ContextKey(String(pattern.dropLast())).lookup)
        } else {
            unknownKeys[ContextKey(pattern)] = true
        }
    }

    /// Says that a key has one of these values, or is absent; without values, that it has some value.
    package mutating func setUnknown(_ key: String, among values: [String]?, orAbsent canBeAbsent: Bool) {
        setUnknown(ContextKey(key), among: values, orAbsent: canBeAbsent)
    }

    /// The same for a key that was taken apart before.
    package mutating func setUnknown(_ key: ContextKey, among values: [String]?, orAbsent canBeAbsent: Bool) {
        remove(key)
        possibilities[key] = Possibility(values: values, canBeAbsent: canBeAbsent)
    }

    /// What an unknown key can be; `nil` where it can be anything.
    func possibility(of key: ContextKey) -> Possibility? { possibilities[key] }

    /// Says that a key is absent for certain, whatever was said of it, or with `*` at its end every key that begins so.
    package mutating func setAbsent(_ pattern: String) {
        if pattern.hasSuffix("*") {
            removeKeys(beginning: ContextKey(String(pattern.dropLast())))
        } else {
            setAbsent(ContextKey(pattern))
        }
    }

    /// Says that a key is absent for certain, whatever was said of it.
    package mutating func setAbsent(_ key: ContextKey) {
        entries[key] = nil
        possibilities[key] = nil
        if !commonAbsentKeys.contains(key) { absentKeys[key] = true }
    }

    /// Says the same of several keys, each told once.
    package mutating func setAbsent(_ keys: [ContextKey]) {
        if !entries.isEmpty { for key in keys { entries[key] = nil } }
        if !possibilities.isEmpty { for key in keys { possibilities[key] = nil } }
        absentKeys.add(keys.filter { !commonAbsentKeys.contains($0) }, true)
    }

    /// Says the same of many keys at once, which all copies of the context share.
    package mutating func setAbsent(_ keys: Set<ContextKey>) {
        entries.keep { !keys.contains($0) }
        possibilities.keep { !keys.contains($0) }
        commonAbsentKeys.formUnion(keys)
    }

    /// What is known of a key.
    package func knowledge(of key: String) -> Knowledge {
        switch state(of: ContextKey(key)) {
        case .present(let entry): .values(entry.values.map(\.text))
        case .absent: .absent
        case .unknown: .unknown
        }
    }

    /// The keys that have values with these, in the order of their names.
    package var values: [(key: String, values: [String])] {
        keys.map { key in (key.text, entries[key]?.values.map(\.text) ?? []) }
    }

    /// Takes back what was said of a key, or of every key that begins so: `aws:SourceVpce`, `aws:ResourceTag/*`, `*`.
    package mutating func forget(_ pattern: String) {
        let isPrefix = pattern.hasSuffix("*")
        let name = pattern == "*" ? "" : ContextKey(isPrefix ? String(pattern.dropLast()) : pattern).lookup
        func concerns(_ key: String) -> Bool { isPrefix ? key.hasPrefix(name) : key == name }
        entries.keep { !concerns($0.lookup) }
        possibilities.keep { !concerns($0.lookup) }
        absentKeys.keep { !concerns($0.lookup) }
        commonAbsentKeys = commonAbsentKeys.filter { !concerns($0.lookup) }
        absentPrefixes = absentPrefixes.filter { !concerns($0) && !name.hasPrefix($0) }
        setUnknown(pattern)
    }

    /// Whether every key is known to have values or to be absent.
    var isComplete: Bool {
        unknownKeys.isEmpty && unknownPrefixes.isEmpty && !isEveryKeyUnknown && possibilities.isEmpty
    }

    /// What is known of a key.
    func state(of key: ContextKey) -> State {
        if let entry = entries[key] { return .present(entry) }
        if isComplete || absentKeys.contains(key) || commonAbsentKeys.contains(key) { return .absent }
        if absentPrefixes.contains(where: { key.lookup.hasPrefix($0) }) { return .absent }
        let isUnknown =
            isEveryKeyUnknown || possibilities.contains(key) || unknownKeys.contains(key)
            || unknownPrefixes.contains { key.lookup.hasPrefix($0) }
        return isUnknown ? .unknown : .absent
    }

    /// Makes every key absent for certain whose name begins so.
    mutating func removeKeys(beginning prefix: ContextKey) {
        absentPrefixes.append(prefix.lookup)
        entries.keep { !$0.lookup.hasPrefix(prefix.lookup) }
    }

    /// The context in which a key is absent for certain, whatever was said of it.
    func without(_ key: ContextKey) -> RequestContext {
        var context = self
        context.setAbsent(key)
        return context
    }

    /// The context in which a key has one value.
    func with(_ key: ContextKey, _ value: String) -> RequestContext {
        var context = self
        context.set(key, [value], isMultivalued: false)
        return context
    }
}
