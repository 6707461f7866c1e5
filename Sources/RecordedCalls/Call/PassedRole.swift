/// The services that a role is passed to.
package enum PassedRole {
    /// The services to which calls of a service pass roles, by event source: not always the service that is called.
    ///
    /// Services that pass to several (EKS, RDS, EMR, Batch, App Runner, Elastic Beanstalk) are missing on purpose.
    /// Source: the services' entries in the service authorization reference, and the trust policies of their roles.
    private static let passedTo: [String: [String]] = [
        // The reference gives `mobiletargeting.amazonaws.com`, trust policies `pinpoint.amazonaws.com`: both are Pinpoint.
        "pinpoint": ["mobiletargeting.amazonaws.com", "pinpoint.amazonaws.com"],
        "ecs": ["ecs-tasks.amazonaws.com"],
        // The role of the instances that a group is to launch.
        "autoscaling": ["ec2.amazonaws.com"],
    ]

    /// The same of operations that pass to another service than others of their service: a service of ECS and its provider of capacity use a
    /// role for load balancers, volumes and instances, and only tasks use those of tasks.
    /// Source: "Amazon ECS infrastructure IAM role" in the Amazon ECS developer guide.
    private static let passedByOperation = [
        "ecs": [
            "CreateService": ["ecs.amazonaws.com"], "UpdateService": ["ecs.amazonaws.com"],
            "CreateTaskSet": ["ecs.amazonaws.com"], "CreateCapacityProvider": ["ecs.amazonaws.com"],
        ]
    ]

    /// The services that use a role by the parameter that names it, where that is not the service that is called.
    /// Source: "Setting up and enabling Enhanced Monitoring" in the Amazon RDS user guide.
    private static let byParameter = ["monitoringrolearn": "monitoring.rds.amazonaws.com"]

    /// The service that uses a role which a call names by a parameter; `nil` where the parameter tells none.
    package static func service(ofParameter name: String) -> String? { byParameter[name.lowercased()] }

    /// Services whose roles are passed to the service that is called.
    private static let passedToThemselves: Set<String> = [
        "appsync", "bedrock", "cloudformation", "cloudtrail", "codebuild", "codepipeline", "config", "datasync", "ec2",
        "events", "firehose", "glue", "iot", "lambda", "logs", "sagemaker", "scheduler", "ses", "sms-voice", "ssm",
        "states",
        "transfer",
    ]

    /// The services to which calls of an event source and a name pass roles; empty where that is not certain.
    package static func services(passedToBy source: String, _ event: String) -> [String] {
        let service = String(source.prefix { $0 != "." })
        return passedByOperation[service]?[event] ?? passedTo[service]
            ?? (passedToThemselves.contains(service) ? [source] : [])
    }
}
