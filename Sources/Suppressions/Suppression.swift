import AccessDenial
import IAMPolicy
public import TrailStore
import Wording

/// Denials that somebody accepted: the rules of a suppression file.
///
/// One rule a line: four patterns, an end date if wanted, and why.
/// ```
/// # principal        action       reason        resource   end               why
/// */role/ci/scanner  s3:Get*      *             *          until=2027-03-31  # scans every bucket, agreed with security
/// *:user/kiosk       iam:List*    explicit-deny "user *"                     # the console asks, nobody needs it
/// ```
/// Fields are parted by blanks; a field that holds blanks stands in double quotes. A pattern must match the whole text; `*` is any
/// run of characters and `?` any one; actions match in any letter case. The text behind `#` is required, so that nobody has to
/// guess in a year. Lines that are empty or begin with `#` are skipped. A rule holds through the day of its `until` (UTC).
public struct Suppression: Sendable, Hashable {
    /// One line of the file.
    public struct Rule: Sendable, Hashable {
        /// The line's number, from 1.
        public var line: Int
        /// A glob for the group's principal.
        public var principal: String
        /// A glob for the IAM action.
        public var action: String
        /// A glob for the reason's slug, such as `missing-allow:*`.
        public var reason: String
        /// A glob for the refused resource; only `*` matches a denial for which AWS names none.
        public var resource: String
        /// The last day on which the rule holds, `2027-03-31`; `nil` for ever.
        public var until: String?
        /// Why the denials are accepted.
        public var why: String

        /// Whether the rule no longer holds.
        ///
        /// - Parameter now: ISO 8601 UTC text.
        public func isExpired(at now: String) -> Bool { until.map { now.prefix(10) > $0 } ?? false }
    }

    /// The rules in the order of their lines.
    public var rules: [Rule]

    /// Rules that are known already.
    public init(rules: [Rule]) { self.rules = rules }

    /// Reads a suppression file's text.
    ///
    /// - Throws: ``SuppressionError`` for the first line that is not understood: a rule that hides the wrong thing, or nothing,
    ///   must not pass in silence.
    public init(parsing text: String) throws(SuppressionError) {
        rules = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let fields = try Self.fields(line, number)
            guard !fields.isEmpty else { continue }
            rules.append(try Self.rule(fields, number))
        }
    }

    /// Rules that ended before `now`, in the order of their lines.
    public func expired(at now: String) -> [Rule] { rules.filter { $0.isExpired(at: now) } }

    /// Whether every denial of the group is accepted by a rule that holds at `now`.
    ///
    /// Each resource must be matched by some rule of the principal, action and reason. Where denials name no resource, or more
    /// resources than are listed, only a rule for all resources (`*`) will do.
    public func hides(_ group: DenialGroup, at now: String) -> Bool {
        Self.hides(group, by: rules.filter { !$0.isExpired(at: now) })
    }

    /// As ``hides(_:at:)``, by rules that all hold.
    static func hides(_ group: DenialGroup, by rules: [Rule]) -> Bool {
        let rules = rules.filter { rule in
            matches(rule.principal, group.principal) && matches(rule.action, group.action, ignoringCase: true)
                && matches(rule.reason, group.reason.slug)
        }
        guard !rules.isEmpty else { return false }
        if rules.contains(where: { $0.resource == "*" }) { return true }
        guard group.resources.reduce(0, { $0 + $1.denials }) == group.denials else { return false }
        return group.resources.allSatisfy { resource in
            rules.contains { matches($0.resource, resource.value) }
        }
    }

    private static func matches(_ pattern: String, _ text: String, ignoringCase: Bool = false) -> Bool {
        Glob.matches(pattern[...], text[...], ignoringCase: ignoringCase)
    }

    // MARK: - Reading

    private enum Field: Hashable {
        case pattern(String)
        case until(String)
        case why(String)
    }

    private static func fields(_ line: Substring, _ number: Int) throws(SuppressionError) -> [Field] {
        var fields: [Field] = []
        var rest = line.drop { $0 == " " || $0 == "\t" }
        while let first = rest.first {
            if first == "#" {
                // A line of nothing else is a comment.
                guard !fields.isEmpty else { return [] }
                fields.append(.why(trimmed(rest.dropFirst())))
                return fields
            }
            if first == "\"" {
                let body = rest.dropFirst()
                guard let end = body.firstIndex(of: "\"") else {
                    throw SuppressionError(line: number, "a quotation mark is not closed")
                }
                let after = body[body.index(after: end)...]
                guard after.isEmpty || after.first == " " || after.first == "\t" else {
                    throw SuppressionError(line: number, "a blank must follow the closing quotation mark")
                }
                fields.append(.pattern(String(body[..<end])))
                rest = after
            } else {
                let word = rest.prefix { $0 != " " && $0 != "\t" }
                guard !word.contains("\"") else {
                    throw SuppressionError(
                        line: number, "there is a quotation mark inside a field: quote the whole field")
                }
                fields.append(
                    word.hasPrefix("until=") ? .until(String(word.dropFirst("until=".count))) : .pattern(String(word)))
                rest = rest[word.endIndex...]
            }
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
        return fields
    }

    private static func rule(_ fields: [Field], _ line: Int) throws(SuppressionError) -> Rule {
        var patterns: [String] = []
        var until: String?
        var why = ""
        for field in fields {
            switch field {
            case .pattern(let text):
                guard until == nil else { throw SuppressionError(line: line, "a pattern follows until=") }
                guard !text.isEmpty else { throw SuppressionError(line: line, "a pattern is empty") }
                patterns.append(text)
            case .until(let text):
                guard until == nil else { throw SuppressionError(line: line, "until= appears twice") }
                guard text.utf8.count == 10, Timestamp.seconds(text + "T00:00:00") != nil else {
                    throw SuppressionError(line: line, "`\(text)` is not a date: write until=2027-03-31")
                }
                until = text
            case .why(let text): why = text
            }
        }
        guard patterns.count == 4 else {
            throw SuppressionError(
                line: line,
                "\(patterns.count.of("pattern", "patterns")) where four are needed: principal action reason resource")
        }
        guard !why.isEmpty else {
            throw SuppressionError(line: line, "nothing says why: write behind # why these denials are accepted")
        }
        let known = Reason.allReasons.map(\.slug)
        guard known.contains(where: { matches(patterns[2], $0) }) else {
            throw SuppressionError(
                line: line,
                "no reason is called `\(patterns[2])`: reports name them, such as missing-allow:identity-based")
        }
        guard patterns[1].contains(":") || patterns[1].contains("*") else {
            throw SuppressionError(
                line: line, "`\(patterns[1])` is no IAM action: write service:Action, such as s3:GetObject")
        }
        return Rule(
            line: line, principal: patterns[0], action: patterns[1], reason: patterns[2], resource: patterns[3],
            until: until, why: why)
    }

    private static func trimmed(_ text: Substring) -> String {
        let blanks: Set<Character> = [" ", "\t"]
        let start = text.drop { blanks.contains($0) }
        guard let end = start.lastIndex(where: { !blanks.contains($0) }) else { return "" }
        return String(start[...end])
    }
}

/// A line of a suppression file that is not understood.
public struct SuppressionError: Error, Hashable, CustomStringConvertible {
    /// The line's number, from 1.
    public var line: Int
    /// What is wrong with it, and what to write.
    public var message: String

    init(line: Int, _ message: String) {
        self.line = line
        self.message = message
    }

    /// `line 3: …`.
    public var description: String { "line \(line): \(message)" }
}
