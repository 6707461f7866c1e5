import AccessDenial
import Causes
import CompanionLogs
import Diagnosis
public import ErrorCases
import Findings
import IAMPolicy
import OrderedJSON
public import TrailStore
import Wording

/// One error message explained: the answer of `trail403 why`.
public struct WhyReport: Sendable {
    private let study: ErrorCase
    private let matches: [ErrorMatch]
    /// The database that was asked; `nil` where none is at hand.
    private let database: String?

    /// - Parameters:
    ///   - matches: calls of the database that the message may be of.
    ///   - database: the path of the database that was asked.
    public init(_ study: ErrorCase, matches: [ErrorMatch] = [], database: String? = nil) {
        self.study = study
        self.matches = matches
        self.database = database
    }

    // MARK: Text

    /// The answer as text for a terminal.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    public func text(width: Int = 80, color: Bool = false) -> String {
        var text = TerminalText(width: width, usesColor: color)
        let error = study.error
        text.paragraph(study.title.spans(.strong))
        text.blank()
        for (label, prose) in rows { Self.row(label, prose, &text) }
        if !study.explanation.isEmpty { Self.row("Meaning", study.explanation, &text) }
        if let sentence = error.sentence { Self.row("AWS says", "\(sentence)", &text) }
        text.blank()
        text.paragraph([.init("What to do", .strong)])
        text.paragraph(study.remedy.text.spans)
        for line in study.remedy.commands.lines { text.command(line, indent: 2) }
        if let policy = study.remedy.policy { text.policy(policy.text, indent: 2) }
        if !study.logs.isEmpty {
            text.blank()
            text.paragraph([.init("Where the rest stands", .strong)])
            for log in study.logs {
                text.paragraph([.init("- \(log.kind.title): ", .strong)] + log.purpose.spans, hanging: 2)
                for line in log.commands.lines { text.command(line, indent: 4) }
            }
        }
        guard let database else { return text.output }
        text.blank()
        text.paragraph([.init("In the database", .strong)])
        if matches.isEmpty {
            text.paragraph(Prose("\(database) holds no call that the message is of.").spans)
        }
        for match in matches {
            var line: Prose = "\(time: match.eventTime), event \(match.eventID), \(words: match.key.words)"
            if let group = match.groupID { line = "\(line): \(code: "trail403 explain \(group)")" }
            text.paragraph([.init("- ")] + line.spans, hanging: 2)
        }
        return text.output
    }

    private static let margin = 12

    private static func row(_ label: String, _ prose: Prose, _ text: inout TerminalText) {
        text.paragraph(
            prose.spans, first: label + String(repeating: " ", count: max(1, margin - label.count)), hanging: margin)
    }

    /// What the message tells, a label and a sentence each.
    private var rows: [(String, Prose)] {
        let error = study.error
        var rows: [(String, Prose)] = [("Refused by", Prose(stringLiteral: study.refuser.words))]
        if let statement = study.refuser.statement(error.reason.effect) {
            rows.append(("Statement", Prose(stringLiteral: statement)))
        }
        if let principal = error.message.principal { rows.append(("Who", "\(principal)")) }
        if let action = error.action {
            rows.append(("What", "\(action)"))
        } else if let operation = error.operation {
            rows.append(("What", "\(operation)"))
        }
        if let resource = error.message.resource { rows.append(("On", "\(resource)")) }
        var answer: Prose = ""
        if let status = error.status { answer = Prose(stringLiteral: "\(status)") }
        if let code = error.code { answer += "\(code)" }
        if let sdk = error.sdk, sdk != .answer {
            answer += Prose(stringLiteral: answer.isEmpty ? "as \(sdk.title) writes it" : "(as \(sdk.title) writes it)")
        }
        if !answer.isEmpty { rows.append(("Answer", answer)) }
        if let id = error.requestID { rows.append(("Request id", "\(id)")) }
        if let id = error.extendedRequestID { rows.append(("Second id", "\(id)")) }
        if let host = error.host { rows.append(("Host", "\(host)")) }
        if let time = error.time { rows.append(("When", "\(time: Timestamp.text(time))")) }
        return rows
    }

    // MARK: JSON

    /// The answer as JSON (`schemaVersion` 1).
    public func json() -> String {
        let error = study.error
        let message = error.message
        return JSONValue.members(
            ("schemaVersion", .integer(1)),
            ("refusedBy", .string(study.refuser.slug)),
            ("cause", .optional(study.refuser.cause)),
            ("title", .string(study.title.plain)),
            ("explanation", .string(study.explanation.plain)),
            (
                "error",
                .members(
                    ("sdk", .optional(error.sdk?.rawValue)), ("service", .optional(error.service)),
                    ("operation", .optional(error.operation)),
                    ("code", .optional(error.code)), ("status", error.status.map(JSONValue.integer) ?? .null),
                    ("requestID", .optional(error.requestID)),
                    ("extendedRequestID", .optional(error.extendedRequestID)),
                    ("message", .optional(error.sentence)), ("host", .optional(error.host)),
                    ("region", .optional(error.region)),
                    ("time", .optional(error.time.map(Timestamp.text))), ("page", .optional(error.page?.rawValue)))
            ),
            (
                "refusal",
                .members(
                    ("principal", .optional(error.principal)), ("action", .optional(error.action)),
                    ("resource", .optional(message.resource)),
                    ("category", .optional(error.category?.rawValue)), ("reason", .string(error.reason.slug)),
                    ("effect", .string(error.reason.effect.rawValue)),
                    ("policyType", .optional(error.reason.policyType?.rawValue)),
                    ("policyARN", .optional(message.policyARN)), ("truncated", .bool(message.isTruncated)))
            ),
            ("remedy", study.remedy.json),
            (
                "logs",
                .array(
                    study.logs.map { log in
                        .members(
                            ("kind", .string(log.kind.rawValue)), ("purpose", .string(log.purpose.plain)),
                            ("commands", .array(log.commands.lines.map(JSONValue.string))))
                    })
            ),
            ("database", .optional(database)),
            (
                "matches",
                .array(
                    matches.map { match in
                        .members(
                            ("by", .string(match.key.rawValue)), ("eventID", .string(match.eventID)),
                            ("eventTime", .string(match.eventTime)),
                            ("denialGroupID", .optional(match.groupID)))
                    })
            )
        ).prettyText() + "\n"
    }
}

