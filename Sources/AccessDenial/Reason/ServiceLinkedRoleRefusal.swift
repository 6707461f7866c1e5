/// A service works with a role of its own that is not in the account yet: the first use creates it, with the permissions of whoever uses the
/// feature, and the caller has none. A policy is behind it, under codes that tell of something else.
///
/// This is the one table of them, for codes and for sentences.
package enum ServiceLinkedRoleRefusal {
    /// The reason.
    package static let slug = "service-linked-role-missing"

    /// Codes that mean no more than this. Source: "Error codes for the Amazon EC2 API".
    static let codes = "AuthFailure.ServiceLinkedRoleCreationNotPermitted ServiceLinkedRoleCreationNotPermitted"

    /// Sentences that mean it under codes such as `InvalidParameterException` and `ValidationException`.
    /// Sources: the services' user guides, "Troubleshooting" and "Using service-linked roles".
    static let sentences: [Needle] = [
        // EC2: "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances."
        "permission to create the service-linked role", "permission to create service-linked role",
        // RDS: "Verify that you have permission to create service linked role."
        "permission to create service linked role",
        // ECS: "Unable to assume the service linked role. Please verify that the ECS service linked role exists."
        "unable to assume the service linked role",
        // OpenSearch: "Before you can proceed, you must enable a service-linked role to give Amazon OpenSearch Service permissions …"
        "you must enable a service-linked role",
    ]

    /// A role that services create for themselves.
    package struct Role: Sendable, Hashable {
        /// The host of the service, as `iam:AWSServiceName` has it.
        package var service: String
        package var name: String
    }

    /// The role that a message is about; `nil` where neither it nor the service that was called tells.
    package static func role(message: String, eventSource: String) -> Role? {
        let words = message.lowercased()
        let row = roles.first { row in
            row.source == eventSource && (row.words.isEmpty || words.firstRange(of: row.words) != nil)
        }
        return row.map { Role(service: $0.service, name: $0.name) }
    }

    /// Sources: "AWS services that work with IAM" and each service's page on its service-linked roles.
    private static let roles: [(source: String, words: String, service: String, name: String)] = [
        ("ec2.amazonaws.com", "spot fleet", "spotfleet.amazonaws.com", "AWSServiceRoleForEC2SpotFleet"),
        ("ec2.amazonaws.com", "spot", "spot.amazonaws.com", "AWSServiceRoleForEC2Spot"),
        ("ec2.amazonaws.com", "fleet", "ec2fleet.amazonaws.com", "AWSServiceRoleForEC2Fleet"),
        ("ecs.amazonaws.com", "", "ecs.amazonaws.com", "AWSServiceRoleForECS"),
        ("eks.amazonaws.com", "", "eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
        ("rds.amazonaws.com", "", "rds.amazonaws.com", "AWSServiceRoleForRDS"),
        ("autoscaling.amazonaws.com", "", "autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
        (
            "elasticloadbalancing.amazonaws.com", "", "elasticloadbalancing.amazonaws.com",
            "AWSServiceRoleForElasticLoadBalancing"
        ),
        ("elasticache.amazonaws.com", "", "elasticache.amazonaws.com", "AWSServiceRoleForElastiCache"),
        (
            "es.amazonaws.com", "", "opensearchservice.amazonaws.com", "AWSServiceRoleForAmazonOpenSearchService"
        ),
    ]
}
