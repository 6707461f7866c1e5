package import IAMPolicy

extension PolicyDocument {
    /// One statement that allows actions: on resources in a policy of a principal's own, to principals in that of a resource.
    package static func allowing(
        _ actions: [String], on resources: [String]? = nil, to principals: [PrincipalPattern]? = nil,
        where conditions: [Statement.Condition] = []
    ) -> PolicyDocument {
        PolicyDocument([
            Statement(
                .allow, actions: .matching(actions.map { ActionPattern($0) }),
                resources: resources.map { .matching($0.map(ResourcePattern.init)) },
                principals: principals.map { .matching($0) }, conditions: conditions)
        ])
    }
}
