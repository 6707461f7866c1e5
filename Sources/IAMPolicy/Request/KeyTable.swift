/// Values by context keys.
///
/// A request has a few dozen keys: a walk over their numbers is several times as fast as a dictionary of texts. Where somebody sent
/// very many, a dictionary takes over.
struct KeyTable<Value: Sendable>: Sendable {
    private(set) var keys: [ContextKey] = []
    private var numbers: [UInt64] = []
    private var values: [Value] = []
    /// The places of the keys; empty up to ``walkLimit`` keys.
    private var places: [ContextKey: Int] = [:]

    private static var walkLimit: Int { 64 }

    /// Whether there is none.
    var isEmpty: Bool { keys.isEmpty }

    private func place(of key: ContextKey) -> Int? {
        if keys.count > Self.walkLimit { return places[key] }
        for place in numbers.indices where numbers[place] == key.number && keys[place] == key { return place }
        return nil
    }

    /// Whether the key has a value.
    func contains(_ key: ContextKey) -> Bool { place(of: key) != nil }

    /// The value of a key; `nil` where it has none.
    subscript(key: ContextKey) -> Value? {
        get { place(of: key).map { values[$0] } }
        set {
            guard let newValue else { return remove(key) }
            if let place = place(of: key) {
                keys[place] = key
                values[place] = newValue
            } else {
                keys.append(key)
                numbers.append(key.number)
                values.append(newValue)
                if !places.isEmpty { places[key] = keys.count - 1 } else { index() }
            }
        }
    }

    /// Gives several keys, each told once, a value.
    mutating func add(_ added: [ContextKey], _ value: Value) {
        let new = keys.isEmpty ? added : added.filter { !contains($0) }
        keys += new
        numbers += new.map(\.number)
        values += Array(repeating: value, count: new.count)
        places = [:]
        index()
    }

    private mutating func remove(_ key: ContextKey) {
        guard let place = place(of: key) else { return }
        keys.remove(at: place)
        numbers.remove(at: place)
        values.remove(at: place)
        places = [:]
        index()
    }

    /// Keeps the values whose key passes.
    mutating func keep(_ isKept: (ContextKey) -> Bool) {
        let kept = keys.indices.filter { isKept(keys[$0]) }
        guard kept.count < keys.count else { return }
        (keys, numbers, values) = (kept.map { keys[$0] }, kept.map { numbers[$0] }, kept.map { values[$0] })
        places = [:]
        index()
    }

    private mutating func index() {
        guard keys.count > Self.walkLimit else { return }
        for (place, key) in keys.enumerated() { places[key] = place }
    }
}
