import OrderedJSON

/// The leaves of two records that are compared, by their places: further records are asked for these alone, and no name is put
/// together before somebody is told it.
struct ComparedFields {
    /// A request with the part of its record that is compared.
    typealias Part = (request: ObservedRequest, record: JSONValue)

    /// A member, below another one; the first is the record itself.
    private struct Node {
        var name: String
        var parent: Int
        var below: [Int] = []
        /// The place of its text, where it is a leaf of a record.
        var place: Int?
    }

    private var nodes = [Node(name: "", parent: 0)]
    /// The leaves in order of their places.
    private var leaves: [Int] = []
    /// What stands for no leaf, behind those: what was called, and what callers with a token claim.
    private var further = ["resource"]
    /// The place of the name in a token's claims, which they tell again.
    private var userName: Int?

    /// The deepest that records are compared.
    private static let depthLimit = 6
    /// The most members of two records that are compared.
    private static let nodeLimit = 1_000

    /// The leaves of two parts, without members that tell nothing.
    init(_ parts: [Part], besides passing: MemberTree) {
        for part in parts {
            add(part.record, to: 0, depth: 0, besides: passing)
            guard let claims = TokenClaims(part.request.call) else { continue }
            for name in claims.named.map(\.name) where !further.contains(name) { further.append(name) }
        }
        userName = child(of: 0, "userIdentity").flatMap { child(of: $0, "userName") }.flatMap { nodes[$0].place }
    }

    /// The places of the texts.
    var indices: Range<Int> { 0..<leaves.count + further.count }

    /// Where a text stands in the records, such as `requestParameters.x-amz-acl`.
    func name(of place: Int) -> String {
        place < leaves.count ? name(ofNode: leaves[place]) : further[place - leaves.count]
    }

    private func name(ofNode node: Int) -> String {
        let (own, parent) = (nodes[node].name, nodes[node].parent)
        return parent == 0 ? own : name(ofNode: parent) + "." + own
    }

    /// The texts that a request has at the places; `nil` where there is none.
    func texts(of part: Part) -> [String?] {
        var texts = [String?](repeating: nil, count: indices.count)
        read(part.record, at: 0, into: &texts)
        let request = part.request
        texts[leaves.count] = request.isResourceTold ? request.resource : nil
        if further.count > 1 || userName != nil, let claims = TokenClaims(request.call) {
            for (name, text) in claims.named {
                if let place = further.firstIndex(of: name) { texts[leaves.count + place] = text }
            }
            if let userName { texts[userName] = nil }
        }
        return texts
    }

    private mutating func add(_ value: JSONValue, to node: Int, depth: Int, besides passing: MemberTree?) {
        guard depth <= Self.depthLimit else { return }
        switch value {
        case .object(let members):
            for member in members {
                let below = passing?[member.key]
                guard below?.isLeaf != true, depth > 0 || !member.key.isAnswer else { continue }
                guard let child = child(of: node, member.key) ?? newChild(of: node, member.key) else { return }
                add(member.value, to: child, depth: depth + 1, besides: below)
            }
        case .null: break
        case .array, .string, .integer, .number, .bool:
            guard nodes[node].place == nil else { return }
            nodes[node].place = leaves.count
            leaves.append(node)
        }
    }

    private mutating func newChild(of node: Int, _ name: String) -> Int? {
        guard nodes.count < Self.nodeLimit else { return nil }
        nodes[node].below.append(nodes.count)
        nodes.append(Node(name: name, parent: node))
        return nodes.count - 1
    }

    /// The member of a name: names of another length need no look.
    private func child(of node: Int, _ name: String) -> Int? {
        let length = name.utf8.count
        return nodes[node].below.first { nodes[$0].name.utf8.count == length && nodes[$0].name == name }
    }

    private func read(_ value: JSONValue, at node: Int, into texts: inout [String?]) {
        switch value {
        case .object(let members):
            guard !nodes[node].below.isEmpty else { return }
            for member in members {
                if let child = child(of: node, member.key) { read(member.value, at: child, into: &texts) }
            }
        case .array(let values):
            guard let place = nodes[node].place else { return }
            // What is a list to AWS has no order.
            texts[place] = values.map { $0.scalarText ?? $0.prettyText() }.sorted().joined(separator: ", ")
        case .null: break
        case .string, .integer, .number, .bool:
            if let place = nodes[node].place { texts[place] = value.scalarText }
        }
    }
}

extension TokenClaims {
    /// What the token claims, by the names that condition keys give it.
    fileprivate var named: [(name: String, text: String?)] {
        [("\(provider):aud", audience), ("\(provider):sub", subject)]
    }
}

extension String {
    /// Whether it names what the service answered, or what the call was on, of which more is known.
    fileprivate var isAnswer: Bool {
        hasPrefix("responseElements") || hasPrefix("resources") || self == "resource"
    }
}
