import AccessDenial
import Diagnosis
import IAMPolicy
import Wording

/// Replaces what identifies an organization: account ids, names, addresses and ids.
///
/// The same value always gets the same replacement, in the order in which values are met, so that a redacted report still tells
/// its story and the same report is redacted to the same bytes. What is kept is a short list of AWS's own words (actions,
/// Regions, services, error codes); **everything else** is replaced, so that a shape that nobody thought of is not told.
struct Redactor {
    /// AWS's own words that this report holds: event names, error codes, types.
    private var words = Self.ownWords
    private var replacements: [String: String] = [:]
    private var counts: [String: Int] = [:]
    private let shapes = Shapes()

    /// A redactor that keeps these words of AWS's, as far as they look like such: what a record calls its event, its Region or its
    /// error may be anybody's text.
    init(words: Set<String> = []) {
        self.words.formUnion(words.filter { shapes.isWord($0) })
    }

    /// The shapes of identifying texts and of AWS's words, each compiled once.
    private struct Shapes {
        let address = #/[0-9]{1,3}(?:\.[0-9]{1,3}){3}/#
        let address6 = #/[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}/#
        let uuid = #/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/#
        let uniqueID = #/A[A-Z]{3}[A-Z0-9]{12,}/#
        let resourceID = #/(vpce|vpc|subnet|i|sg|o|ou|r|p|eni|eipalloc|nat)-[0-9a-z-]{4,}/#
        let time = #/[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?/#
        /// IAM's actions begin with a capital; condition keys of AWS's own need not.
        let action = #/(aws(?=:)|[a-z0-9-]+(?=:(?:[A-Z*]|$))):([A-Za-z][A-Za-z0-9]*)?\*?/#
        let endpoint = #/([a-z0-9-]+)\.amazonaws\.com/#
        let plain = #/[A-Za-z0-9\/_-]+/#
        /// A Region's code; stricter than it looks, so that no name of an organization's passes for one.
        let region =
            #/(?:[a-z]{2}|eusc)(?:-(?:gov|iso[a-z]?|de))?-(?:central|(?:north|south)(?:east|west)?|east|west)-[0-9]{1,2}/#
        /// An operation, an action, a service, a Region, a type, a reason or an error code.
        let word = #/[A-Za-z][A-Za-z0-9_.-]{0,127}(?::[A-Za-z][A-Za-z0-9_.-]{0,127})?/#

        func isWord(_ text: String) -> Bool {
            text.wholeMatch(of: word) != nil && text.split(separator: ":").allSatisfy { !isIdentifying(String($0)) }
        }

        func isRegion(_ text: String) -> Bool { text.wholeMatch(of: region) != nil }

        func isAccount(_ text: String) -> Bool {
            text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }

        func isIdentifying(_ text: String) -> Bool {
            isAccount(text) || text.wholeMatch(of: address) != nil || text.wholeMatch(of: address6) != nil
                || text.wholeMatch(of: uuid) != nil || text.wholeMatch(of: uniqueID) != nil
                || text.wholeMatch(of: resourceID) != nil
        }
    }

    /// Text with all of its names, ids and addresses replaced.
    mutating func redact(_ text: String) -> String {
        if let known = replacements[text] { return known }
        var result = ""
        var token = ""
        for character in text {
            if Self.isSeparator(character) {
                result += redact(token: token)
                token = ""
                result.append(character)
            } else {
                token.append(character)
            }
        }
        return result + redact(token: token)
    }

    /// A replacement for the whole of a text, such as a user agent: `agent-1`.
    ///
    /// A name that is a Region's code stays: it tells nothing of its owner, and replaced it would take the Region along wherever
    /// that stands.
    mutating func replace(_ text: String, kind: String) -> String {
        if shapes.isRegion(text) { return text }
        if let known = replacements[text] { return known }
        let number = next(kind)
        let replacement = "\(kind)-\(number)"
        replacements[text] = replacement
        return replacement
    }

    /// A shell command: its words stay, the values from the archive are redacted, and the line is rendered anew.
    mutating func redact(_ command: ShellCommand) -> ShellCommand {
        command.replacingValues { redact($0) }
    }

    /// A sentence: our words stay, values are redacted.
    mutating func redact(_ prose: Prose) -> Prose {
        var runs: [Prose.Run] = []
        for run in prose.runs {
            switch run {
            case .words, .code, .time: runs.append(run)
            case .value(let text): runs.append(.value(redact(text)))
            }
        }
        return Prose(runs)
    }

