import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// The call came through another AWS service, or a role was to be passed to one.
package enum ThroughService {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        [passRole(facts), apiGateway(facts), awsService(facts)].compactMap(\.self)
    }

    private static func passRole(_ facts: GroupFacts) -> Finding? {
        guard facts.group.action.lowercased() == "iam:passrole", facts.group.reason.effect != .explicit else {
            return nil
        }
        let calls = Set(facts.group.evidence.map(\.eventName)).sorted()
        let roles = facts.refusedResources
        var text: Prose =
            "The caller may make the call (\(list: calls)) only if it may also pass the role that the service is to use, and \("iam:PassRole") is what was refused."
        if !roles.isEmpty { text += "The role is \(list: roles, limit: 2)." }
        return Finding(
            .passRoleMissing, .inferred, title: "The caller may not pass the role", text,
            evidence: facts.denialEvidence)
    }

    private static func apiGateway(_ facts: GroupFacts) -> Finding? {
        let isGateway =
            facts.group.invokedBy.contains { $0.value.hasPrefix("apigateway.") }
            || facts.group.userAgents.contains { $0.value.lowercased().contains("amazonapigateway") }
        guard isGateway else { return nil }
        return Finding(
            .viaAPIGateway, .inferred, title: "The call came through API Gateway",
            "API Gateway made the call, under the role of its integration: \(facts.principal.shown). So the gateway let the caller in, and it is the integration's role that was refused. A 403 of the gateway itself (authorizer, API key, resource policy, WAF) is never in CloudTrail: look into the stage's execution and access logs.",
            evidence: facts.denialEvidence)
    }

    private static func awsService(_ facts: GroupFacts) -> Finding? {
        let services = facts.group.invokedBy.map(\.value).filter {
            $0 != facts.group.principal && !$0.hasPrefix("apigateway.")
        }
        guard !services.isEmpty, facts.group.principalType != "AWSService" else { return nil }
        return Finding(
            .viaAWSService, .stated, title: "An AWS service made the call on the principal's behalf",
            "\(list: services) called with the permissions of \(facts.principal.shown). The policies of that principal decide, and source address and agent are the service's.",
            evidence: facts.denialEvidence)
    }
}
