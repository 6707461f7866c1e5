import OrderedJSON

/// Reads the members of a simulation request, each with its place for the errors.
struct SimulationReader {
    private let json: JSONValue
    private let text: JSONText?
    private(set) var issues: [String] = []

    private static let members: Set<String> = [
        "principal", "principalArn", "action", "resource", "context", "unknownContextKeys", "identityPolicies",
        "permissionBoundaries", "sessionPolicy", "resourcePolicy", "serviceControlPolicies", "resourceControlPolicies",
        "endpointPolicies", "serviceSettings", "unknownPolicyTypes", "managementAccountId", "canonicalUserId", "grants",
    ]

    init(_ json: JSONValue, text: JSONText?) {
        self.json = json
        self.text = text
        noteUnknown(json, Self.members, at: JSONPath())
    }

    private mutating func noteUnknown(_ value: JSONValue, _ known: Set<String>, at path: JSONPath) {
        guard case .object(let members) = value else { return }
        var seen: Set<String> = []
        for member in members {
            if !known.contains(member.key) { issues.append("`\(path.key(member.key))`: unknown, ignored") }
            if !seen.insert(member.key).inserted {
                issues.append("`\(path.key(member.key))`: appears twice; the last one counts")
            }
        }
    }

    /// A member that is neither absent nor null.
    private func member(_ key: String, of value: JSONValue? = nil) -> JSONValue? {
        guard let found = (value ?? json).lastMember(key), found != .null else { return nil }
        return found
    }

    private func string(_ value: JSONValue, at path: JSONPath) throws(SimulationRequestError) -> String {
        guard let text = value.stringValue else {
            throw SimulationRequestError(.malformed, at: path.description, "not a string")
        }
        return text
    }

    private func optionalString(_ key: String) throws(SimulationRequestError) -> String? {
        guard let value = member(key) else { return nil }
        return try string(value, at: JSONPath().key(key))
    }

    private func list(_ value: JSONValue, at path: JSONPath) throws(SimulationRequestError) -> [JSONValue] {
        guard case .array(let values) = value else {
            throw SimulationRequestError(.malformed, at: path.description, "not an array")
        }
        return values
    }

    // MARK: - The request

    mutating func request() throws(SimulationRequestError) -> AuthorizationRequest {
        var principal = try principal()
        principal.canonicalUser = try optionalString("canonicalUserId")
        guard let action = try optionalString("action") else {
            throw SimulationRequestError(.missing, at: "action", "a request has an action, such as `s3:GetObject`")
        }
        guard ActionName(action) != nil else {
            throw SimulationRequestError(.malformed, at: "action", "not an action, such as `s3:GetObject`")
        }
        let (resource, account) = try resource()
        let request = AuthorizationRequest(
            principal: principal, action: action, resource: resource, resourceAccount: account, context: try context(),
            settings: try settings())
        guard let request else { throw SimulationRequestError(.malformed, at: "resource", "not a resource") }
        return request.withServiceContext
    }

    private func principal() throws(SimulationRequestError) -> RequestPrincipal {
        guard let value = member("principal") else {
            throw SimulationRequestError(.missing, at: "principal", "a request has a principal")
        }
        if case .object = value {
            if value.lastMember("type") == .string("Anonymous") { return .anonymous }
            throw SimulationRequestError(
                .malformed, at: "principal", "a principal is an ARN, a service's host or {\"type\": \"Anonymous\"}")
        }
        let text = try string(value, at: JSONPath().key("principal"))
        guard let principal = RequestPrincipal(text, principalARN: try optionalString("principalArn")) else {
            throw SimulationRequestError(
                .malformed, at: "principal", "neither the ARN of a user, role, session or root nor a service's host")
        }
        return principal
    }

    private mutating func resource() throws(SimulationRequestError) -> (String, String?) {
        guard let value = member("resource") else {
            throw SimulationRequestError(
                .missing, at: "resource", "a request has a resource; `*` for actions without one")
        }
        let path = JSONPath().key("resource")
        var account: String?
        var resource = value
        if case .object = value {
            noteUnknown(value, ["resource", "accountId"], at: path)
            guard let inner = member("resource", of: value) else {
                throw SimulationRequestError(.missing, at: "resource.resource", "the resource's ARN, or `*`")
            }
            resource = inner
            if let id = member("accountId", of: value) {
                let id = try string(id, at: path.key("accountId"))
                guard id.isAccountID else {
                    throw SimulationRequestError(
                        .malformed, at: path.key("accountId").description, "an account's id has 12 digits")
                }
                account = id
            }
        }
        let text = try string(resource, at: path)
        // AWS's own simulator takes the owner that it is given, too.
        if let owner = ARN(text)?.account, owner.isAccountID, let account, account != owner {
            issues.append("`\(path.key("accountId"))`: not the account in the ARN; it is taken as the owner")
        }
        guard !text.isEmpty, text.utf8.count <= AuthorizationRequest.resourceLimit else {
            throw SimulationRequestError(
                .malformed, at: path.description, "empty, or longer than \(AuthorizationRequest.resourceLimit) bytes")
        }
        return (text, account)
    }