    /// A policy that is as well-formed as it was: actions and condition keys stay, but for the tag in a key.
    mutating func redact(_ policy: PolicyDocument) -> PolicyDocument {
        var policy = policy
        policy.id = nil
        for index in policy.statements.indices {
            var statement = policy.statements[index]
            statement.sid = nil
            if let actions = map(statement.actions, { ActionPattern($0.redact($1.text)) }) {
                statement.actions = actions
            }
            statement.resources = map(statement.resources) { ResourcePattern($0.redact($1.text)) }
            statement.principals = map(statement.principals) { PrincipalPattern(kind: $1.kind, $0.redact($1.text)) }
            for line in statement.conditions.indices {
                let key = statement.conditions[line].key
                if let slash = key.firstIndex(of: "/") {
                    statement.conditions[line].key = key[...slash] + redact(String(key[key.index(after: slash)...]))
                }
                statement.conditions[line].values = statement.conditions[line].values.map { redact($0) }
            }
            policy.statements[index] = statement
        }
        return policy
    }

    private mutating func map<Pattern>(
        _ selection: Statement.Selection<Pattern>?, _ change: (inout Redactor, Pattern) -> Pattern
    ) -> Statement.Selection<Pattern>? {
        switch selection {
        case .matching(let patterns)?: .matching(patterns.map { change(&self, $0) })
        case .exceptMatching(let patterns)?: .exceptMatching(patterns.map { change(&self, $0) })
        case nil: nil
        }
    }

    // MARK: - Tokens

    private mutating func redact(token: String) -> String {
        if token.isEmpty || isKept(token) { return token }
        if let known = replacements[token] { return known }
        if let last = token.last, ".:".contains(last) { return redact(token: String(token.dropLast())) + String(last) }
        if token.hasPrefix("arn:"), let arn = redactARN(token) { return arn }
        if let replacement = replacement(for: token) {
            replacements[token] = replacement
            return replacement
        }
        // `AWSAccount:210987654321:AROA…`, `192.0.2.1/32`, `key=value`: part by part.
        if let index = token.firstIndex(where: { "/:=@".contains($0) }) {
            let rest = token[token.index(after: index)...]
            return redact(token: String(token[..<index])) + String(token[index]) + redact(token: String(rest))
        }
        return replace(token, kind: "name")
    }

    private mutating func redactARN(_ token: String) -> String? {
        let parts = token.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6 else { return nil }
        // A policy that AWS manages, the same in every account.
        if parts[4] == "aws" { return isPlain(parts[5]) ? token : nil }
        let service = ServiceFamily(named: parts[2]) == nil ? redact(token: parts[2]) : parts[2]
        let region = parts[3].isEmpty || shapes.isRegion(parts[3]) ? parts[3] : redact(token: parts[3])
        let account = parts[4].isEmpty ? "" : redact(token: parts[4])
        var resource = ""
        var segment = ""
        var kind = "name"
        let isSession = parts[5].hasPrefix("assumed-role/") || parts[5].contains("control_policy/")
        func isType(_ segment: String) -> Bool { parts[2] != "s3" && Self.resourceTypes.contains(segment) }
        let lastDelimiter = parts[5].lastIndex { $0 == "/" || $0 == ":" }
        for (index, character) in Array(zip(parts[5].indices, parts[5])) + [(parts[5].endIndex, Character("/"))] {
            guard character == "/" || character == ":" else {
                segment.append(character)
                continue
            }
            if segment.allSatisfy({ "*?".contains($0) }) || isType(segment) {
                resource += segment
                if isType(segment) { kind = Self.nameKinds[segment] ?? "name" }
            } else {
                let isPattern = segment.hasSuffix("*")
                let name = isPattern ? String(segment.dropLast()) : segment
                // What stands between the type and the name of an IAM entity is its path.
                let isPath =
                    ["role", "user", "policy"].contains(kind) && !isSession
                    && lastDelimiter.map { index <= $0 } ?? false
                resource += replacements[name] ?? replacement(for: name) ?? replace(name, kind: isPath ? "path" : kind)
                if isPattern { resource += "*" }
            }
            resource.append(character)
            segment = ""
        }
        return (parts[0...1] + [service, region, account, String(resource.dropLast())]).joined(separator: ":")
    }

