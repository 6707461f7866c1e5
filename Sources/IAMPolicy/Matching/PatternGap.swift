/// The one thing in which a pattern that looks right differs from the ARN that it should match.
///
/// Sources: "IAM JSON policy elements: Resource" (case counts), "IAM ARNs" (a path is part of a role's ARN), and "Amazon Resource Names
/// (ARNs)" (which services leave Region or account empty, and what separates type and name) in the AWS documentation.
package struct PatternGap: Sendable, Hashable {
    /// In what the two differ.
    package enum Kind: Sendable, Hashable {
        /// Blanks at an end of the pattern.
        case blanks
        /// Upper and lower case.
        case letterCase
        /// The path of a user, role or policy, which the pattern lacks; it ends in a slash.
        case path(String)
        /// Slashes that one of them has, or has twice.
        case slashes
        /// `:` in one where the other has `/`.
        case separator
        /// The pattern covers what lies under a thing, and not the thing.
        case itself
        /// The pattern covers a thing, and not what lies under it.
        case beneath
        /// Another partition.
        case partition
        /// A Region or account that ARNs of this kind leave empty, or one that they have.
        case emptyPart
        /// Something that was to be replaced by a Region or an account.
        case placeholder(String)
        /// A whole ARN where its last part belongs.
        case nested
        /// A letter too many, one too few, or two that changed places.
        case spelling
    }

    /// In what they differ.
    package var kind: Kind
    /// The pattern as it would match.
    package var corrected: String

    /// The longest text that is compared, in bytes.
    private static let limit = 1024
    /// How many patterns of a list are looked at.
    package static let patternLimit = 64

    /// The gap between a pattern and an ARN; `nil` where the pattern matches, where the two differ in more, and where one is no ARN.
    package init?(_ pattern: String, _ text: String) {
        guard pattern.utf8.count <= Self.limit, text.utf8.count <= Self.limit, !ResourcePattern(pattern).matches(text)
        else { return nil }
        let bare = pattern.trimmed
        if bare != pattern, ResourcePattern(bare).matches(text) {
            self.init(.blanks, bare)
            return
        }
        guard let asked = ARN(pattern), let had = ARN(text), asked.service == had.service else { return nil }
        for correct in Self.corrections {
            guard let (kind, corrected) = correct(asked, had), ResourcePattern(corrected.description).matches(text)
            else { continue }
            self.init(kind, corrected.description)
            return
        }
        return nil
    }

    private init(_ kind: Kind, _ corrected: String) {
        self.kind = kind
        self.corrected = corrected
    }

    private typealias Correction = @Sendable (_ asked: ARN, _ had: ARN) -> (Kind, ARN)?

    /// What may be meant, the likeliest first. A correction need not match: only one that does is told.
    private static let corrections: [Correction] = [
        letterCase, partition, emptyPart, placeholder, nested, path, itself, beneath, slashes, separator, spelling,
    ]

    private static func letterCase(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        guard Glob.matches(asked.description[...], had.description[...], ignoringCase: true) else { return nil }
        var corrected = asked
        corrected.resource = asked.resource.takingCase(of: had.resource) ?? had.resource
        return (.letterCase, corrected)
    }

    private static func partition(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        guard asked.partition != had.partition else { return nil }
        var corrected = asked
        corrected.partition = had.partition
        return (.partition, corrected)
    }

    private static func emptyPart(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        guard asked.region.isEmpty != had.region.isEmpty || asked.account.isEmpty != had.account.isEmpty else {
            return nil
        }
        var corrected = asked
        if asked.region.isEmpty != had.region.isEmpty { corrected.region = had.region }
        if asked.account.isEmpty != had.account.isEmpty { corrected.account = had.account }
        return (.emptyPart, corrected)
    }

    /// What stands for a Region or an account in examples: words in brackets, or in the place of an account's twelve digits.
    private static func placeholder(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        func isOpen(_ part: String) -> Bool {
            part.utf8.contains { "<>[]{}".utf8.contains($0) } && !part.contains("${")
        }
        let isWord =
            !asked.account.isEmpty && asked.account != "aws" && !asked.account.contains("*")
            && !asked.account.contains("?") && !asked.account.contains("${")
            && !asked.account.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        var corrected = asked
        var word: String?
        if isWord || isOpen(asked.account) { (corrected.account, word) = (had.account, asked.account) }
        if isOpen(asked.region) { (corrected.region, word) = (had.region, word ?? asked.region) }
        return word.map { (.placeholder($0), corrected) }
    }

    /// The ARN of what a thing belongs to in the place of its name: `execution:arn:…:stateMachine:NAME:*`.
    private static func nested(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        guard let start = asked.resource.firstRange(of: "arn:")?.lowerBound,
            let inner = ARN(String(asked.resource[start...]))
        else { return nil }
        let name = String(inner.resource.drop { $0 != ":" && $0 != "/" }.dropFirst())
        var corrected = asked
        // With the inner ARN's type or without it; but never a pattern that covers everything.
        for part in [inner.resource, name] where part.contains(where: { !"*?:/".contains($0) }) {
            corrected.resource = asked.resource[..<start] + part
            if ResourcePattern(corrected.description).matches(had.description) { break }
        }
        return (.nested, corrected)
    }

    /// A user, role or policy by its name alone.
    private static func path(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        let parts = had.resource.split(separator: "/")
        guard had.service == "iam", parts.count > 2, let type = asked.resource.split(separator: "/").first,
            type == parts[0]
        else { return nil }
        let path = parts[1..<(parts.count - 1)].joined(separator: "/") + "/"
        var corrected = asked
        corrected.resource = "\(type)/\(path)\(asked.resource.dropFirst(type.count + 1))"
        return (.path(path), corrected)
    }

    private static func itself(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        var corrected = asked
        guard ["/*", ":*"].contains(where: asked.resource.hasSuffix) else { return nil }
        corrected.resource.removeLast(2)
        return (.itself, corrected)
    }

    private static func beneath(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        // A type without a name is no thing.
        guard had.service == "s3" || asked.resource.dropLast().contains(where: { ":/".contains($0) }) else {
            return nil
        }
        var corrected = asked
        corrected.resource += asked.resource.hasSuffix("/") ? "*" : "/*"
        if ResourcePattern(corrected.description).matches(had.description) { return (.beneath, corrected) }
        corrected.resource = asked.resource + ":*"
        return (.beneath, corrected)
    }

    private static func slashes(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        var corrected = asked
        corrected.resource = asked.resource.withSingleSlashes
        if ResourcePattern(corrected.description).matches(had.description) { return (.slashes, corrected) }
        // A slash behind the name of a bucket or a type, or one at the end.
        if corrected.resource.hasSuffix("/") {
            corrected.resource.removeLast()
        } else if had.service == "s3", let slash = corrected.resource.firstIndex(of: "/"),
            had.resource.hasPrefix(corrected.resource[..<slash] + "//")
        {
            corrected.resource.insert("/", at: slash)
        }
        return (.slashes, corrected)
    }

    private static func separator(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        let places = zip(asked.resource, had.resource).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        guard let place = places.first else { return nil }
        var characters = Array(asked.resource)
        let other = Array(had.resource)[place]
        guard ":/".contains(characters[place]), ":/".contains(other) else { return nil }
        characters[place] = other
        var corrected = asked
        corrected.resource = String(characters)
        return (.separator, corrected)
    }

    /// One part of the path that is spelled otherwise.
    private static func spelling(_ asked: ARN, _ had: ARN) -> (Kind, ARN)? {
        var parts = asked.resource.split(separator: "/", omittingEmptySubsequences: false)
        let others = had.resource.split(separator: "/", omittingEmptySubsequences: false)
        for (index, other) in others.enumerated() where index < parts.count {
            guard !Glob.matches(parts[index], other) else { continue }
            guard parts[index].isMisspelled(other) else { return nil }
            parts[index] = other
            break
        }
        var corrected = asked
        corrected.resource = parts.joined(separator: "/")
        return (.spelling, corrected)
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        let text = drop(while: \.isWhitespace)
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// With one slash where there are several, and none at its beginning.
    fileprivate var withSingleSlashes: String {
        var text = ""
        for character in self where character != "/" || !text.isEmpty && text.last != "/" { text.append(character) }
        return text
    }

    /// The pattern in the case that the text has; `nil` where wildcards keep the two apart by more than their last character.
    fileprivate func takingCase(of text: String) -> String? {
        if count == text.count, !contains("*") { return text }
        guard hasSuffix("*"), !dropLast().contains("*"), text.count >= count - 1 else { return nil }
        return String(text.prefix(count - 1)) + "*"
    }
}

extension Substring {
    /// The fewest letters that a name has of which a slip of spelling is told.
    private static let shortest = 6

    /// Whether two names differ by one letter that is missing, or by two that changed places: a slip, and not another thing's name, as
    /// other digits, or another letter in the place of one, often are.
    fileprivate func isMisspelled(_ other: Substring) -> Bool {
        let (own, text) = (Array(utf8), Array(other.utf8))
        guard Swift.min(own.count, text.count) >= Self.shortest, !contains("*"), !contains("?") else { return false }
        let begin = zip(own, text).prefix { $0 == $1 }.count
        let end = zip(own.reversed(), text.reversed()).prefix { $0 == $1 }.count
        switch own.count - text.count {
        case 0:
            guard begin + end + 2 == own.count else {
                return begin + end + 1 == own.count && "-_".utf8.contains(own[begin])
                    && "-_".utf8.contains(text[begin])
            }
            return own[begin] == text[begin + 1] && own[begin + 1] == text[begin]
        case 1, -1:
            let longer = own.count > text.count ? own : text
            guard begin + end >= longer.count - 1 else { return false }
            let letter = longer[Swift.min(begin, longer.count - 1)] | 0x20
            return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
        default: return false
        }
    }
}
