package import AccessDenial
package import PolicyTimeline

extension ChangeRule {
    /// Whether the change can cause a refusal of this effect, whatever the policy type.
    package func canCause(_ effect: AccessDenial.Effect) -> Bool {
        switch (direction, effect) {
        case (.gives, .explicit), (.takes, .implicit), (.replaces, _), (.touchesConditions, _): true
        case (.gives, .unstated), (.takes, .unstated): true
        case (.gives, .implicit), (.takes, .explicit), (.lifts, _), (.disables, _), (.creates, _), (.clears, _): false
        }
    }

    /// Whether the change can heal a refusal of this effect.
    package func canHeal(_ effect: AccessDenial.Effect) -> Bool {
        switch (direction, effect) {
        case (.gives, .implicit), (.takes, .explicit), (.replaces, _), (.lifts, _), (.touchesConditions, _): true
        case (.gives, .unstated), (.takes, .unstated): true
        case (.gives, .explicit), (.takes, .implicit), (.disables, _), (.creates, _), (.clears, _): false
        }
    }
}
