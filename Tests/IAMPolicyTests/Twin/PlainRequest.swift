import OrderedJSON

/// A request as `simulate` takes it, read without any check.
struct PlainRequest {
    var principal: PlainPrincipal
    var action: String
    var resource: String
    /// The account that owns the resource; nil where nothing tells.
    var owner: String?
    var context: PlainContext
    var statements: [PlainLayer: [PlainStatement]] = [:]
    /// Levels of service control policies from the root down, each with its name and its statements.
    var controlLevels: [(name: String, statements: [PlainStatement])] = []
    var unknownLayers: [String]
    var hasBoundary: Bool
    var hasSessionPolicy: Bool
    var hasEndpoint: Bool
    var restrictsPublicBuckets: Bool

    init(_ json: JSONValue) {
        principal = PlainPrincipal(json)
        action = json.last("action")?.stringValue ?? ""
        let resource = json.last("resource")
        self.resource = resource?.last("resource")?.stringValue ?? ""
        let parts = PlainText.parts(self.resource)
        owner = resource?.last("accountId")?.stringValue ?? (parts.count == 6 && !parts[4].isEmpty ? parts[4] : nil)
        if self.resource == "*", owner == nil { owner = principal.account }
        context = PlainContext(json)
        let s3 = json.last("serviceSettings")?.last("s3")
        restrictsPublicBuckets = s3?.last("restrictPublicBuckets") == .bool(true)
        context.hidesBucketTags =
            s3?.last("bucketAbacEnabled") != .bool(true) && parts.count == 6 && parts[2] == "s3"
            && !parts[5].contains("/")
        unknownLayers = json.last("unknownPolicyTypes")?.texts ?? []

        func read(_ key: String, _ layer: PlainLayer) -> [PlainStatement] {
            (json.last(key)?.elements ?? []).enumerated().flatMap { PlainStatement.read($1, number: $0, layer: layer) }
        }
        statements = [
            .identity: read("identityPolicies", .identity), .boundary: read("permissionBoundaries", .boundary),
            .session: read("sessionPolicy", .session), .resource: read("resourcePolicy", .resource),
            .endpoint: read("endpointPolicies", .endpoint),
        ]
        func levels(_ key: String, _ layer: PlainLayer) -> [(name: String, statements: [PlainStatement])] {
            (json.last(key)?.elements ?? []).enumerated().map { index, level in
                let name = level.last("orgIdentifier")?.stringValue ?? String(index)
                let policies = level.last("policies")?.elements ?? []
                return (
                    name,
                    policies.enumerated().flatMap { PlainStatement.read($1, number: $0, layer: layer, level: name) }
                )
            }
        }
        controlLevels = levels("serviceControlPolicies", .serviceControl)
        statements[.serviceControl] = controlLevels.flatMap(\.statements)
        statements[.resourceControl] = levels("resourceControlPolicies", .resourceControl).flatMap(\.statements)
        hasBoundary = !(json.last("permissionBoundaries")?.elements ?? []).isEmpty && principal.kind != .root
        hasSessionPolicy = !(json.last("sessionPolicy")?.elements ?? []).isEmpty
        hasEndpoint = !(json.last("endpointPolicies")?.elements ?? []).isEmpty
    }

    /// Whether the resource's policy is a role's trust policy.
    var isTrust: Bool { action.lowercased().hasPrefix("sts:assumerole") }

    /// Whether the resource is a KMS key, whose own policy must let IAM in.
    var isKey: Bool {
        let parts = PlainText.parts(resource)
        return action.lowercased().hasPrefix("kms:") && parts.count == 6 && parts[2] == "kms"
            && parts[5].hasPrefix("key/")
    }

    /// Whether resources of the service have no policies, so that no other account is ever let in.
    var admitsNoStrangers: Bool {
        ["mobiletargeting", "social-messaging", "rds", "cloudformation"].contains(
            action.lowercased().prefix { $0 != ":" })
    }

    /// Services whose resources resource control policies bind.
    static let controlledServices: Set<Substring> = Set(
        """
        appstream dsql clouddirectory cloudfront cloudsearch logs networkmonitor cognito-identity cognito-idp comprehend \
        comprehendmedical firehose dynamodb dax autoscaling ecr ecr-public gamelift inspector-scan kendra kinesisvideo memorydb \
        aoss personalize polly s3 swf sqs textract timestream-influxdb transcribe translate workspaces appconfig \
        autoscaling-plans budgets servicediscovery cloudtrail-data codeartifact codebuild codecommit codepipeline \
        compute-optimizer cost-optimization-hub events fms fis health rolesanywhere kms opensearch pricing pca-connector-ad \
        resource-groups secretsmanager sts signin support transfer notifications wafv2 xray
        """.split(separator: " "))

    /// Whether policies of a kind bind this caller on this resource.
    func binds(_ layer: PlainLayer) -> Bool {
        switch layer {
        case .serviceControl:
            return ![.service, .anonymous, .provider].contains(principal.kind) && !principal.isServiceLinked
        case .resourceControl:
            let service = action.lowercased().prefix { $0 != ":" }
            return !principal.isServiceLinked && action.lowercased() != "kms:retiregrant"
                && Self.controlledServices.contains(service)
        case .identity: return [.user, .session, .federated].contains(principal.kind)
        case .boundary: return [.user, .session, .federated].contains(principal.kind) && !principal.isServiceLinked
        case .session: return [.session, .federated].contains(principal.kind)
        case .endpoint: return principal.kind != .service && !principal.isServiceLinked
        case .resource: return true
        }
    }

    func name(_ layer: PlainLayer) -> String { layer == .resource && isTrust ? "role-trust" : layer.rawValue }
}
