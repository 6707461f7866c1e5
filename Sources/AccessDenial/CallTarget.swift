/// What a call was made on, told cheaply enough to be kept for every event: it tells whether a success says anything about a
/// denial.
///
/// One parameter of the request names it, for the services below alone. It is a name to compare, never an ARN to show.
package enum CallTarget {
    /// Which parameter of a request names the target, and how.
    package struct Rule: Sendable {
        /// The parameter, in up to two spellings.
        package var keys: (StaticString, StaticString)
        /// Whether the value is the target's name as it is, or a URL, path or ARN that ends in it.
        package var isBareName: Bool
    }

    /// The rule of an event source; `nil` where there is none.
    package static func rule(eventSource: String) -> Rule? { rules[eventSource] }

    /// Whether a success of the action usually tells its target.
    package static func isTold(action: String) -> Bool { prefixes.contains(String(action.prefix { $0 != ":" })) }

    /// The target in a parameter whose value is no bare name: a queue's URL, a function's or table's ARN or name.
    package static func name(in value: String) -> String {
        let resource = value.hasPrefix("arn:") ? resourcePart(value) : value[...]
        if resource.hasPrefix("http") {
            return String(resource[(resource.lastIndex(of: "/") ?? resource.startIndex)...].dropFirst())
        }
        return name(inResource: resource)
    }

    /// The target that a resource of a denial stands for, as a success of the same service would tell it; `nil` where it
    /// stands for none, such as `*`.
    package static func name(ofResource resource: String) -> String? {
        let parts = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return nil }
        let name: String
        switch parts[2] {
        case "iam": name = parts[5].hasPrefix("role/") ? resource : ""
        case "sns": name = resource
        case "s3": name = parts[3].isEmpty ? String(parts[5].prefix { $0 != "/" }) : ""
        case "mobiletargeting":
            name = parts[5].hasPrefix("apps/") ? String(parts[5].dropFirst(5).prefix { $0 != "/" }) : ""
        case "sqs", "lambda", "dynamodb": name = Self.name(inResource: parts[5])
        default: return nil
        }
        return name.isEmpty || name.contains("*") ? nil : name
    }

    /// `table/NAME/index/I`, `function:NAME:1` or `NAME`.
    private static func name(inResource resource: Substring) -> String {
        for kind in ["table/", "function:"] where resource.hasPrefix(kind) {
            return String(resource.dropFirst(kind.count).prefix { $0 != "/" && $0 != ":" })
        }
        return String(resource.prefix { $0 != ":" })
    }

    private static func resourcePart(_ arn: String) -> Substring {
        arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
    }

    private static let rules: [String: Rule] = [
        "sts.amazonaws.com": Rule(keys: ("roleArn", "roleArn"), isBareName: true),
        "s3.amazonaws.com": Rule(keys: ("bucketName", "bucketName"), isBareName: true),
        "pinpoint.amazonaws.com": Rule(keys: ("application-id", "applicationId"), isBareName: true),
        "mobiletargeting.amazonaws.com": Rule(keys: ("application-id", "applicationId"), isBareName: true),
        "sns.amazonaws.com": Rule(keys: ("topicArn", "topicArn"), isBareName: true),
        "sqs.amazonaws.com": Rule(keys: ("queueUrl", "queueUrl"), isBareName: false),
        "lambda.amazonaws.com": Rule(keys: ("functionName", "functionName"), isBareName: false),
        "dynamodb.amazonaws.com": Rule(keys: ("tableName", "tableName"), isBareName: false),
    ]

    private static let prefixes: Set<String> = ["sts", "s3", "mobiletargeting", "sns", "sqs", "lambda", "dynamodb"]
}
