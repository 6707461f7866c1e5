import OrderedJSON

/// The slow and obvious evaluator: AWS's rules of evaluation in the order in which its pages tell them, one list after the other,
/// nothing remembered and nothing skipped. It shares no code with the evaluator that it is to check.
struct PlainEvaluation: Equatable {
    struct Blame: Equatable {
        var layer: String
        var policy: String?
        var statement: Int?
        var level: String?
    }

    var decision: String
    var decidedBy: Blame?
    var refusedBy: [String] = []
    var missingKeys: [String] = []
    var missingPolicies: [String] = []

    init(_ json: JSONValue) {
        let request = PlainRequest(json)
        guard request.owner == nil, ![.service, .anonymous, .provider].contains(request.principal.kind) else {
            self = Self.decide(request, isSameAccount: request.owner == request.principal.account)
            return
        }
        // Whose resource it is, nothing tells: the answer stands where both readings agree.
        let same = Self.decide(request, isSameAccount: true)
        let cross = Self.decide(request, isSameAccount: false)
        self = same
        if same.decision != cross.decision {
            decision = "undetermined"
            decidedBy = nil
            refusedBy = []
            missingKeys = Set(same.missingKeys + cross.missingKeys + ["aws:ResourceAccount"]).sorted()
        }
    }

    private init(_ decision: String, _ decidedBy: Blame? = nil, refusedBy: Set<String> = []) {
        self.decision = decision
        self.decidedBy = decidedBy
        self.refusedBy = refusedBy.sorted()
    }

    /// A statement that bears on the request, with what it says of it.
    private struct Judged {
        var statement: PlainStatement
        var finding: PlainFinding
        var paths: [PlainPrincipal.Path]

        var blame: Blame {
            Blame(
                layer: statement.layer.rawValue, policy: statement.policy, statement: statement.index,
                level: statement.level)
        }
    }

