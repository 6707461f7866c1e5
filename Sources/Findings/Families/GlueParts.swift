import AccessDenial
package import Causes
import IAMPolicy
import RecordedCalls
import RecordedChanges
import TrailStore
package import Wording

/// What AWS Glue checks one after the other: the catalog, the database and the table that a call is about. AWS names the first that is
/// refused.
///
/// Source: "Resource ancestors" in "Specifying AWS Glue resource ARNs", AWS Glue developer guide.
package enum GlueParts {
    /// The parts beside the ones refused, by the calls' own parameters; empty for any other service.
    package static func others(_ facts: GroupFacts) -> [String] {
        let refused = facts.refusedResources.compactMap { ARN($0) }
        guard facts.servicePrefix == "glue", let first = refused.first,
            refused.allSatisfy({ $0.service == "glue" && ["catalog", "database"].contains(kind($0)) })
        else { return [] }
        var found: Set<String> = []
        for call in facts.group.requests.map({ RecordedCall($0) }) {
            guard let database = call.parameterText("databaseName") else { continue }
            var parts = ["catalog", "database/\(database)"]
            if let table = call.parameterText("tableName") ?? call.parameterText("name") {
                parts.append("table/\(database)/\(table)")
            }
            found.formUnion(parts.map { first.with(resource: $0).description })
        }
        return found.subtracting(refused.map(\.description)).sorted()
    }

    package static func story(_ facts: GroupFacts) -> Prose {
        let others = others(facts)
        guard !others.isEmpty else { return "" }
        return "AWS Glue checks \(list: others, limit: 3) next: the policy must name all of them."
    }

    private static func kind(_ arn: ARN) -> String { String(arn.resource.prefix { $0 != "/" }) }
}
