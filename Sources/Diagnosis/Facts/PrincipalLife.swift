import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// When a role or user was created and deleted, as the trail shows it.
///
/// What is deleted takes its own policies and group memberships with it, and one that is created anew under the same name starts
/// with none and with another unique id. Source: "IAM identifiers" and "Deleting roles or instance profiles" in the IAM user guide.
enum PrincipalLife {
    /// The latest creation of the principal up to a moment (inclusive).
    static func creation(of principal: PrincipalName, until moment: String, changes: [TrailChange]) -> TrailChange? {
        changes.last { $0.isCreation && $0.concerns(principal) && $0.time <= moment }
    }

    /// The deletion after which the group's principal is no more, as far as the trail reaches; `nil` where it shows none.
    static func finalDeletion(_ facts: GroupFacts) -> TrailChange? {
        let last = facts.changes.last { ($0.isCreation || $0.isDeletion) && $0.concerns(facts.principal) }
        return last.flatMap { $0.isDeletion ? $0 : nil }
    }

    /// Whether what was deleted was created again up to the first denial.
    static func isRevived(_ deletion: TrailChange, _ facts: GroupFacts) -> Bool {
        rebirth(after: deletion, facts).map { $0.time <= facts.group.firstSeen } ?? false
    }

    /// The first creation of what was deleted, after it.
    static func rebirth(after deletion: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        facts.changes.first {
            $0.isCreation && $0.time >= deletion.time && $0.account == deletion.account
                && $0.roleName == deletion.roleName && $0.userName == deletion.userName
        }
    }
}

extension TrailChange {
    /// Whether a role or user came into being.
    var isCreation: Bool { ["CreateRole", "CreateUser"].contains(change.eventName) && rule?.direction == .creates }

    /// Whether a role or user was deleted.
    var isDeletion: Bool {
        ["DeleteRole", "DeleteUser", "DeleteServiceLinkedRole"].contains(change.eventName) && rule != nil
    }
}
