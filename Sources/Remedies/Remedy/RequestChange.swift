import Causes
import IAMPolicy
import RecordedCalls
import RecordedChanges
import Wording

/// How the caller changes a request such that a statement's condition lets it pass: the first thing to offer, because the
/// condition stands there for a reason.
struct RequestChange {
    /// What a request has to have.
    enum Demand: Hashable {
        /// One of these values, which may hold wildcards.
        case oneOf([String])
        /// Any value.
        case present
        /// No value, or another one than these.
        case otherThan([String])
        /// A number that is not above this one.
        case atMost(Int)
        /// A number that is not below this one.
        case atLeast(Int)
    }

    package let key: String
    let demand: Demand
    /// Whether every one of the request's values has to be among those that are listed.
    private var isOfAll = false

    /// What makes a Deny's line, or an Allow's, let a request pass; `nil` where the operator tells it not.
    init?(_ line: StatementTrace.Condition, effect: Statement.Effect) {
        self.init(Statement.Condition(line.conditionOperator, line.key, line.values), effect: effect)
    }

    /// The same of a line as a policy writes it.
    init?(_ line: Statement.Condition, effect: Statement.Effect) {
        key = line.key
        var name = line.conditionOperator.lowercased()
        var quantifier = ""
        if let colon = name.firstIndex(of: ":") {
            quantifier = String(name[..<colon])
            name = String(name[name.index(after: colon)...])
        }
        if name.hasSuffix("ifexists") { name = String(name.dropLast("ifexists".count)) }
        let values = line.values
        let isDeny = effect == .deny
        switch name {
        case "null":
            let asksAbsence = values.first?.lowercased() == "true"
            demand = asksAbsence == isDeny ? .present : .otherThan([])
        case "bool":
            let asked = values.first?.lowercased() == "true"
            demand = .oneOf([asked == isDeny ? "false" : "true"])
        default:
            if name.hasPrefix("numericgreater") || name.hasPrefix("numericless") {
                guard let bound = values.first.flatMap({ Int($0) }) else { return nil }
                demand = Self.bound(bound, operator: name, isDeny: isDeny)
                return
            }
            let isNegated = name.contains("not")
            guard !name.hasPrefix("date"), !name.hasPrefix("numeric") else { return nil }
            demand = isNegated == isDeny ? .oneOf(values) : .otherThan(values)
            // An Allow for all values, and a Deny for any, ask something of every value.
            isOfAll = quantifier == (isDeny ? "foranyvalue" : "forallvalues")
        }
    }

    /// The numbers that a Deny's comparison misses, or that an Allow's meets.
    private static func bound(_ bound: Int, operator name: String, isDeny: Bool) -> Demand {
        let isGreater = name.hasPrefix("numericgreater")
        // The bound itself passes where the comparison decides it that way.
        let isWithin = name.hasSuffix("equals") != isDeny
        return isGreater == isDeny
            ? .atMost(isWithin ? bound : bound &- 1)
            : .atLeast(isWithin ? bound : bound &+ 1)
    }

    /// A value to try the change with; `nil` where there is none.
    package var example: String? {
        switch demand {
        case .oneOf(let values):
            // Of a range of addresses its first one.
            values.first { !$0.contains("*") && !$0.contains("${") }.map { value in
                ConditionValueKind(key: key) == .address ? String(value.prefix { $0 != "/" }) : value
            }
        case .present: "any"
        case .otherThan: nil
        case .atMost(let bound), .atLeast(let bound): String(bound)
        }
    }

    /// What to do, as a sentence; `nil` where the caller cannot choose the key's value.
    package func advice(for action: String, on resource: String) -> Prose? {
        let lowered = key.lowercased()
        if lowered == "aws:tagkeys" || lowered.hasPrefix("aws:requesttag/"), !Self.mayCarryTags(action) { return nil }
        if let row = Self.rows.first(where: { row in
            row.key.hasSuffix("*") ? lowered.hasPrefix(row.key.dropLast()) : lowered == row.key
        }) {
            return row.advice(self, resource)
        }
        return ContextTable.isChosen(key, by: action)
            ? "Make the call with what the policy lets pass: \(key) \(values)." : nil
    }