    private mutating func context() throws(SimulationRequestError) -> RequestContext {
        var context = RequestContext()
        let path = JSONPath().key("context")
        if let value = member("context") {
            guard case .object(let members) = value else {
                throw SimulationRequestError(.malformed, at: "context", "not an object")
            }
            var seen: Set<String> = []
            for member in members {
                let place = path.key(member.key)
                guard seen.insert(member.key.lowercased()).inserted else {
                    throw SimulationRequestError(.repeatedKey, at: place.description, "the key is given twice")
                }
                var isList = false
                if case .array = member.value { isList = true }
                if member.value == .null { continue }
                var values: [String] = []
                for value in member.value.elements {
                    guard let text = value.conditionText, text.utf8.count <= AuthorizationRequest.valueLimit else {
                        throw SimulationRequestError(
                            .malformed, at: place.description,
                            "a value is text of at most \(AuthorizationRequest.valueLimit) bytes, a number or a Boolean"
                        )
                    }
                    values.append(text)
                }
                context.set(ContextKey(member.key), values, isMultivalued: isList)
            }
        }
        if let unknown = member("unknownContextKeys") {
            let path = JSONPath().key("unknownContextKeys")
            for (index, key) in try list(unknown, at: path).enumerated() {
                let pattern = try string(key, at: path.index(index))
                if pattern != "*", pattern.isEmpty || pattern.dropLast(pattern.hasSuffix("/*") ? 1 : 0).contains("*") {
                    issues.append("`\(path.index(index))`: neither a key, `prefix/*` nor `*`")
                }
                context.setUnknown(pattern)
            }
        }
        return context
    }

    private mutating func settings() throws(SimulationRequestError) -> AuthorizationRequest.ServiceSettings {
        var settings = AuthorizationRequest.ServiceSettings()
        guard let value = member("serviceSettings") else { return settings }
        let path = JSONPath().key("serviceSettings")
        noteUnknown(value, ["s3"], at: path)
        guard let bucket = member("s3", of: value) else { return settings }
        noteUnknown(bucket, ["restrictPublicBuckets", "bucketAbacEnabled"], at: path.key("s3"))
        func flag(_ key: String) throws(SimulationRequestError) -> Bool? {
            switch member(key, of: bucket) {
            case .bool(let flag)?: return flag
            case nil: return nil
            case .integer?, .number?, .string?, .array?, .object?, .null?:
                throw SimulationRequestError(.malformed, at: path.key("s3").key(key).description, "not a Boolean")
            }
        }
        settings.restrictPublicBuckets = try flag("restrictPublicBuckets") ?? false
        settings.bucketABACEnabled = try flag("bucketAbacEnabled")
        return settings
    }

    // MARK: - The policies

    mutating func policySet() throws(SimulationRequestError) -> PolicySet {
        var set = PolicySet()
        let isTrust = try isRoleTrust()
        set.identity.policies = try policies("identityPolicies", as: .identityBased, allowsOne: false)
        set.boundary.policies = try policies("permissionBoundaries", as: .permissionsBoundary, allowsOne: false)
        set.session.policies = try policies("sessionPolicy", as: .session, allowsOne: true)
        set.resource.policies = try policies(
            "resourcePolicy", as: isTrust ? .roleTrust : .resourceBased, allowsOne: true)
        set.endpoint.policies = try policies("endpointPolicies", as: .vpcEndpoint, allowsOne: false)
        set.serviceControl.levels = try levels("serviceControlPolicies", as: .serviceControl)
        set.resourceControl.levels = try levels("resourceControlPolicies", as: .resourceControl)
        set.managementAccount = try optionalString("managementAccountId")
        set.grants = try grants()
        if let unknown = member("unknownPolicyTypes") {
            let path = JSONPath().key("unknownPolicyTypes")
            for (index, value) in try list(unknown, at: path).enumerated() {
                let name = try string(value, at: path.index(index))
                guard let type = PolicyType(rawValue: name) else {
                    let known = PolicyType.allCases.map(\.rawValue).joined(separator: ", ")
                    throw SimulationRequestError(.malformed, at: path.index(index).description, "not one of \(known)")
                }
                set.setIncomplete(type)
            }
        }
        return set
    }

    private func isRoleTrust() throws(SimulationRequestError) -> Bool {
        guard let action = try optionalString("action"), let principal = RequestPrincipal("x.y") else { return false }
        let value = member("resource")
        let resource = value?.stringValue ?? value.flatMap { member("resource", of: $0) }?.stringValue ?? "*"
        return AuthorizationRequest(principal: principal, action: action, resource: resource)?.isRoleTrust ?? false
    }

    private mutating func policies(
        _ key: String, as type: PolicyType, allowsOne: Bool
    ) throws(SimulationRequestError) -> [Policy] {
        guard let value = member(key) else { return [] }
        let path = JSONPath().key(key)
        if allowsOne {
            if case .array = value { return try policies(value, as: type, at: path) }
            return [try policy(value, as: type, index: 0, at: path)]
        }
        return try policies(value, as: type, at: path)
    }

