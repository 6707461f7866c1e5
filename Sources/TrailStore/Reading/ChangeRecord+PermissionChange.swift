import OrderedJSON
public import PolicyTimeline

extension ChangeRecord {
    /// A change as the store tells it. Where its record was not kept, whom it is made on is told by the store's columns.
    public init(_ change: PermissionChange) {
        self.init(
            eventID: change.eventID, eventTime: change.eventTime, eventSource: change.eventSource,
            eventName: change.eventName, actor: change.actor, account: change.accountId ?? "",
            region: change.awsRegion ?? "", requestParameters: change.requestParameters,
            responseElements: change.responseElements)
        guard request == nil else { return }
        isPartial = true
        var members: [JSONValue.Member] = []
        func add(_ keys: [String], _ text: String?) {
            guard let text else { return }
            members += keys.map { .init($0, .string(text)) }
        }
        add(Self.targetKeys[change.targetType ?? ""] ?? Self.anyKeys, change.target)
        let isOfOrganizations = change.eventSource == "organizations.amazonaws.com"
        add(["policyArn", "permissionsBoundary", "managedPolicyArn"], isOfOrganizations ? nil : change.policyARN)
        add([isOfOrganizations ? "policyId" : "policyName"], change.policyName)
        if !members.isEmpty { request = .object(members) }
    }

    /// The parameters that name a resource of which the store does not tell the kind.
    private static let anyKeys = ["resourceArn", "name", "bucketName", "topicArn", "queueUrl", "secretId", "keyId"]

    /// By the kind of target, the parameters that name it.
    private static let targetKeys: [String: [String]] = [
        "user": ["userName"], "role": ["roleName"], "group": ["groupName"], "policy": ["policyArn", "policyId"],
        "bucket": ["bucketName"], "key": ["keyId"], "topic": ["topicArn"], "queue": ["queueUrl"],
        "secret": ["secretId"], "function": ["functionName"], "identity": ["identity", "emailIdentity"],
        "organization": ["targetId", "rootId"], "organizational-unit": ["targetId", "organizationalUnitId"],
        "account": ["accountId", "targetId"], "vpc-endpoint": ["vpcEndpointId"], "permission-set": ["permissionSetArn"],
        "instance-profile": ["instanceProfileName"], "task-definition": ["family"], "service": ["service"],
        "identity-pool": ["identityPoolId"], "pod-identity-association": ["associationId"],
        "state-machine": ["stateMachineArn"], "instance": ["instanceId", "associationId"],
        "identity-provider": ["openIDConnectProviderArn", "sAMLProviderArn"],
    ]
}
