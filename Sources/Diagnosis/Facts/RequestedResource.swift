import AccessDenial
import IAMPolicy
import OrderedJSON
import TrailStore

/// What the refused requests asked for, by the records of the denials.
enum RequestedResource {
    /// The ARN of what a refused call was on, where AWS named nothing: for a command that has to name it, never as what AWS
    /// evaluated. `nil` where the records do not tell.
    static func arn(_ facts: GroupFacts) -> String? {
        for request in facts.group.requests {
            let ofService = request.resources.filter { ARN($0)?.service == facts.servicePrefix }
            // Records of calls on objects name object and bucket.
            if let arn = ofService.max(by: { $0.utf8.count < $1.utf8.count }) { return arn }
            if let parameters = parameters(request), let arn = arn(parameters, facts) { return arn }
        }
        return nil
    }

    /// What the requests passed as a parameter: one value for each request that did; `nil` where no record was kept.
    static func values(ofParameter name: String, _ facts: GroupFacts) -> [String]? {
        guard !facts.group.requests.isEmpty else { return nil }
        return Set(facts.group.requests.compactMap { parameters($0)?.member(ignoringCase: name)?.stringValue }).sorted()
    }

    private static func parameters(_ request: DenialRequest) -> JSONValue? {
        guard let text = request.requestParameters else { return nil }
        return switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) }) {
        case .success(let value): value
        case .failure: nil
        }
    }

    private static func arn(_ parameters: JSONValue, _ facts: GroupFacts) -> String? {
        func text(_ name: String) -> String? { parameters.member(ignoringCase: name)?.stringValue }
        let partition = facts.principal.partition
        func local(_ resource: String?) -> String? {
            guard let resource, let region = facts.group.regions.first?.value,
                let account = facts.group.accounts.first?.value
            else { return nil }
            return resource.hasPrefix("arn:")
                ? resource : "arn:\(partition):\(facts.servicePrefix):\(region):\(account):\(resource)"
        }
        switch facts.servicePrefix {
        case "s3":
            return text("bucketName").map { bucket in
                "arn:\(partition):s3:::\(bucket)" + (text("key").map { "/\($0)" } ?? "")
            }
        case "sqs":
            guard let url = text("queueUrl") else { return nil }
            let parts = url.split(separator: "/").suffix(2)
            guard parts.count == 2, let region = facts.group.regions.first?.value else { return nil }
            return "arn:\(partition):sqs:\(region):\(parts[parts.startIndex]):\(parts[parts.startIndex + 1])"
        case "sns": return local(text("topicArn"))
        case "dynamodb": return local(text("tableName").map { $0.hasPrefix("arn:") ? $0 : "table/\($0)" })
        case "lambda": return local(text("functionName").map { "function:\(CallTarget.name(in: $0))" })
        case "kms":
            // An alias is no key, and policies name keys.
            return local(
                text("keyId").flatMap { id in
                    id.hasPrefix("arn:") ? id : id.hasPrefix("alias/") ? nil : "key/\(id)"
                })
        case "ec2":
            let items = parameters.member(ignoringCase: "instancesSet")?.member(ignoringCase: "items")?.elements ?? []
            let id = text("instanceId") ?? items.first?.member(ignoringCase: "instanceId")?.stringValue
            return local(id.map { "instance/\($0)" })
        default: return nil
        }
    }
}