extension ErrorMatch.Key {
    fileprivate var words: String {
        switch self {
        case .requestID: "the same request id"
        case .time: "the same principal and action at about that time"
        case .principalAndAction: "the same principal and action, the latest"
        }
    }
}

extension LogSource.Kind {
    /// The log's name, for people.
    var title: String {
        switch self {
        case .cloudTrail: "CloudTrail"
        case .application: "Application log"
        case .gatewayExecution: "API Gateway execution log"
        case .gatewayAccess: "API Gateway access log"
        case .firewall: "AWS WAF log"
        case .s3Access: "S3 server access log"
        case .flow: "VPC flow log"
        case .resolver: "Route 53 Resolver query log"
        }
    }
}

extension Refuser {
    /// The name, for people.
    fileprivate var words: String {
        switch self {
        case .policy(let type?): "IAM, by \(type == .identityBased ? "an" : "a") \(type.words)"
        case .policy(nil): "IAM; the message names no type of policy"
        case .service: "the service itself"
        case .account: "the state of the account or of the service in it"
        case .credentials: "the check of the credentials, before any policy"
        case .signature: "the check of the signature, before any policy"
        case .gateway: "API Gateway"
        case .firewall: "AWS WAF, or a geographic restriction"
        case .distribution: "CloudFront"
        case .loadBalancer: "the load balancer"
        case .proxy: "a proxy or web server on the way"
        case .network: "nobody: the call got no answer"
        case .nobody: "nobody"
        case .unknown: "not told"
        }
    }

    /// Which kind of statement decided; `nil` where no policy did.
    fileprivate func statement(_ effect: Effect) -> String? {
        guard case .policy = self else { return nil }
        return switch effect {
        case .explicit: "an explicit Deny"
        case .implicit: "none: an Allow is missing"
        case .unstated: "not told: an Allow is missing, or a Deny matches"
        }
    }

    /// The gateway's cause as a stable name; `nil` elsewhere.
    fileprivate var cause: String? {
        switch self {
        case .gateway(let refusal): refusal.rawValue
        case .policy, .service, .account, .credentials, .signature, .firewall, .distribution, .loadBalancer, .proxy,
            .network, .nobody, .unknown:
            nil
        }
    }
}
