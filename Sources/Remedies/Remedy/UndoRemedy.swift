import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do about a change: take it back, unless it was meant.
enum UndoRemedy {
    static func undo(_ facts: GroupFacts) -> Remedy {
        guard let candidate = PermissionsChanged.candidates(facts).first else { return UnstatedRemedy.simulate(facts) }
        if let swap = candidate.swap { return undo(swap, facts) }
        if candidate.isProven || candidate.counterfactual?.verdict == .conditional,
            let remedy = IdentityPolicyRemedy.sessionDeny(facts)
        {
            return remedy
        }
        if let remedy = Quarantine.remedy(facts, attached: candidate.change) { return remedy }
        let change = candidate.change
        if PublicAccess.isReason(facts) { return PublicAccess.remedy(change, facts) }
        if change.rule?.target == .serviceGrant { return ServiceGrants.remedy(change, facts) }
        // Before it was created nothing stood there, or nothing that the trail shows: its policy is to be edited.
        if facts.group.reason.policyType == .vpcEndpoint,
            change.changeName == .createVpcEndpoint || candidate.counterfactual?.verdict == .lacking
        {
            return PolicyRemedy.limit(facts)
        }
        // What somebody wrote into a limit was meant: its text is to be edited, and only a change that was not meant is taken back.
        if facts.group.reason == .missingAllow(.vpcEndpoint), candidate.direction == .replaces {
            var remedy = PolicyRemedy.limit(facts)
            remedy.text += "If the change was not intentional, restore what stood there before."
            if let former = FormerState.text(before: change, facts) {
                remedy.text += "The policy's previous text is in \(former.recordShown)."
            }
            remedy.text += "\(change.person.ask) whether it was intentional."
            return remedy
        }
        // So was a condition: it is to be met first.
        if candidate.direction == .replaces, facts.group.reason.effect != .explicit,
            let allow = ConditionalAllow.own(facts), allow.change.event == change.event,
            allow.failures.contains(where: { $0.tag != nil })
        {
            var remedy = IdentityPolicyRemedy.conditionUnmet(facts)
            remedy.text += "Or restore what stood there before."
            return remedy
        }
        if let slip = SlipEdit.remedy(candidate, facts) { return slip }
        if change.changeName == .acceptHandshake {
            var remedy = PolicyRemedy.limit(facts)
            remedy.text =
                "Since it joined, the organization's policies bind account \(facts.principal.account)." + remedy.text
            return remedy
        }
        if PermissionsChanged.isLeftPath(candidate, facts) { return leftPath(candidate) }
        let lost = LostUndo(of: change, facts)
        let call =
            change.rule?.target == .permissionSet
            ? change : facts.permissionSet?.call(before: change, facts)
        let undo =
            ChangeCommands.commands(for: change) + FormerState.commands(undoing: change, facts)
            + ProtectedRole.commands(undoing: change, call: call)
        // A guardrail stays attached: taken off, it is off for everything else, too.
        let commands = undo.filter { !(lost?.isVain($0) ?? false) && $0.operation != .organizationsDetachPolicy }
        let key = KeyPolicy.shutting(out: facts)
        // An Allow that stands under a condition is not widened by one without.
        let isIdentityAllow =
            facts.group.reason == .missingAllow(.identityBased) && key == nil
            && ConditionalAllow.own(facts) == nil
        if let undone = undoing(change, facts) { return undone }
        var text: Prose
        switch candidate.direction {
        case .takes where change.changeName == .deleteRole:
            text =
                "Create role \(change.roleName ?? "?") again under the same name, with its trust policy and its policies, unless deleting it was intentional."
        case .takes where change.deletesResource: text = "Write the policy again, unless deleting it was intentional."
        case .takes: text = "Restore what was removed, unless removing it was intentional."
        case .gives where change.rule?.target == .organizationPolicyTarget:
            text =
                "Have \(deny(facts) ?? "the policy") let this call pass. If refusing it is intentional, stop making the call instead. Do not detach the policy: that would lift it for everything else, too."
        case .gives: text = "Remove what was added, unless adding it was intentional."
        case .replaces where change.changeName == .moveAccount:
            let former: Prose = change.parameter("sourceParentId").map { " to \($0)" } ?? ""
            text =
                "Have \(deny(facts) ?? "the policy") let this call pass, or move the account back\(former) if the move was not intentional: the policies of the new unit bind the account."
        case .replaces where facts.lastSuccessBefore == nil && facts.group.reason.effect == .explicit:
            // Nothing in the trail tells that what stood there before let the calls pass.
            text =
                "Narrow \(deny(facts) ?? "the Deny") such that it spares this call, or take it out, unless refusing the call is intentional."
        case .replaces:
            let others = FormerState.letIn(by: change, facts)
            text =
                others.isEmpty
                ? "Restore what stood there before, unless the change was intentional."
                : "Put what let \(facts.principal.shown) in back beside what stands there now, unless shutting it out was intentional: restoring the former text would shut out \(list: others, limit: 3)."
        case .touchesConditions where !change.tagKeys.isEmpty:
            let former = FormerState.tags(before: change, facts)
            text =
                former.isEmpty
                ? "Undo the change of the tags, unless it was intentional."
                : "Give back the tags that stood there before (\(list: former, limit: 3)), unless the change was intentional: the condition stays as it is."
        case .touchesConditions, .lifts, .disables, .creates, .clears:
            text = "Undo the change, unless it was intentional."
        }
        if let also = PermissionsChanged.alsoNeeded(candidate, facts) {
            text =
                "Undo both changes, as far as they were not intentional: one alone does not help. Put back the Allow that went when \(also.change.summary)."
                + text
        }
        if let later = Standing(facts).laterDeny {
            text =
                "Undo both this and what came behind it, as far as they were not intentional: \(later.change.summary) at \(time: later.change.time), and \(later.failing.shown) denies the call since, so that one alone does not help."
                + text
        }
        // A boundary that was set on purpose stays, and learns of the call.
        let limit =
            facts.group.reason.policyType == .permissionsBoundary || facts.lastSuccessBefore == nil
            ? LimitEdit.edit(facts) : nil
        if let limit { text = "\(limit.words.capitalised). If the change was not intentional, undo it." }
        if change.rule?.target == .identityProvider { text = IdentityProvider.repair(change) }
        if change.rule?.target == .trust, facts.isFederatedAssumption {
            text += ConditionalAllow.ofRole(facts)?.demand ?? ""
        }
        var shown: [ShellCommand] = []
        if candidate.direction == .gives, let arn = change.policyARN, ARN(arn).map({ $0.account != "aws" }) ?? false,
            change.rule?.target != .organizationPolicyTarget
        {
            text +=
                "Or edit the Deny in \(arn), which affects everyone who has it; the last command lists them."
            shown = PolicyCommands.holders(ofPolicy: arn)
        }
        if let former = FormerState.text(before: change, facts) {
            text +=
                "\(words: change.isDeletion ? "Its trust policy" : "The policy's previous text") is in \(former.recordShown)."
        }
        let author = call ?? change
        text += "\(author.person.ask) whether it was intentional."
        if let name = change.roleName ?? (change.rule?.target == .permissionSet ? facts.principal.name : nil),
            case .permissionSet(let set)? = ProtectedRole.owner(ofRole: name),
            change.rule?.target == .role || change.rule?.target == .permissionSet
        {
            text += ProtectedRole.edit(set, ProtectedRole.undoing(change))
        }
        if let lost {
            text += lost.advice
        } else if [.createPolicyVersion, .setDefaultPolicyVersion].contains(change.changeName) {
            text +=
                "The list below shows the versions; \(code: "aws iam set-default-policy-version") makes the former one the default again."
        }
        if commands.contains(where: { $0.operation?.service == "organizations" }) {
            text += PolicyCommands.inManagementAccount
        }
        if isIdentityAllow { text += "If it was intentional, the least that must be allowed is below." }
        if let key { text += KeyPolicy.remedy(key, facts).text }
        let statement = LeastPrivilege.resourcePolicy(facts)
        if statement != nil { text += "If it was intentional, the statement that the policy lacks is below." }
        if let type = facts.group.reason.policyType, facts.group.reason.effect == .explicit || type.isLimit {
            text += "An Allow elsewhere won't help against \(words: type.article) \(words: type.words)."
        }
        var remedy = Remedy(
            commands.isEmpty ? .policy : .command, text, commands: commands + shown,
            policy: isIdentityAllow ? LeastPrivilege.policy(facts) : statement)
        remedy.edit = limit?.edit
        return remedy
    }

