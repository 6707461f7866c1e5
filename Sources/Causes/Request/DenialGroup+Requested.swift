import AccessDenial
import IAMPolicy
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
import TrailStore

extension DenialGroup {
    /// How many records are asked what the calls were on.
    private static let requestedLimit = 3

    /// What the calls were on by their records, where the denials themselves name nothing and AWS does not say which policy refused.
    var requestedResources: [String] {
        guard resources.isEmpty, inferredResources.isEmpty, reason.effect == .unstated, category == .authorization,
            ChangeCatalogue.hasResourcePolicies(eventSource)
        else { return [] }
        let partition = PrincipalName(principal).partition
        var found: [String] = []
        let calls = requests.map(RecordedCall.init)
        let own = calls.filter { $0.isOfService(action) }
        for call in (own.isEmpty ? calls : own).prefix(Self.requestedLimit) {
            guard let resource = call.resource(of: action, partition: partition), ARN(resource) != nil,
                !found.contains(resource)
            else { continue }
            found.append(resource)
        }
        return found
    }

    /// What changes of the policies of those are looked up by.
    package var requestedSubjects: [TrailChange.Subject] {
        requestedResources.compactMap { ARN($0) }.flatMap { arn -> [TrailChange.Subject] in
            let first =
                arn.resource.split(separator: "/").first.map { [TrailChange.Subject.resource(String($0))] } ?? []
            return arn.service == "iam" ? [] : [.resource(arn.description), .resource(arn.name)] + first
        }
    }
}