    /// A replacement of the same shape, where the shape is known.
    private mutating func replacement(for token: String) -> String? {
        if shapes.isAccount(token) { return Self.padded(next("account"), to: 12) }
        if token.wholeMatch(of: shapes.address) != nil { return address(token) }
        if token.contains(":"), token.wholeMatch(of: shapes.address6) != nil {
            return "2001:db8::\(String(next("address6"), radix: 16))"
        }
        if token.wholeMatch(of: shapes.uuid) != nil {
            return "00000000-0000-4000-8000-" + Self.padded(next("uuid"), to: 12)
        }
        if token.wholeMatch(of: shapes.uniqueID) != nil {
            return token.prefix(4) + Self.padded(next(String(token.prefix(4))), to: 16)
        }
        if let match = token.wholeMatch(of: shapes.resourceID) {
            return "\(match.1)-" + Self.padded(next(String(match.1)), to: 10)
        }
        return nil
    }

    /// Addresses of the three networks that are set aside for documentation (RFC 5737), then IPv6 ones (RFC 3849).
    private mutating func address(_ text: String) -> String {
        let number = next("address4") - 1
        let networks = ["192.0.2", "198.51.100", "203.0.113"]
        guard number / 254 < networks.count else { return "2001:db8::\(String(next("address6"), radix: 16))" }
        return "\(networks[number / 254]).\(number % 254 + 1)"
    }

    private mutating func next(_ kind: String) -> Int {
        counts[kind, default: 0] += 1
        return counts[kind] ?? 1
    }

    // MARK: - What is kept

    private func isKept(_ token: String) -> Bool {
        if words.contains(token) || shapes.isRegion(token) || token.hasPrefix("--") { return true }
        if token.allSatisfy({ !$0.isLetter && !$0.isNumber }) { return true }
        if token.count <= 4, token.utf8.allSatisfy(Self.isDigit) { return true }
        if token.wholeMatch(of: shapes.time) != nil { return true }
        if let match = token.wholeMatch(of: shapes.action), !shapes.isIdentifying(String(match.2 ?? "")) {
            return match.1 == "aws" || ServiceFamily(named: String(match.1)) != nil
        }
        if let match = token.wholeMatch(of: shapes.endpoint) {
            return ServiceFamily(named: String(match.1)) != nil
        }
        return false
    }

    private func isPlain(_ text: String) -> Bool { text.wholeMatch(of: shapes.plain) != nil }

    private static func isSeparator(_ character: Character) -> Bool {
        character.isWhitespace || "\"'`,;()[]{}<>|&!\\…".contains(character)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func padded(_ number: Int, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }

    /// Words of the program's own that stand among values.
    private static let ownWords: Set<String> = [
        "Allow", "Deny", "Action", "Resource", "Principal", "Condition", "NotAction", "NotResource", "VERSION", "all",
        "denialGroup", "ingestIssue", "trail403", "prune", "report", "true", "false", "root", "arn:aws:", "aws",
    ]

    /// Segments of a resource that say what it is; AWS's words, see "Service authorization reference".
    private static let resourceTypes: Set<String> = [
        "role", "user", "group", "policy", "assumed-role", "federated-user", "root", "instance-profile", "mfa",
        "saml-provider", "oidc-provider", "server-certificate", "apps", "messages", "campaigns", "segments", "journeys",
        "endpoints", "users", "channels", "templates", "jobs", "import", "export", "recommenders", "phone-number",
        "pool",
        "sender-id", "configuration-set", "opt-out-list", "protect-configuration", "registration",
        "verified-destination-number",
        "key", "alias", "secret", "function", "table", "index", "stream", "log-group", "log-stream", "vpc-endpoint",
        "vpc",
        "subnet", "instance", "identitypool", "userpool", "service_control_policy", "resource_control_policy",
        "organization", "account", "ou", "trail", "parameter", "document", "topic", "queue", "rule", "event-bus",
        "stateMachine", "execution", "delivery-stream", "session", "service-role", "aws-service-role", "aws-reserved",
    ]

    /// What a name behind such a segment is called.
    private static let nameKinds: [String: String] = [
        "role": "role", "assumed-role": "role", "user": "user", "group": "group", "policy": "policy", "apps": "app",
        "service_control_policy": "policy", "resource_control_policy": "policy", "key": "key", "secret": "secret",
        "function": "function", "table": "table", "templates": "template",
    ]
}
