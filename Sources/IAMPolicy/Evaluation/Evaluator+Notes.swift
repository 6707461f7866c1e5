extension Evaluator {
    /// How many issues of a policy are told.
    private static let issueLimit = 10

    /// What is to be said beside the decision: traps that the policies or the request hold.
    func notes(_ request: AuthorizationRequest, _ rule: ServiceRule, _ placed: [Placed]) -> [String] {
        var notes: [String] = []
        var known: Set<String> = []
        func add(_ note: String) { if known.insert(note).inserted { notes.append(note) } }
        switch rule {
        case .none: break
        case .allowsAlways: add("`\(request.action)` works with any valid credentials, regardless of policies.")
        case .allowsWithoutPolicy: add("`\(request.action)` needs no policy that allows it.")
        case .refuses(let why): add("No policy can allow this: \(why).")
        }
        for entry in placed where !entry.statement.isValid {
            let effect =
                entry.statement.writtenEffect == .deny
                ? "what it should deny is not denied here" : "AWS would refuse it"
            add(
                "Statement \(entry.statement.index) of policy `\(entry.policy.name)` is invalid and matches nothing: \(effect)."
            )
        }
        for entry in placed where entry.statement.index == 0 {
            for issue in entry.policy.issues.filter({ !$0.invalidatesStatement }).prefix(Self.issueLimit) {
                add("Policy `\(entry.policy.name)`, \(issue).")
            }
        }
        for entry in placed where entry.statement.isValid && entry.statement.matchesAction(request) {
            note(entry, request, add)
        }
        if request.principal.kind == .federatedUser, policies.session.policies.isEmpty, policies.session.isComplete {
            add(
                "A federated user without a session policy has only the permissions that a resource policy grants; "
                    + "AWS's documentation is not clear on it.")
        }
        if request.principal.kind == .user, !policies.session.policies.isEmpty {
            add("An IAM user has no session policy: the given one is ignored.")
        }
        if request.service == "iam", !policies.resource.policies.isEmpty {
            add("IAM actions use no resource policy: the given one is ignored.")
        }
        noteOwnKeys(request, placed, add)
        for level in policies.serviceControl.levels where scope(request).serviceControl {
            guard !level.policies.contains(where: { $0.statements.contains { $0.effect == .allow } }) else { continue }
            add(
                "Level \(level.id.map { "`\($0)`" } ?? "of service control policies") has no Allow: unless `FullAWSAccess` is "
                    + "attached there, too, it refuses everything.")
        }
        if request.hasNoResourcePolicies, request.isSameAccount == .no {
            add(
                "Resources of `\(request.service)` have no policies: from another account, use a role of the owner's account."
            )
            if !policies.resource.policies.isEmpty {
                add("The given resource policy has no effect: AWS supports none there.")
            }
        }
        if request.resource == "*", !policies.resourceControl.levels.isEmpty, scope(request).resourceControl {
            add("Whether resource control policies apply to an action without a resource is not documented.")
        }
        return notes
    }

    /// Keys that AWS would set for this principal, that a statement asks for, and that the request lacks.
    private func noteOwnKeys(_ request: AuthorizationRequest, _ placed: [Placed], _ add: (String) -> Void) {
        let asked = Set(
            placed.flatMap {
                $0.statement.conditions.map(\.key) + $0.statement.conditions.flatMap(\.variables).map(\.key)
            })
        for (key, value) in request.principal.contextKeys {
            guard asked.contains(ContextKey(key)), case .absent = request.context.state(of: ContextKey(key)) else {
                continue
            }
            add("A statement requires `\(key)`, which the request lacks; AWS would set it to `\(value)`.")
        }
    }

    private func note(_ entry: Placed, _ request: AuthorizationRequest, _ add: (String) -> Void) {
        let statement = entry.statement
        let name = "Statement \(statement.index) of policy `\(entry.policy.name)`"
        let names = statement.principals?.forms.contains(.deleted) ?? false
        if names {
            add("\(name) names a deleted principal by its id: nobody matches it, not even a new one of the same name.")
        }
        guard statement.matchesResource(request) == .no, !statement.isNotResource else { return }
        if request.resource == "*" {
            add(
                "\(name) covers the action, but names resources; `\(request.action)` is authorized on `*`, which only `*` covers."
            )
        }
        if request.isOnBucket, statement.resources.contains(where: \.isBucketWithAccount) {
            add(
                "\(name) names an S3 ARN that holds a Region or an account id, which matches nothing: ARNs of buckets have neither."
            )
        }
    }
}

extension CompiledResource {
    /// Whether the entry is the ARN of an S3 bucket or object with a Region or an account in it.
    fileprivate var isBucketWithAccount: Bool {
        guard let arn = ARN(text), arn.service == "s3", !arn.region.isEmpty || !arn.account.isEmpty else {
            return false
        }
        func isOpen(_ part: String) -> Bool { part.allSatisfy { $0 == "*" } }
        guard !isOpen(arn.region) || !isOpen(arn.account) else { return false }
        let others = ["accesspoint", "job/", "storage-lens", "async-request", "access-grants", "accessgrants"]
        return !others.contains { arn.resource.hasPrefix($0) }
    }
}
