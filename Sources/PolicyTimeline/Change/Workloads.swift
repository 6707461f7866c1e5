import IAMPolicy
import OrderedJSON

/// Which role runs what: tasks, pods, state machines, projects, jobs, notebooks, models, identity pools.
///
/// Source: the API references of the services.
enum Workloads: ChangeReader {
    static let services = [
        "ecs", "eks", "states", "cognito-identity",
        "codebuild", "glue", "sagemaker", "batch", "scheduler", "mobiletargeting",
    ]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "RegisterTaskDefinition": { reading in
            guard let family = reading.text("family") else { return }
            roles(of: family, [("", "taskRoleArn"), ("execution", "executionRoleArn")], &reading)
        },
        "UpdateService": { reading in
            guard let service = reading.text("service") else { return }
            runs(service, &reading)
        },
        "CreateService": { reading in
            guard let service = reading.text("serviceName") else { return }
            runs(service, &reading)
        },
        "CreatePodIdentityAssociation": pod, "UpdatePodIdentityAssociation": pod,
        "DeletePodIdentityAssociation": { reading in
            guard let id = reading.text("associationId", "<association.associationId") else { return }
            reading.clear(workload(id, reading), [.role, .inline])
        },
        "CreateAccessEntry": entry, "UpdateAccessEntry": entry, "DeleteAccessEntry": entry,
        "AssociateAccessPolicy": entry, "DisassociateAccessPolicy": entry,
        "CreateStateMachine": { reading in machine(&reading) },
        "UpdateStateMachine": { reading in machine(&reading) },
        "DeleteStateMachine": { reading in
            guard let name = reading.text("stateMachineArn") else { return }
            reading.clear(workload(String(name.split(separator: ":").last ?? ""), reading), [.role])
        },
        "SetIdentityPoolRoles": { reading in
            guard let pool = reading.text("identityPoolId") else { return }
            roles(of: pool, [("", "roles.authenticated"), ("guest", "roles.unauthenticated")], &reading)
        },
        "UpdateIdentityPool": { reading in
            guard let pool = reading.text("identityPoolId") else { return }
            let isOpen = reading.flag("allowUnauthenticatedIdentities")
            if let isOpen {
                reading.add(workload(pool, reading), .settings, .set("guests", .text(isOpen ? "allowed" : "refused")))
            }
        },
        "DeleteIdentityPool": { reading in
            guard let pool = reading.text("identityPoolId") else { return }
            reading.clear(workload(pool, reading), [.role, .settings])
        },
        "CreateProject": setProject, "UpdateProject": setProject,
        "DeleteProject": { reading in
            guard let name = reading.text("name", "arn") else { return }
            reading.clear(workload(name, reading), [.role])
        },
        "CreateJob": { reading in named("job/", ["name", "<name"], ["role"], &reading) },
        "UpdateJob": { reading in named("job/", ["jobName"], ["jobUpdate.role"], &reading) },
        "DeleteJob": { reading in named("job/", ["jobName"], nil, &reading) },
        "CreateCrawler": { reading in named("crawler/", ["name"], ["role"], &reading) },
        "UpdateCrawler": { reading in named("crawler/", ["name"], ["role"], &reading) },
        "DeleteCrawler": { reading in named("crawler/", ["name"], nil, &reading) },
        "RegisterJobDefinition": { reading in
            guard let name = reading.text("jobDefinitionName") else { return }
            let paths = [("", "containerProperties.jobRoleArn"), ("execution", "containerProperties.executionRoleArn")]
            roles(of: "job-definition/\(name)", paths, &reading)
        },
        "CreateSchedule": { reading in named("schedule/", ["name"], ["target.roleArn"], &reading) },
        "UpdateSchedule": { reading in named("schedule/", ["name"], ["target.roleArn"], &reading) },
        "DeleteSchedule": { reading in named("schedule/", ["name"], nil, &reading) },
        // Pinpoint delivers a project's events under a role.
        "PutEventStream": { reading in
            named("event-stream/", project, ["writeEventStream.roleArn", "roleArn", "<roleArn"], &reading)
        },
        "DeleteEventStream": { reading in named("event-stream/", project, nil, &reading) },
        "CreateNotebookInstance": { reading in named("notebook-instance/", notebook, ["roleArn"], &reading) },
        "UpdateNotebookInstance": { reading in named("notebook-instance/", notebook, ["roleArn"], &reading) },
        "DeleteNotebookInstance": { reading in named("notebook-instance/", notebook, nil, &reading) },
        "CreateModel": { reading in named("model/", ["modelName"], ["executionRoleArn"], &reading) },
        "DeleteModel": { reading in named("model/", ["modelName"], nil, &reading) },
        "CreateTrainingJob": { reading in named("training-job/", ["trainingJobName"], ["roleArn"], &reading) },
        "CreateProcessingJob": { reading in named("processing-job/", ["processingJobName"], ["roleArn"], &reading) },
    ]

    private static let notebook = ["notebookInstanceName"]
    private static let project = ["application-id", "applicationId"]

    /// A service of ECS runs a task definition.
    private static func runs(_ service: String, _ reading: inout ChangeReading) {
        guard let task = reading.text("taskDefinition") else { return }
        let name = "service/\(service.split(separator: "/").last ?? "")"
        reading.add(workload(name, reading), .role, .replaceAll(["task definition": .text(task)]))
    }

    /// What runs under one role, which stands at one of the paths; without any it is gone.
    private static func named(_ prefix: String, _ names: [String], _ paths: [String]?, _ reading: inout ChangeReading) {
        guard let name = reading.text(names) else { return }
        let workload = workload(prefix + name, reading)
        guard let paths else { return reading.clear(workload, [.role]) }
        if let role = reading.text(paths) {
            reading.add(workload, .role, .replaceAll(["": .text(role)]))
        } else if reading.isCut {
            reading.add(workload, .role, .blurAll)
        }
    }

    static func isEvent(_ name: String, of service: String) -> Bool {
        switch service {
        case "ecs": ["RegisterTaskDefinition", "UpdateService", "CreateService"].contains(name)
        case "eks": name.contains("PodIdentity") || name.contains("Access")
        case "states": name.contains("StateMachine")
        case "cognito-identity": name.contains("IdentityPool")
        case "glue": ["CreateJob", "UpdateJob", "DeleteJob"].contains(name) || name.hasSuffix("Crawler")
        case "batch": name == "RegisterJobDefinition"
        case "scheduler": name.hasSuffix("Schedule")
        case "mobiletargeting": name.hasSuffix("EventStream")
        case "sagemaker":
            name.contains("Notebook") || name.contains("Model") || name.hasSuffix("TrainingJob")
                || name.hasSuffix("ProcessingJob")
        default: name.contains("Project")
        }
    }

    private static func workload(_ name: String, _ reading: ChangeReading) -> Holder {
        Holder(.workload, service: reading.service, account: reading.account, region: reading.region, name)
    }

    private static func roles(of name: String, _ places: [(key: String, path: String)], _ reading: inout ChangeReading)
    {
        var roles: [String: Value] = [:]
        for place in places { roles[place.key] = reading.text(place.path).map(Value.text) }
        reading.add(workload(name, reading), .role, reading.isCut ? .blurAll : .replaceAll(roles))
    }

    private static func machine(_ reading: inout ChangeReading) {
        guard let name = reading.text("stateMachineArn", "<stateMachineArn", "name") else { return }
        guard let role = reading.text("roleArn") else { return }
        reading.add(
            workload(String(name.split(separator: ":").last ?? ""), reading), .role, .replaceAll(["": .text(role)]))
    }

    private static func pod(_ reading: inout ChangeReading) {
        guard let id = reading.text("associationId", "<association.associationId") else { return }
        if let role = reading.text("roleArn") {
            var roles: [String: Value] = ["": .text(role)]
            roles["target"] = reading.text("targetRoleArn").map(Value.text)
            reading.add(workload(id, reading), .role, .replaceAll(roles))
        }
        if let policy = reading.asked("policy") {
            reading.add(workload(id, reading), .inline, .replaceAll(["": .document(DocumentText(policy))]))
        }
    }

    /// Who may do what inside of a cluster: nothing that IAM decides.
    private static func entry(_ reading: inout ChangeReading) {
        guard let cluster = reading.resource(reading.text("name", "clusterName"), "cluster/"),
            let who = reading.text("principalArn")
        else { return }
        let isGone = reading.name == "DeleteAccessEntry"
        reading.add(cluster, .grants, isGone ? .remove(who) : .set(who, .present))
    }

    private static func setProject(_ reading: inout ChangeReading) {
        guard let name = reading.text("name"), let role = reading.text("serviceRole") else { return }
        reading.add(workload(name, reading), .role, .replaceAll(["": .text(role)]))
    }
}
