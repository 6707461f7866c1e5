public import TrailStore

/// The rules of a suppression file that hold at one moment, such that a group meets only the few that can match it.
///
/// A rule is found by the literal text at the beginning or end of one of its patterns, whichever the fewest rules share. Ten thousand
/// rules for ten thousand roles thus cost each group one look-up, not ten thousand comparisons.
public struct SuppressionIndex: Sendable {
    /// Where the text of a key stands.
    private enum Place: Hashable, CaseIterable {
        case principalStart, principalEnd, actionStart, actionEnd, resourceStart, resourceEnd

        var isStart: Bool {
            switch self {
            case .principalStart, .actionStart, .resourceStart: true
            case .principalEnd, .actionEnd, .resourceEnd: false
            }
        }

        func pattern(of rule: Suppression.Rule) -> String {
            switch self {
            case .principalStart, .principalEnd: rule.principal
            case .actionStart, .actionEnd: rule.action.lowercased()
            case .resourceStart, .resourceEnd: rule.resource
            }
        }
    }

    private struct Key: Hashable {
        var place: Place
        var text: [UInt8]
    }

    private let rules: [Suppression.Rule]
    private var byKey: [Key: [Int]] = [:]
    private var lengths: [Place: Set<Int>] = [:]
    /// Rules of which no pattern begins or ends in literal text.
    private var others: [Int] = []

    /// An index of the rules that hold at `now` (ISO 8601 UTC text).
    public init(_ suppression: Suppression, at now: String) {
        rules = suppression.rules.filter { !$0.isExpired(at: now) }
        var shared: [Key: Int] = [:]
        for rule in rules { for key in Self.keys(of: rule) { shared[key, default: 0] += 1 } }
        for (number, rule) in rules.enumerated() {
            // The first of several that are shared alike: the order of the places, not of a dictionary.
            guard let key = Self.keys(of: rule).min(by: { shared[$0, default: 0] < shared[$1, default: 0] }) else {
                others.append(number)
                continue
            }
            byKey[key, default: []].append(number)
            lengths[key.place, default: []].insert(key.text.count)
        }
    }

    /// Whether every denial of the group is accepted; as ``Suppression/hides(_:at:)``.
    public func hides(_ group: DenialGroup) -> Bool { Suppression.hides(group, by: candidates(for: group)) }

    /// The rules that may match the group, in the order of their lines.
    func candidates(for group: DenialGroup) -> [Suppression.Rule] {
        var found = Set(others)
        for place in Place.allCases {
            guard let lengths = lengths[place] else { continue }
            for text in Self.texts(of: group, place) {
                for length in lengths where length <= text.count {
                    let part = place.isStart ? text.prefix(length) : text.suffix(length)
                    found.formUnion(byKey[Key(place: place, text: Array(part))] ?? [])
                }
            }
        }
        return found.sorted().map { rules[$0] }
    }

    private static func texts(of group: DenialGroup, _ place: Place) -> [[UInt8]] {
        switch place {
        case .principalStart, .principalEnd: [Array(group.principal.utf8)]
        case .actionStart, .actionEnd: [Array(group.action.lowercased().utf8)]
        case .resourceStart, .resourceEnd: group.resources.map { Array($0.value.utf8) }
        }
    }

    private static func keys(of rule: Suppression.Rule) -> [Key] {
        Place.allCases.compactMap { place in
            let pattern = Array(place.pattern(of: rule).utf8)
            func isLiteral(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "*") && byte != UInt8(ascii: "?") }
            let text =
                place.isStart
                ? Array(pattern.prefix(while: isLiteral))
                : Array(pattern.reversed().prefix(while: isLiteral).reversed())
            return text.isEmpty ? nil : Key(place: place, text: text)
        }
    }
}
