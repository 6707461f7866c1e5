extension Evaluator {
    /// What the policies say, Allows and Denies told apart.
    package struct LayerAnswer: Sendable, Hashable {
        /// Whether everything that must allow does.
        package var allows: Truth
        /// Whether something denies.
        package var denies: Truth

        /// An answer.
        package init(allows: Truth, denies: Truth) {
            self.allows = allows
            self.denies = denies
        }
    }

    /// What a request needs of one type of policy: whether that type, were it the only one that decides, allows, and whether it
    /// denies. Denies are those of all the policies that were given.
    ///
    /// Of identity-based policies it is asked as AWS does: within one account the resource's own policy allows as well.
    package func answer(on request: AuthorizationRequest, asking type: PolicyType) -> LayerAnswer {
        let outcome = outcome(of: request, .none)
        var side = outcome.allows
        let allows: Truth
        switch type {
        case .identityBased:
            // What limits it, and whether a key's policy lets it decide, are other questions.
            (side.boundary, side.session) = (.yes, .yes)
            if side.account == .no { side.account = .yes }
            allows = side.setting.isSameAccount == .no ? side.identity || side.grant : side.core
        case .resourceBased, .roleTrust: allows = side.admitted || side.grant
        case .permissionsBoundary: allows = side.boundary
        case .session: allows = side.session
        case .vpcEndpoint: allows = side.endpoint
        case .serviceControl: allows = side.serviceControl
        case .resourceControl: allows = side.resourceControl
        }
        return LayerAnswer(allows: allows, denies: outcome.deny)
    }
}