    private static func decide(_ request: PlainRequest, isSameAccount: Bool) -> PlainEvaluation {
        let action = request.action.lowercased()
        if action == "sts:getcalleridentity" { return PlainEvaluation("allowed") }
        if let refusal = protected(request, action) { return refusal }

        // Every statement of every policy that binds the caller.
        var judged: [Judged] = []
        for layer in PlainLayer.allCases where request.binds(layer) {
            for statement in request.statements[layer] ?? [] {
                var paths: [PlainPrincipal.Path] = [.direct]
                if [.resource, .resourceControl, .endpoint].contains(layer) {
                    paths = request.principal.paths(of: statement.element, hasBoundary: request.hasBoundary)
                }
                if !paths.isEmpty {
                    var finding = statement.finding(request)
                    // Whether these apply to an action without a resource, AWS does not say.
                    if layer == .resourceControl, request.resource == "*", finding.truth == .yes {
                        finding.truth = .unknown
                    }
                    judged.append(Judged(statement: statement, finding: finding, paths: paths))
                }
            }
        }
        let unknownLayers = PlainLayer.allCases.filter {
            request.binds($0) && request.unknownLayers.contains(request.name($0))
        }

        // Denies.
        let denies = judged.filter { !$0.statement.isAllow }
        let deny = PlainTruth.any(denies.map(\.finding.truth) + unknownLayers.map { _ in .unknown })

        // Allows, layer by layer.
        func allow(_ layer: PlainLayer, _ paths: [PlainPrincipal.Path] = [.direct, .role, .account]) -> PlainTruth {
            let own = judged.filter {
                $0.statement.layer == layer && $0.statement.isAllow && !Set($0.paths).isDisjoint(with: paths)
            }
            return .any(own.map(\.finding.truth) + (unknownLayers.contains(layer) ? [.unknown] : []))
        }
        let isRoot = request.principal.kind == .root
        let identity: PlainTruth = isRoot ? .yes : allow(.identity)
        let boundary: PlainTruth =
            request.binds(.boundary) && (request.hasBoundary || unknownLayers.contains(.boundary))
            ? allow(.boundary) : .yes
        let needsSession =
            request.binds(.session)
            && (request.hasSessionPolicy || request.principal.kind == .federated || unknownLayers.contains(.session))
        let session: PlainTruth = needsSession ? allow(.session) : .yes
        let endpoint: PlainTruth =
            request.binds(.endpoint) && (request.hasEndpoint || unknownLayers.contains(.endpoint))
            ? allow(.endpoint) : .yes
        var control: PlainTruth = .yes
        var lackingLevel: String?
        if request.binds(.serviceControl) {
            let levels = request.controlLevels.map { level -> PlainTruth in
                let truth = PlainTruth.any(
                    judged.filter { item in
                        item.statement.layer == .serviceControl && item.statement.isAllow
                            && item.statement.level == level.name
                    }.map(\.finding.truth))
                if truth == .no, lackingLevel == nil { lackingLevel = level.name }
                return truth
            }
            control = .all(levels + (unknownLayers.contains(.serviceControl) ? [.unknown] : []))
        }

        // What the caller's account and the resource's policy say together.
        let hasNoAccount = [.service, .anonymous, .provider].contains(request.principal.kind)
        let isShut = request.admitsNoStrangers && (hasNoAccount || !isSameAccount)
        let direct = isShut ? .no : allow(.resource, [.direct])
        let role = isShut ? .no : allow(.resource, [.role])
        let account = isShut ? .no : allow(.resource, [.account])
        let mustBeLetIn = request.isKey || request.isTrust
        let throughIdentity = mustBeLetIn ? PlainTruth.all([identity, account]) : identity
        var lacking: [String] = []  // in the order of blame
        let resourceName = request.name(.resource)
        let sides = PlainAllows(
            control: control, endpoint: endpoint, identity: identity, boundary: boundary, session: session,
            direct: direct,
            role: role, account: account, mustBeLetIn: mustBeLetIn,
            kind: hasNoAccount
                ? .withoutAccount
                : isRoot && request.isTrust ? .rootForRole : isSameAccount ? .sameAccount : .acrossAccounts)
        let core = sides.core
        switch sides.kind {
        case _ where core != .no: break
        case .withoutAccount: lacking = [resourceName]
        case .rootForRole: lacking = ["identity-based"]
        case .sameAccount:
            if PlainTruth.any([role, throughIdentity]) == .no {
                if mustBeLetIn, account == .no { lacking.append(resourceName) }
                if identity == .no { lacking.append("identity-based") }
            }
            if boundary == .no { lacking.append("permissions-boundary") }
            if session == .no { lacking.append("session") }
        case .acrossAccounts:
            let layers = [
                (identity, "identity-based"), (boundary, "permissions-boundary"), (session, "session"),
                (PlainTruth.any([direct, role, account]), resourceName),
            ]
            lacking = layers.filter { $0.0 == .no }.map(\.1)
        }

        // Who refuses on their own.
        let certainDenies = denies.filter { $0.finding.truth == .yes }
        var refusing = Set(certainDenies.map { request.name($0.statement.layer) } + lacking)
        if control == .no { refusing.insert("service-control") }
        if endpoint == .no { refusing.insert("vpc-endpoint") }

        // The decision.
        if let first = certainDenies.first {
            var blame = first.blame
            blame.layer = request.name(first.statement.layer)
            return PlainEvaluation("explicitlyDenied", blame, refusedBy: refusing)
        }
        if let level = lackingLevel {
            return PlainEvaluation(
                "implicitlyDenied", Blame(layer: "service-control", level: level), refusedBy: refusing)
        }
        if endpoint == .no {
            return PlainEvaluation("implicitlyDenied", Blame(layer: "vpc-endpoint"), refusedBy: refusing)
        }
        if core == .no { return PlainEvaluation("implicitlyDenied", Blame(layer: lacking[0]), refusedBy: refusing) }
        if deny == .no, PlainTruth.all([control, endpoint, core]) == .yes {
            guard !isRoot else { return PlainEvaluation("allowed") }
            let allows = judged.filter { $0.statement.isAllow && $0.finding.truth == .yes }
            // The identity's statement, where it is what lets the caller through.
            let isThroughIdentity = !isSameAccount || PlainTruth.all([throughIdentity, boundary, session]) == .yes
            let granting =
                allows.first { $0.statement.layer == .identity && isThroughIdentity }
                ?? [.direct, .role, .account].lazy.compactMap { path in
                    allows.first { $0.statement.layer == .resource && $0.paths.contains(path) }
                }.first
            var blame = granting?.blame
            if let granting { blame?.layer = request.name(granting.statement.layer) }
            return PlainEvaluation("allowed", blame)
        }
        var result = PlainEvaluation("undetermined")
        // Keys of the Denies that may match, and of the Allows that may be needed: where a layer's Allow is not certain.
        let open = judged.filter { item in
            guard item.finding.truth == .unknown else { return false }
            guard item.statement.isAllow else { return true }
            switch item.statement.layer {
            case .serviceControl:
                // Within a level one Allow is enough.
                let hasAllow = judged.contains {
                    $0.statement.layer == .serviceControl && $0.statement.isAllow
                        && $0.statement.level == item.statement.level && $0.finding.truth == .yes
                }
                return !hasAllow && sides.matters(\.control)
            case .endpoint: return sides.matters(\.endpoint)
            case .boundary: return sides.matters(\.boundary)
            case .session: return sides.matters(\.session)
            case .identity: return sides.matters(\.identity)
            case .resourceControl: return false
            case .resource:
                if item.paths.contains(.direct) { return sides.matters(\.direct) }
                return sides.matters(item.paths.contains(.role) ? \.role : \.account)
            }
        }
        // One spelling of each key is enough.
        let spellings = Dictionary(grouping: Set(open.flatMap(\.finding.keys)).sorted()) { $0.lowercased() }
        result.missingKeys = spellings.values.map { $0[0] }.sorted()
        let isControlOpen =
            request.resource == "*" && open.contains { $0.statement.layer == .resourceControl && !$0.statement.isAllow }
        result.missingPolicies =
            Set(unknownLayers.map(request.name) + (isControlOpen ? ["resource-control"] : [])).sorted()
        return result
    }

    /// What nobody may change, whatever their policies say: AWS's own policies and roles.
    private static func protected(_ request: PlainRequest, _ action: String) -> PlainEvaluation? {
        guard action.hasPrefix("iam:") else { return nil }
        let verbs = ["get", "list", "simulate", "generate", "passrole"]
        guard !verbs.contains(where: { action.dropFirst(4).hasPrefix($0) }) else { return nil }
        let parts = PlainText.parts(request.resource)
        guard parts.count == 6, parts[2] == "iam" else { return nil }
        let isOfAWS = parts[4] == "aws" && parts[5].hasPrefix("policy/")
        let isThroughService = request.context.state("aws:ViaAWSService") == .single("true")
        guard isOfAWS || parts[5].hasPrefix("role/aws-reserved/") && !isThroughService else { return nil }
        return PlainEvaluation("implicitlyDenied", Blame(layer: "identity-based"), refusedBy: ["identity-based"])
    }
}
