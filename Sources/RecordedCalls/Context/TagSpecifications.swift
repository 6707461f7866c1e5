import IAMPolicy
import OrderedJSON

/// The tags that a call of Amazon EC2 passes, each for one type of resource: what is created without a specification of its own gets
/// none, whatever the others get.
///
/// Source: "TagSpecification" in the Amazon EC2 API reference; "Grant permission to tag Amazon EC2 resources during creation".
extension RecordedCall {
    /// Sets the tags that the call passes for one of its resources in place of those that it passes at all.
    func setRequestTags(of resource: String, in context: inout RequestContext) {
        guard let arn = ARN(resource), arn.service == "ec2", let specifications = tagSpecifications else { return }
        let type = String(arn.resource.prefix { $0 != "/" })
        let own = specifications.filter { $0.type == type }
        // What a launch template adds the record of the call does not tell.
        if own.isEmpty, case .value = parameter(["launchTemplate"]) {
            for key in ["aws:RequestTag/*", "aws:TagKeys"] { context.forget(key) }
            return
        }
        context.setAbsent("aws:RequestTag/*")
        context.setAbsent("aws:TagKeys")
        let tags = own.reduce(into: [:]) { $0.merge($1.tags) { $1 } }
        for (key, value) in tags { context.set("aws:RequestTag/\(key)", value) }
        if !tags.isEmpty { context.set("aws:TagKeys", values: tags.keys.sorted()) }
    }

    /// Whether the call tags other types of resources and not this one.
    func tagsOthers(than resource: String) -> Bool {
        guard let arn = ARN(resource), arn.service == "ec2", let specifications = tagSpecifications else {
            return false
        }
        let type = String(arn.resource.prefix { $0 != "/" })
        return !specifications.isEmpty && !specifications.contains { $0.type == type }
    }

    /// The call's specifications; `nil` where it passes none, or one without a type of resource.
    private var tagSpecifications: [(type: String, tags: [String: String])]? {
        for name in ["tagSpecificationSet", "tagSpecifications", "tagSpecification"] {
            guard case .value(let value) = parameter([name]) else { continue }
            var specifications: [(type: String, tags: [String: String])] = []
            for item in value.listed {
                guard let type = item.member(ignoringCase: "resourceType")?.stringValue else { return nil }
                specifications.append((type, ContextRow.tags(in: item)))
            }
            return specifications
        }
        return nil
    }
}
