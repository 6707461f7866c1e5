import IAMPolicy

/// Names that change with each call: a list of those that were refused would not cover the next one.
enum RecurringName {
    /// How many keys that differ in digits alone make it likely that the next one will differ as well.
    private static let enough = 3

    /// The resources of a statement with such names replaced by what they have in common.
    package static func scopes(_ resources: [String]) -> Set<String> {
        var scopes: Set<String> = []
        var objects: [String: [String]] = [:]
        for resource in resources {
            if let logGroup = logGroup(of: resource) {
                scopes.insert(logGroup)
            } else if resources.count >= enough, let arn = ARN(resource), arn.service == "s3",
                arn.resource.contains("/")
            {
                let bucket = arn.resource.prefix { $0 != "/" }
                objects["\(bucket) \(masked(resource))", default: []].append(resource)
            } else {
                scopes.insert(resource)
            }
        }
        for alike in objects.values {
            let distinct = Set(alike)
            scopes.formUnion(distinct.count >= enough ? [folder(of: distinct.sorted())] : distinct)
        }
        return scopes
    }

    /// Every function, task or host opens log streams of its own: their group, in the form that covers both calls on the group and
    /// on its streams. Source: "Overview of managing access permissions to your CloudWatch Logs resources".
    private static func logGroup(of resource: String) -> String? {
        guard let arn = ARN(resource), arn.service == "logs", arn.resource.hasPrefix("log-group:"),
            let stream = resource.firstRange(of: ":log-stream:")
        else { return nil }
        return String(resource[..<stream.lowerBound]) + ":*"
    }

    /// The text with every run of digits as one `#`: keys with a date or a number in them are alike.
    private static func masked(_ text: String) -> String {
        var masked = ""
        for character in text {
            if !character.isNumber {
                masked.append(character)
            } else if masked.last != "#" {
                masked.append("#")
            }
        }
        return masked
    }

    /// What keys have in common up to a slash, without the folders of years, months and days, and `*`.
    private static func folder(of keys: [String]) -> String {
        guard let first = keys.first, let last = keys.last else { return "*" }
        let common = zip(first, last).prefix { $0 == $1 }.map(\.0)
        let folders = common.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let lasting = folders.prefix { $0.isEmpty || !$0.allSatisfy(\.isNumber) }
        return lasting.map { String($0) + "/" }.joined() + "*"
    }
}
