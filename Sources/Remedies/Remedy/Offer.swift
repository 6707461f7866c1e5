import AccessDenial
import Causes
import Findings
import IAMPolicy
import TrailStore
import Wording

/// An Allow that is offered, and what the evaluator says of it: none is offered that does not heal.
enum Offer {
    /// The remedy with its Allow proven, and beside it the least that keeps working; without an Allow where that would not help.
    package static func proven(_ remedy: Remedy, _ facts: GroupFacts) -> Remedy {
        guard let policy = remedy.policy,
            policy.statements.contains(where: { $0.matchesAction(facts.group.action) })
        else { return remedy }
        let type = type(of: policy, facts)
        let standing = facts.changes.isEmpty ? nil : Standing(facts)
        func proof(_ policy: PolicyDocument) -> Standing.Proof {
            standing?.proof(adding: policy, as: type) ?? .unless(policies: [], keys: [])
        }
        var remedy = remedy
        let own = proof(policy)
        guard own.heals else {
            remedy.policy = nil
            remedy.text = remedy.text.leavingOut(announcements)
            remedy.text += refused(own)
            if remedy.commands.isEmpty { remedy.kind = .setting }
            return remedy
        }
        remedy.text += open(own)
        if type == .identityBased, let workable = LeastPrivilege.workable(facts), workable != policy {
            let wider = proof(workable)
            if wider.heals {
                remedy.workable = workable
            } else {
                remedy.text += "A wider one is not offered: \(reason(wider))."
            }
        }
        return remedy
    }

    /// What announces a statement that is not offered after all.
    private static let announcements = [
        "If it was intentional, the least that must be allowed is below.",
        "For the first, the least that must be allowed is below.",
        "If it was intentional, the statement that the policy lacks is below.",
        "The least that must be allowed is below.", "The statement to add is below.",
    ]

    /// As what a policy is offered: the caller's own, or where it names who is let in the one of what was called.
    package static func type(of policy: PolicyDocument, _ facts: GroupFacts) -> PolicyType {
        guard policy.statements.contains(where: { $0.principals != nil }) else { return .identityBased }
        return facts.group.reason.policyType == .resourceBased ? .resourceBased : .roleTrust
    }

    /// What stays unknown; empty where nothing does.
    private static func open(_ proof: Standing.Proof) -> Prose {
        switch proof {
        case .allowed: "With the Allow below, the policies in the trail allow the refused call."
        case .unless: "The Allow below is enough unless a policy that this archive does not show denies the call."
        case .refused: ""
        }
    }

    private static func refused(_ proof: Standing.Proof) -> Prose {
        "No Allow is offered: \(reason(proof))."
    }

    private static func reason(_ proof: Standing.Proof) -> Prose {
        guard case .refused(let layers) = proof, !layers.isEmpty else {
            return "the call would be refused all the same"
        }
        return "with it the call would still be refused (\(list: layers, limit: 3))"
    }
}
