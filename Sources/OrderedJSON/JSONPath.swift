/// The way from the top of a JSON value down to a part of it, such as `identityPolicies[0].document`.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down.
    public enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// The steps, from the top down; empty for the value itself.
    public var steps: [Step]

    /// A path of the given steps.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// The path to a member of the object that this path leads to.
    public func key(_ key: String) -> JSONPath { JSONPath(steps + [.key(key)]) }

    /// The path to an element of the array that this path leads to.
    public func index(_ index: Int) -> JSONPath { JSONPath(steps + [.index(index)]) }

    /// The steps behind one another: `context.aws:SourceIp`, `identityPolicies[0]`; empty for the value itself.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .key(let key): text += text.isEmpty ? key : "." + key
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

extension JSONValue {
    /// The places of members whose name stands in the same object before: JSON allows them, and readers differ in which they take.
    ///
    /// Each place is told once, in the order of the text.
    public func repeatedNames(below path: JSONPath = JSONPath()) -> [JSONPath] {
        // Hardly any text has one, and then no path need be written.
        hasRepeatedNames ? repeats(below: path) : []
    }

    private func repeats(below path: JSONPath) -> [JSONPath] {
        switch self {
        case .null, .bool, .integer, .number, .string: return []
        case .array(let values): return values.enumerated().flatMap { $1.repeats(below: path.index($0)) }
        case .object(let members):
            var seen: Set<String> = []
            var told: Set<String> = []
            var found: [JSONPath] = []
            for member in members {
                let place = path.key(member.key)
                if !seen.insert(member.key).inserted, told.insert(member.key).inserted { found.append(place) }
                found += member.value.repeats(below: place)
            }
            return found
        }
    }

    /// How many names of one object are compared with each other rather than put into a set.
    private static let fewNames = 16

    /// Whether any object in the value has a name twice.
    private var hasRepeatedNames: Bool {
        switch self {
        case .null, .bool, .integer, .number, .string: return false
        case .array(let values): return values.contains(where: \.hasRepeatedNames)
        case .object(let members):
            if members.count > Self.fewNames {
                if Set(members.lazy.map(\.key)).count < members.count { return true }
            } else {
                for place in members.indices.dropFirst() {
                    for other in members[..<place] where other.key == members[place].key { return true }
                }
            }
            return members.contains { $0.value.hasRepeatedNames }
        }
    }

    /// The members without those that a later one of the same name replaces.
    public var lastMembers: [Member] {
        guard case .object(let members) = self else { return [] }
        guard members.count > 1 else { return members }
        var seen: Set<String> = []
        return Array(members.reversed().filter { seen.insert($0.key).inserted }.reversed())
    }

    /// The value of the *last* member of this name, spelled exactly so: where a name is repeated, the last one wins.
    public func lastMember(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }
}
