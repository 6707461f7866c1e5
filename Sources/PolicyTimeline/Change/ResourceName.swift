import IAMPolicy

extension Holder {
    /// A profile of IAM Roles Anywhere by its ARN; `nil` for a text that is none.
    init?(rolesAnywhereProfile text: String) {
        guard let arn = ARN(text), arn.service == "rolesanywhere" else { return nil }
        self.init(.rolesAnywhereProfile, account: arn.account, arn.name)
    }

    /// The resource of an ARN, or of whatever it lies in that has a policy: the bucket of an object, the table of an index, the
    /// function of an alias is told apart; `nil` for a text that is no ARN.
    public static func resource(arn text: String) -> Holder? {
        guard text.utf8.count <= ChangeReading.nameLimit, let arn = ARN(text) else { return nil }
        return resource(arn)
    }

    static func resource(_ arn: ARN) -> Holder {
        lazy var parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
        func made(_ name: some StringProtocol) -> Holder {
            Holder(.resource, service: arn.service, account: arn.account, region: arn.region, String(name))
        }
        switch arn.service {
        case "s3", "s3-object-lambda":
            if parts[0] == "accesspoint", parts.count > 1 { return made("accesspoint/\(parts[1])") }
            // Buckets' names are the world's own.
            return Holder(.resource, service: "s3", String(parts[0]))
        case "secretsmanager": return made("secret:\(secretName(arn.resource.dropFirst("secret:".count)))")
        case "dynamodb":
            guard parts.count > 3, parts[2] == "stream" else { return made(parts.prefix(2).joined(separator: "/")) }
            return made(arn.resource)
        // Calls of an API are judged by the API's policy; its ARN bears no account.
        case "execute-api":
            return Holder(.resource, service: "apigateway", region: arn.region, "/restapis/\(parts[0])")
        case "es", "mediastore": return made(parts.prefix(2).joined(separator: "/"))
        // An id stands before the name, which a policy writes as `*`.
        case "autoscaling" where arn.resource.hasPrefix("autoScalingGroup:"):
            return made("autoScalingGroupName/\(arn.name)")
        case "codeartifact" where parts[0] == "package" && parts.count > 2:
            return made("repository/\(parts[1])/\(parts[2])")
        // The account has a few policies for all of its log groups.
        case "logs" where arn.resource.hasPrefix("log-group:"): return made("log-groups")
        // The policy of the Data Catalog is that of its databases and tables.
        case "glue" where ["catalog", "database", "table"].contains(parts[0]): return made("catalog")
        case "iam" where arn.resource.hasPrefix("role/"): return .role(arn.name, account: arn.account)
        default: return made(arn.resource)
        }
    }

    /// A secret's name without the six characters that AWS adds in its ARN.
    private static func secretName(_ text: Substring) -> Substring {
        guard text.utf8.count > 7, text.utf8.dropLast(6).last == UInt8(ascii: "-") else { return text }
        return text.dropLast(7)
    }
}

extension ChangeReading {
    /// A resource by its ARN, or by its name with what stands before the name in an ARN, such as `table/`.
    func resource(_ text: String?, _ prefix: String = "", service: String? = nil) -> Holder? {
        guard let text else { return nil }
        if let arn = ARN(text) { return Holder.resource(arn) }
        let name = text.hasPrefix(prefix) ? text : prefix + text
        let service = service ?? self.service
        if service == "s3", prefix.isEmpty { return Holder(.resource, service: "s3", name) }
        return Holder(.resource, service: service, account: account, region: region, name)
    }

    /// A queue by its URL, which ends in the account and the name.
    var queue: Holder? {
        guard let url = text("queueUrl", "<queueUrl") ?? text("queueName") else { return nil }
        let parts = url.split(separator: "/")
        guard url.hasPrefix("http"), parts.count >= 4 else { return resource(url) }
        let host = parts[1].split(separator: ".")
        let region = host.count >= 4 && host[0] == "sqs" ? String(host[1]) : self.region
        return Holder(
            .resource, service: "sqs", account: String(parts[parts.count - 2]), region: region,
            String(parts[parts.count - 1]))
    }

    /// A function or a layer by its name or ARN; each alias and version has a policy of its own.
    var function: Holder? {
        guard let text = text("functionName", "layerName", "resourceArn", "<functionArn") else { return nil }
        let kind = name.contains("Layer") ? "layer" : "function"
        var holder: Holder
        if let arn = ARN(text) {
            holder = Holder.resource(arn)
        } else {
            // `ACCOUNT:function:NAME` is a name, too, and `NAME:QUALIFIER`.
            let parts = text.split(separator: ":").map(String.init)
            let start = parts.firstIndex(of: kind).map { $0 + 1 } ?? 0
            guard start < parts.count else { return nil }
            holder = Holder(
                .resource, service: "lambda", account: start == 2 ? parts[0] : account, region: region,
                "\(kind):" + parts[start...].joined(separator: ":"))
        }
        if let qualifier = self.text("qualifier", "versionNumber"), !holder.name.hasSuffix(":\(qualifier)") {
            holder = holder.named("\(holder.name):\(qualifier)")
        }
        return holder
    }

    /// A key of KMS by its id or ARN: the answer and the record give the ARN where the request gives the id.
    var key: Holder? {
        guard let text = text("<keyMetadata.arn", "<keyId", "keyId", "<keyMetadata.keyId") else { return nil }
        return resource(text, text.hasPrefix("alias/") ? "" : "key/")
    }
}
