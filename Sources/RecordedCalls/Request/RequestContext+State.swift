package import IAMPolicy
package import PolicyTimeline

extension RequestContext {
    /// Adds what the state of policies tells: tags, and the place in an organization.
    package mutating func add(_ state: PolicyState, callerAccount: String?, resourceAccount: String?) {
        add([state.principal?.tags, state.sessionTags].compactMap(\.self), behind: "aws:PrincipalTag/")
        if let resource = state.resources.first { add([resource.tags], behind: "aws:ResourceTag/") }
        for (account, key) in [(callerAccount, "aws:PrincipalOrgID"), (resourceAccount, "aws:ResourceOrgID")] {
            guard let account, let place = state.organization[account] else { continue }
            if let organization = place.organization {
                set(key, organization)
            } else if place.isAlone {
                setAbsent(key)
            }
        }
    }

    /// Adds tags: those of a session, which stand last, win over those of its role.
    private mutating func add(_ lanes: [LaneState], behind prefix: String) {
        if !lanes.isEmpty, lanes.allSatisfy(\.isComplete) { setAbsent(prefix + "*") }
        for lane in lanes {
            for (key, value) in lane.known {
                if case .text(let text) = value { set(prefix + key, text) }
            }
        }
        for key in Set(lanes.flatMap(\.absent.keys)) where lanes.allSatisfy({ $0.holds(key) == false }) {
            setAbsent(prefix + key)
        }
    }
}
