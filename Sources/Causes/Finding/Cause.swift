public import IAMPolicy
public import PolicyTimeline
import RecordedChanges

/// What brought a refusal about, as a value: words, remedies and incidents are made from it.
public enum Cause: Sendable, Hashable {
    /// Events changed what policies say, or what they are judged by.
    case edit(Change)
    /// A value of the request is not the one that a statement asks for.
    case context(Difference)
    /// A statement refuses, or allows too little, and stood so before.
    case statement(StatementName)
    /// AWS names the policy that refuses; what it says is not known.
    case policy(arn: String)
    /// No policy of a type allows the action, and nothing tells that one ever did. `holder` is whose policies were asked.
    case missingAllow(PolicyType?, holder: String, service: String)
    /// A policy of a type denies, and nothing tells which one.
    case deny(PolicyType?, holder: String, service: String)
    /// AWS ended the service.
    case serviceEnded(service: String)
    /// The account is not let in: not subscribed, suspended, not verified.
    case account(Finding.Code, account: String, service: String)
    /// The credentials are not accepted.
    case credentials(Finding.Code, holder: String)
    /// The calls went to a Region in which they do not work.
    case region(had: [String], wanted: [String], service: String)
    /// Who called was deleted and made anew under the same name.
    case principalRecreated(arn: String)
    /// The service refused for a reason of its own; `reason` is the group's slug.
    case service(String, reason: String, holder: String)

    /// What events did.
    public struct Change: Sendable, Hashable {
        /// In order of time; the first one is where it began.
        public var events: [ChangeEvent]
        /// What they did to the policies that decide; empty where they edited none of those that the timeline holds.
        public var edits: [PolicyEdit]

        /// What events did.
        public init(events: [ChangeEvent], edits: [PolicyEdit] = []) {
            self.events = events
            self.edits = edits
        }
    }

    /// What a statement wants of a key and what the request had.
    public struct Difference: Sendable, Hashable {
        /// The statement that asks.
        public var statement: StatementName?
        /// As the policy spells it.
        public var key: String
        /// As the policy spells it.
        public var conditionOperator: String
        /// The policy's values.
        public var wanted: [String]
        /// The request's values, empty where the key is absent; `nil` where they are not known.
        public var had: [String]?

        package init(
            statement: StatementName? = nil, key: String, conditionOperator: String, wanted: [String],
            had: [String]? = nil
        ) {
            self.statement = statement
            self.key = key
            self.conditionOperator = conditionOperator
            self.wanted = wanted
            self.had = had
        }
    }

    /// Where a statement stands.
    public struct StatementName: Sendable, Hashable {
        /// As what the policy refuses or allows.
        public var type: PolicyType
        /// An inline policy's name, a managed policy's ARN, an organization policy's id, or whose policy it is.
        public var policy: String
        /// Whose policy it is.
        public var holder: String
        /// `nil` where it has no name.
        public var sid: String?
        /// The place in the policy, counted from 0.
        public var index: Int
    }
}

extension Cause {
    /// What tells causes apart: two groups whose causes bear one key have one cause. Stable from run to run and from machine to
    /// machine; made of names in the archive, so it is no text to show.
    public var key: String {
        switch self {
        case .edit(let change): Self.key("event", change.events.first.map(\.eventID))
        case .context(let difference):
            difference.statement.map { Self.key("statement", $0.key) }
                ?? Self.key("context", difference.key, difference.wanted.joined(separator: ","))
        case .statement(let name): Self.key("statement", name.key)
        case .policy(let arn): Self.key("policy", arn)
        case .missingAllow(let type, let holder, let service): Self.key("missing", type?.rawValue, holder, service)
        case .deny(let type, let holder, let service): Self.key("deny", type?.rawValue, holder, service)
        case .serviceEnded(let service): Self.key("service-ended", service)
        case .account(let code, let account, let service): Self.key(code.rawValue, account, service)
        case .credentials(let code, let holder): Self.key(code.rawValue, holder)
        case .region(let had, _, let service): Self.key("region", had.sorted().joined(separator: ","), service)
        case .principalRecreated(let arn): Self.key("recreated", arn)
        case .service(let service, let reason, let holder): Self.key("service", service, reason, holder)
        }
    }

    private static func key(_ parts: String?...) -> String { parts.map { $0 ?? "" }.joined(separator: "|") }
}

extension Cause.StatementName {
    fileprivate var key: String { [type.rawValue, holder, policy, sid ?? "#\(index)"].joined(separator: "|") }
}
