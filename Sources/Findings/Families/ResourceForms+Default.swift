import Causes
import IAMPolicy
import RecordedCalls
import TrailStore
import Wording

// MARK: - What a call is on that names nothing

extension ResourceForms {
    /// What a call is on that leaves out the parameter which would name it.
    struct DefaultResource: Sendable {
        /// The service as ARNs spell it.
        var service: String
        /// The last part of the ARN of what is taken.
        var resource: String
        /// What is to be named, and with which option.
        var what: Prose
        var option: String
        /// Where nothing else tells why this one was refused.
        var story: Prose

        /// The type of resource, with what stands behind it in ARNs.
        var prefix: String { String(resource.prefix { $0 != "/" }) + "/" }
    }

    /// Sources: "Enforce a session document permission check for the AWS CLI" in the AWS Systems Manager user guide; StartQueryExecution in
    /// the Amazon Athena API reference; PutEvents in the Amazon EventBridge API reference; the Amazon ECS API reference, on `cluster`.
    static let defaultResources: [DefaultResource] = [
        DefaultResource(
            service: "ssm", resource: "document/SSM-SessionManagerRunShell", what: "a document",
            option: "--document-name",
            story:
                "Session Manager uses this document where a session is started without the name of another one."),
        DefaultResource(
            service: "athena", resource: "workgroup/primary", what: "a workgroup", option: "--work-group",
            story: "Athena runs a query in this workgroup where the call names no other one."),
        DefaultResource(
            service: "events", resource: "event-bus/default", what: "an event bus", option: "EventBusName",
            story: "EventBridge puts an event on this bus where the entry names no other one."),
        DefaultResource(
            service: "ecs", resource: "cluster/default", what: "a cluster", option: "--cluster",
            story: "Amazon ECS takes this cluster where the call names no other one."),
    ]

    /// The row of what was refused; `nil` where it is something else.
    static func defaultResource(_ allow: PolicyDocuments.NarrowAllow) -> DefaultResource? {
        defaultResources.first { row in
            !allow.uncovered.isEmpty
                && allow.uncovered.allSatisfy { resource in
                    ARN(resource).map { $0.service == row.service && $0.resource == row.resource } ?? false
                }
        }
    }

    /// What to do where a call named nothing, and the policy allows others of the kind; `nil` elsewhere.
    static func namingOther(_ allow: PolicyDocuments.NarrowAllow) -> Remedy? {
        guard let row = defaultResource(allow) else { return nil }
        let names = allow.granted.compactMap { ARN($0) }.filter {
            $0.service == row.service && $0.resource.hasPrefix(row.prefix) && !$0.resource.contains("*")
        }.map(\.name)
        guard !names.isEmpty else { return nil }
        return Remedy(
            .setting,
            "Name \(row.what) in the call that policy \(allow.policy.name) allows (\(row.option) \(list: names, limit: 3)): one that names none is on \(row.resource), which the policy leaves out. Allow that one only if it is meant as well."
        )
    }
}
