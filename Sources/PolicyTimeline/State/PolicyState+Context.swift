import CloudTrail
public import IAMPolicy

extension PolicyState {
    /// The context keys that follow from the principal and from what is known of the moment: its time, tags of the principal, the
    /// session and the resource, organizations. Of tags that may be others, and of everything that is not told, nothing is said.
    public func context(of principal: RequestPrincipal, resourceAccount: String?) -> RequestContext {
        var context = RequestContext()
        for (key, value) in principal.contextKeys { context.set(key, value) }
        if let resourceAccount { context.set("aws:ResourceAccount", resourceAccount) }
        if let seconds = EventTime.seconds(moment.time) {
            context.set("aws:CurrentTime", moment.time)
            context.set("aws:EpochTime", String(seconds))
        }
        if let state = self.principal {
            context.setTags("aws:PrincipalTag/", state.tags, of: sessionTags)
            if principal.kind == .user, let id = state.uniqueID { context.set("aws:userid", id) }
        }
        if let resource = resources.first { context.setTags("aws:ResourceTag/", resource.tags, of: nil) }
        if let sessionFacts { context.setSession(sessionFacts) }
        context.setOrganization(organization[principal.account ?? ""], "aws:PrincipalOrgID", "aws:PrincipalOrgPaths")
        context.setOrganization(
            organization[resourceAccount ?? ""], "aws:ResourceOrgID", "aws:ResourceOrgPaths")
        return context
    }
}

extension RequestContext {
    /// Tags; those of a session stand before those of its role.
    fileprivate mutating func setTags(_ prefix: String, _ own: LaneState, of session: LaneState?) {
        if own.isComplete, session?.isComplete ?? true { setAbsent(prefix + "*") }
        for lane in [own, session].compactMap(\.self) {
            for (key, entry) in lane.entries.sorted(by: { $0.key < $1.key }) {
                if case .known(.text(let value)) = entry.knowledge {
                    set(prefix + key, value)
                } else {
                    forget(prefix + key)
                }
            }
        }
    }

    /// What a session bears from its beginning.
    fileprivate mutating func setSession(_ facts: LaneState) {
        if case .known(.text(let identity))? = facts.entries["sourceIdentity"]?.knowledge {
            set("aws:SourceIdentity", identity)
        }
        if case .event(let event)? = facts.completedBy { set("aws:TokenIssueTime", event.eventTime) }
    }

    fileprivate mutating func setOrganization(_ state: OrganizationState?, _ idKey: String, _ pathsKey: String) {
        guard let state else { return }
        if state.isAlone {
            setAbsent(idKey)
            setAbsent(pathsKey)
        } else if let id = state.organization {
            set(idKey, id)
            if state.isComplete {
                let path = state.levels.dropFirst().reversed().map(\.id)
                set(pathsKey, values: [([id] + path).joined(separator: "/") + "/"])
            }
        }
    }
}