    /// Whether a call of an action may carry tags: those that make, start or tag something do, what is made of it is used without.
    private static func mayCarryTags(_ action: String) -> Bool {
        let operation = action.split(separator: ":").last.map { $0.lowercased() } ?? ""
        return tagging.contains(where: operation.hasPrefix)
    }

    /// Beginnings of the operations that take tags. Source: the actions with `aws:TagKeys` in the service authorization reference.
    private static let tagging = [
        "add", "allocate", "copy", "create", "import", "launch", "provision", "purchase", "put", "register", "request",
        "restore", "run", "schedule", "set", "start", "submit", "tag", "untag", "update", "upload",
    ]

    private var values: Prose {
        switch demand {
        case .oneOf(let values): "\(list: values, limit: 3)"
        case .present: "a value"
        case .otherThan(let values): values.isEmpty ? "no value" : "another value than \(list: values, limit: 3)"
        case .atMost(let bound): "at most \(words: String(bound))"
        case .atLeast(let bound): "at least \(words: String(bound))"
        }
    }

    /// The name behind a key's `/`.
    private var tag: String { key.split(separator: "/", maxSplits: 1).last.map(String.init) ?? key }

    private struct Row: Sendable {
        /// In lower case; one that ends in `*` stands for every key that begins so.
        var key: String
        var advice: @Sendable (RequestChange, String) -> Prose
    }