    private mutating func policies(
        _ value: JSONValue, as type: PolicyType, at path: JSONPath
    ) throws(SimulationRequestError) -> [Policy] {
        var policies: [Policy] = []
        for (index, element) in try list(value, at: path).enumerated() {
            policies.append(try policy(element, as: type, index: index, at: path.index(index)))
        }
        return policies
    }

    /// A bare document, or an object with a name and a document.
    private mutating func policy(
        _ value: JSONValue, as type: PolicyType, index: Int, at path: JSONPath
    ) throws(SimulationRequestError) -> Policy {
        var path = path
        var document = value
        var name: String?
        if value.lastMember("Statement") == nil, let inner = value.lastMember("document") {
            noteUnknown(value, ["name", "document"], at: path)
            if let given = member("name", of: value) { name = try string(given, at: path.key("name")) }
            document = inner
            path = path.key("document")
        }
        do {
            let opened = try PolicyText(document)
            let reading = try PolicyReading(opened.value)
            var policy = Policy(name: name ?? opened.name ?? String(index), reading, as: type)
            let inside = JSONPath(path.steps + opened.path.steps)
            issues += policy.issues.map { "`\(JSONPath(inside.steps + $0.path.steps))`: \($0.message)" }
            if let own = opened.text {
                policy.source = Policy.Source(text: own, path: opened.path)
            } else if let text {
                policy.source = Policy.Source(text: text, path: inside)
            }
            return policy
        } catch {
            throw SimulationRequestError(.badPolicy, at: path.description, error.description)
        }
    }

    private mutating func levels(
        _ key: String, as type: PolicyType
    ) throws(SimulationRequestError) -> [PolicySet.Level] {
        guard let value = member(key) else { return [] }
        let path = JSONPath().key(key)
        var levels: [PolicySet.Level] = []
        for (index, element) in try list(value, at: path).enumerated() {
            let place = path.index(index)
            guard case .object = element else {
                throw SimulationRequestError(.malformed, at: place.description, "a level is an object")
            }
            noteUnknown(element, ["orgIdentifier", "policies"], at: place)
            var id = String(index)
            if let given = member("orgIdentifier", of: element) {
                id = try string(given, at: place.key("orgIdentifier"))
            }
            guard let list = member("policies", of: element) else {
                throw SimulationRequestError(.missing, at: place.key("policies").description, "a level has policies")
            }
            var policies = try policies(list, as: type, at: place.key("policies"))
            if type == .resourceControl { policies.insert(.fullAccess, at: 0) }
            levels.append(PolicySet.Level(id: id, policies))
        }
        return levels
    }

    private mutating func grants() throws(SimulationRequestError) -> [KeyGrant] {
        guard let value = member("grants") else { return [] }
        let path = JSONPath().key("grants")
        var grants: [KeyGrant] = []
        for (index, element) in try list(value, at: path).enumerated() {
            let place = path.index(index)
            guard let grantee = member("GranteePrincipal", of: element)?.stringValue,
                let operations = member("Operations", of: element)
            else {
                throw SimulationRequestError(
                    .malformed, at: place.description, "a grant has `GranteePrincipal` and `Operations`")
            }
            let constraints = member("Constraints", of: element)
            grants.append(
                KeyGrant(
                    grantee: grantee, operations: operations.elements.compactMap(\.stringValue),
                    contextSubset: constraints.flatMap { member("EncryptionContextSubset", of: $0) }?.pairs ?? [:],
                    contextEquals: constraints.flatMap { member("EncryptionContextEquals", of: $0) }?.pairs))
        }
        return grants
    }
}

extension String {
    /// Whether the text is an account's id.
    fileprivate var isAccountID: Bool { utf8.count == 12 && utf8.allSatisfy { (48...57).contains($0) } }
}

extension JSONValue {
    /// The members of an object whose values are strings.
    fileprivate var pairs: [String: String] {
        guard case .object(let members) = self else { return [:] }
        return members.reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
    }
}

extension Policy {
    /// AWS's own resource control policy, attached at every level and not detachable.
    fileprivate static let fullAccess = Policy(
        name: "RCPFullAWSAccess",
        PolicyReading([
            Statement(
                .allow, actions: .matching([ActionPattern("*")]), resources: .matching([ResourcePattern("*")]),
                principals: .matching([PrincipalPattern(kind: "*", "*")]))
        ]), as: .resourceControl)
}

extension PolicySet {
    /// Says that policies of a type exist that were not supplied.
    package mutating func setIncomplete(_ type: PolicyType) {
        switch type {
        case .identityBased: identity.isComplete = false
        case .permissionsBoundary: boundary.isComplete = false
        case .session: session.isComplete = false
        case .resourceBased, .roleTrust: resource.isComplete = false
        case .vpcEndpoint: endpoint.isComplete = false
        case .serviceControl: serviceControl.isComplete = false
        case .resourceControl: resourceControl.isComplete = false
        }
    }
}