    /// The account left the place in its organization that a policy asks of its callers.
    private static func leftPath(_ candidate: BlamedChange) -> Remedy {
        let change = candidate.change
        let asking = candidate.counterfactual?.statements.first
        let statement: Prose = asking?.statement.sid.map { "statement \($0)" } ?? "the policy that asks for it"
        let place: Prose =
            change.parameter("destinationParentId").map { "\($0), where the account is now," }
            ?? "the account's new place"
        let former: Prose = change.parameter("sourceParentId").map { " to \($0)" } ?? ""
        var text: Prose =
            "Let \(statement) name \(place) in \("aws:PrincipalOrgPaths") as well, if the account is still to be let in. Or move the account back\(former), if the move was not intentional."
        text += "\(change.person.ask) which is meant. What else the condition asks for stays."
        return Remedy(.policy, text)
    }

    /// The statement that denies for certain; `nil` where none is known.
    private static func deny(_ facts: GroupFacts) -> Prose? {
        guard let found = facts.failing, found.isCertain, found.statement.effect == .deny else { return nil }
        let name = found.statement.name
        let statement = Prose.statement(name.sid, at: name.index)
        return "\(statement) of \(name.policy)"
    }

    /// What was taken away or added was given back or taken away since, and the archive holds no success behind it; `nil` where that
    /// is not so.
    package static func undoing(_ change: TrailChange, _ facts: GroupFacts) -> Remedy? {
        let opposite: ChangeRule.Direction
        switch change.rule?.direction {
        case .takes?: opposite = .gives
        case .gives?: opposite = .takes
        case .replaces?, .lifts?, .touchesConditions?, .disables?, .creates?, .clears?, nil: return nil
        }
        guard let chain = change.chain, let last = facts.changes.last(where: { $0.chain == chain }),
            last.rule?.direction == opposite,
            last.time > facts.group.firstSeen
        else { return nil }
        var text: Prose = "\(last.summary.capitalised) at \(time: last.time), which undid the change."
        text +=
            TimeSpan.seconds(from: last.time, to: facts.group.lastSeen) <= TimeSpan.settling
            ? "Retry the call before changing anything else: no success has been recorded since."
            : "Calls were refused after that too, so something else refuses them now."
        let commands = ChangeCommands.commands(for: last).prefix(1) + PolicyCommands.simulation(facts)
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: Array(commands))
    }

    /// A workload got another role: either goes back, or the new role gets what the old one had.
    static func undo(_ swap: RoleSwap, _ facts: GroupFacts) -> Remedy {
        let former = swap.predecessor(facts)?.role
        var text: Prose =
            "Give \(ProtectedRole.holder(facts)) what the call needs, or let \(swap.change.workload) run under \(former?.shown ?? "the former role") again."
        text +=
            "\(swap.change.person.ask) which is meant."
        let isIdentityAllow = facts.group.reason == .missingAllow(.identityBased)
        if isIdentityAllow { text += "For the first, the least that must be allowed is below." }
        let commands =
            ChangeCommands.commands(for: swap.change)
            + (former.map { Self.commands(undoing: swap, formerRole: $0) } ?? [])
        return Remedy(
            commands.isEmpty ? .policy : .command, text, commands: commands,
            policy: isIdentityAllow ? LeastPrivilege.policy(facts) : nil)
    }

    /// What lets a workload run under its former role again, where one command does that.
    private static func commands(undoing swap: RoleSwap, formerRole: PrincipalName) -> [ShellCommand] {
        guard swap.change.change.eventSource == "lambda.amazonaws.com", let name = swap.change.workloadName else {
            return []
        }
        return [
            ShellCommand(
                .lambdaUpdateFunctionConfiguration,
                [
                    "--function-name", .function(name), "--role",
                    .value(formerRole.arn, .arn(service: "iam")),
                ] + ShellWord.region(swap.change.change.awsRegion))
        ]
    }
}