    /// Keys whose value the caller chooses. Sources: the AWS CLI's reference of the command, and the key's own page.
    private static let rows: [Row] = [
        Row(key: "aws:requesttag/*") { change, resource in
            let arn = ARN(resource)
            let isOfEC2 = arn?.service == "ec2"
            let type: Prose = arn.map { " for \(String($0.resource.prefix { $0 != "/" }))" } ?? ""
            let value: Prose =
                switch change.demand {
                case .oneOf: "tag \(change.tag) with the value \(change.values)"
                case .present, .otherThan, .atMost, .atLeast: "tag \(change.tag)"
                }
            return isOfEC2
                ? "Send \(value) with the call itself (a TagSpecification\(type); \("--tag-specifications") in the AWS CLI): a client that tags after the creation, such as an old version of a provider, is refused before it can."
                : "Send \(value) with the call itself (\("--tags") in the AWS CLI): tags that are added afterwards come too late."
        },
        Row(key: "aws:principaltag/*") { change, _ in
            guard case .oneOf = change.demand else {
                return
                    "Take the tag \(change.tag) off the caller, or off the session that it opens, where it should not have it."
            }
            return
                "Give the caller the tag \(change.tag) with the value \(change.values), or pass it to the session, where it should have it: the value counts with its upper and lower case."
        },
        Row(key: "aws:tagkeys") { change, _ in
            guard change.isOfAll, case .oneOf(let keys) = change.demand else {
                return "Send the tags \(change.values) with the call itself."
            }
            return
                "Send no other tags with the call than \(list: keys, limit: 10): upper and lower case count."
        },
        Row(key: "s3:x-amz-server-side-encryption-aws-kms-key-id") { change, _ in
            change.demand == .present
                ? "Send the header \("x-amz-server-side-encryption-aws-kms-key-id") (\("aws s3 cp --sse aws:kms --sse-kms-key-id KEY")): the bucket's default encryption applies too late for a policy to see."
                : "Send the header \("x-amz-server-side-encryption-aws-kms-key-id") with \(change.values) (\("aws s3 cp --sse aws:kms --sse-kms-key-id KEY"))."
        },
        Row(key: "s3:x-amz-server-side-encryption") { change, _ in
            "Send the header \("x-amz-server-side-encryption") with \(change.values) (\("aws s3 cp --sse …")): the bucket's default encryption applies too late for a policy to see."
        },
        Row(key: "s3:x-amz-object-ownership") { change, _ in
            "Send the header \("x-amz-object-ownership") with \(change.values) when the bucket is created (\("--object-ownership") in the AWS CLI): a new bucket has that ownership by default, but a policy sees only what is sent. A client that cannot send it needs \("StringNotEqualsIfExists") in the policy."
        },
        Row(key: "s3:x-amz-acl") { change, _ in
            "Upload with the ACL that the policy asks for (\("--acl")): \(change.values)."
        },
        Row(key: "s3:signatureage") { change, _ in
            guard case .atMost(let bound) = change.demand else { return "Sign the request when it is sent." }
            let time = TimeSpan.words(bound / 1000)
            return
                "Sign the URL when somebody asks for it: the policy accepts a presigned URL for \(words: time) after it was signed, however long the URL itself says."
        },
        Row(key: "s3:prefix") { change, _ in "List with the prefix that the policy asks for: \(change.values)." },
        Row(key: "iam:permissionsboundary") { change, _ in
            "Set the permissions boundary \(change.values) on what is created (\("--permissions-boundary") in the AWS CLI, \("PermissionsBoundary") in CloudFormation, \("permissions_boundary") in Terraform)."
        },
        Row(key: "ec2:instancetype") { change, _ in
            "Use an instance type that the policy lets pass: \(change.values)."
        },
        Row(key: "ses:fromaddress") { change, _ in "Send from an address that the policy names: \(change.values)." },
        Row(key: "ec2:metadatahttptokens") { _, _ in
            "Ask for IMDSv2 in the call or in its launch template (MetadataOptions; \("--metadata-options HttpTokens=required") in the AWS CLI)."
        },
        Row(key: "secretsmanager:versionstage") { change, _ in
            "Pass the version stage \(change.values) (\("--version-stage") in the AWS CLI): the key is in the request only where it is sent."
        },
        Row(key: "aws:requestedregion") { change, _ in "Call in a Region that the policy lets pass: \(change.values)."
        },
        Row(key: "aws:sourcearn") { change, _ in
            guard case .oneOf = change.demand else { return "Call from \(change.values)." }
            return
                "Look whether the calls are still made for \(change.values): the records do not show for what a service calls. Where that was made anew, write the new ARN in its place; do not take the condition away."
        },
        Row(key: "aws:sourcevpce") { change, _ in
            "Call through the VPC endpoint that the policy asks for: \(change.values)."
        },
        Row(key: "aws:sourcevpc") { change, _ in "Call from the VPC that the policy asks for: \(change.values)." },
        Row(key: "aws:sourceip") { change, _ in "Call from an address that the policy lets pass: \(change.values)." },
        Row(key: "aws:vpcsourceip") { change, _ in "Call from an address that the policy lets pass: \(change.values)."
        },
        Row(key: "aws:multifactorauthpresent") { _, _ in
            "Call from a session opened with MFA (\("aws sts get-session-token --serial-number … --token-code …"), or assume-role with the same options)."
        },
        Row(key: "aws:securetransport") { _, _ in "Call by HTTPS." },
        Row(key: "sts:externalid") { change, _ in
            "Pass the external id that the policy asks for, \(change.values) (\(code: "--external-id"), \("ExternalId")). It keeps a third party from being used to reach the role for somebody else, so do not take the condition away; if the id was to change, change it on both sides."
        },
        Row(key: "sts:rolesessionname") { change, _ in
            "Name the session as the policy asks for, \(change.values) (\("--role-session-name"), \("role_session_name") in a profile): a client that is told none makes one up."
        },
        Row(key: "sts:sourceidentity") { change, _ in
            "Set the source identity that the policy asks for: \(change.values)."
        },
        Row(key: "kms:viaservice") { change, _ in
            "Use the key through the service that the policy names: \(change.values)."
        },
        Row(key: "kms:encryptioncontext:*") { change, _ in
            "Pass the encryption context that the policy asks for: \(change.key) with \(change.values)."
        },
        Row(key: "dynamodb:leadingkeys") { change, _ in
            "Use a partition key that the policy asks for (\(change.values)): \("dynamodb:LeadingKeys") is the whole partition key, so what else is in it belongs into the sort key; or compare with \("StringLike") and a pattern."
        },
        Row(key: "lambda:functionurlauthtype") { change, _ in "Set the URL's authorization type to \(change.values)." },
    ]
}
