import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore

/// The policies that AWS manages for the roles that its services work with: attached, they give a role all that the service needs.
///
/// Source: the services' guides, on the role that the service assumes; the texts are those that ``AWSManagedPolicies`` holds.
package enum ServicePolicies {
    /// The ARN of the first policy for a service that allows an action, or the first of all where none is asked for; `nil` where there
    /// is none.
    package static func policy(for service: String, allowing action: String?, partition: String) -> String? {
        let found = (names[service] ?? []).lazy.compactMap { AWSManagedPolicies.bundled.policy(named: $0) }.first {
            policy in
            guard let action, let text = policy.versions.last?.document else { return action == nil }
            let reading = Result { () throws(PolicyError) in try PolicyReading(text) }
            guard case .success(let policy) = reading else { return false }
            return policy.entries.compactMap(\.statement).contains { $0.effect == .allow && $0.matchesAction(action) }
        }
        return found.map { "arn:\(partition):iam::aws:policy\($0.path)\($0.name)" }
    }

    /// The same for the service that makes the refused calls with the principal's permissions; `nil` where no single one does, or where
    /// the principal has the policy.
    package static func policy(for facts: GroupFacts) -> String? {
        guard facts.principal.kind == .role else { return nil }
        let hosts = Set(
            (facts.group.sourceIPAddresses + facts.group.invokedBy).map(\.value).filter {
                $0.hasSuffix(".amazonaws.com")
            })
        guard hosts.count == 1, let host = hosts.first else { return nil }
        let policy = policy(for: host, allowing: facts.group.action, partition: facts.principal.partition)
        // What the principal has already does not help.
        let held = facts.scene.view.state.principal?.identity.policies ?? []
        return held.contains { $0.isCertain && $0.name == policy } ? nil : policy
    }

    /// By the service's host, the narrowest first.
    package static let names: [String: [String]] = [
        "apigateway.amazonaws.com": ["AmazonAPIGatewayPushToCloudWatchLogs"],
        "backup.amazonaws.com": [
            "AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore",
            "AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores",
        ],
        "codedeploy.amazonaws.com": ["AWSCodeDeployRole"],
        "config.amazonaws.com": ["AWS_ConfigRole"],
        "ecs-tasks.amazonaws.com": ["AmazonECSTaskExecutionRolePolicy"],
        "elasticmapreduce.amazonaws.com": ["AmazonEMRServicePolicy_v2"],
        "glue.amazonaws.com": ["AWSGlueServiceRole"],
        "monitoring.rds.amazonaws.com": ["AmazonRDSEnhancedMonitoringRole"],
        "lambda.amazonaws.com": [
            "AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaSQSQueueExecutionRole",
            "AWSLambdaKinesisExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaMSKExecutionRole",
        ],
    ]
}
