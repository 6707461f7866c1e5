import OrderedJSON

/// The context keys of a request: each has a value, is absent, or is unknown.
struct PlainContext {
    enum State: Equatable {
        case absent
        case unknown
        case single(String)
        case list([String])
    }

    var entries: [(key: String, state: State)] = []
    var unknownPatterns: [String] = []
    /// Whether the request is for a bucket whose tags do not count: attribute-based access is off for it.
    var hidesBucketTags = false

    init(_ request: JSONValue) {
        if case .object(let members) = request.last("context") {
            entries = members.map { member in
                if case .array(let values) = member.value { return (member.key, .list(values.map(PlainText.text))) }
                return (member.key, .single(PlainText.text(member.value)))
            }
        }
        unknownPatterns = request.last("unknownContextKeys")?.texts ?? []
    }

    /// Names by which services call `aws:ResourceTag`.
    static let tagNames = [
        "aws:resourcetag/", "iam:resourcetag/", "ec2:resourcetag/", "ssm:resourcetag/", "secretsmanager:resourcetag/",
        "ecr:resourcetag/", "s3:buckettag/",
    ]

    func state(_ key: String) -> State {
        let name = key.lowercased()
        var names = [name]
        if let prefix = Self.tagNames.first(where: name.hasPrefix) {
            if hidesBucketTags { return .absent }
            names += Self.tagNames.map { $0 + name.dropFirst(prefix.count) }
        }
        for name in names {
            if let entry = entries.first(where: { $0.key.lowercased() == name }) { return entry.state }
        }
        return names.contains(where: isUnknown) ? .unknown : .absent
    }

    private func isUnknown(_ name: String) -> Bool {
        unknownPatterns.contains { pattern in
            let pattern = pattern.lowercased()
            if pattern == "*" { return true }
            return pattern.hasSuffix("/*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
        }
    }
}

/// A text of a policy with its variables replaced.
enum PlainSubstitution: Equatable {
    case pieces([PlainPiece])
    /// A variable has no value: nothing equals this text.
    case nothing
    /// Variables of these keys have a value that is not known.
    case unknown([String])

    /// Replaces variables. Values are literal: a star in a user's name is a star.
    init(_ text: String, context: PlainContext, hasVariables: Bool) {
        guard hasVariables else {
            self = .pieces(PlainText.pieces(text))
            return
        }
        var pieces: [PlainPiece] = []
        var unknown: [String] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            pieces += PlainText.pieces(String(rest[..<start.lowerBound]))
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                self = .nothing
                return
            }
            let name = String(rest[start.upperBound..<end])
            rest = rest[rest.index(after: end)...]
            if ["*", "?", "$"].contains(name) {
                pieces += PlainText.literal(name)
                continue
            }
            let halves = name.split(separator: ",", maxSplits: 1).map(String.init)
            var standIn: String?
            if halves.count == 2, let open = halves[1].firstIndex(of: "'"), let close = halves[1].lastIndex(of: "'"),
                open < close
            {
                standIn = String(halves[1][halves[1].index(after: open)..<close])
            }
            let key = halves.first ?? ""
            switch context.state(key) {
            case .single(let value): pieces += PlainText.literal(value)
            case .unknown: unknown.append(key)
            case .absent, .list:
                guard let standIn else {
                    self = .nothing
                    return
                }
                pieces += PlainText.literal(standIn)
            }
        }
        pieces += PlainText.pieces(String(rest))
        self = unknown.isEmpty ? .pieces(pieces) : .unknown(unknown)
    }
}
