/// How a column's text, or a member of a struct written as text, becomes JSON.
indirect enum TextShape: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        /// The name in CloudTrail's spelling.
        var name: String
        var shape: TextShape
    }

    case text
    /// `true` or `false`; any other word is left out.
    case boolean
    /// ISO 8601, or SQL's `2023-06-07 23:59:12.000`.
    case time
    /// JSON where it is an object or an array, else text.
    case json
    /// `{name=value, …}`, by lower-case name.
    case structure([String: Member])
    /// `[{name=value, …}, …]`.
    case list([String: Member])

    /// A record's columns by their names in lower case, as Athena and CloudTrail Lake spell them.
    ///
    /// Source: "Creating a table for CloudTrail logs" in the Amazon Athena user guide and "CloudTrail Lake SQL constraints" in
    /// the AWS CloudTrail user guide.
    static let record = TextShape.structure(
        members(
            text: [
                "eventVersion", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode",
                "errorMessage", "requestID", "eventID", "eventType", "apiVersion", "recipientAccountId",
                "sharedEventID",
                "vpcEndpointId", "vpcEndpointAccountId", "eventCategory", "sessionCredentialFromConsole",
            ],
            others: [
                ("eventTime", .time), ("readOnly", .boolean), ("managementEvent", .boolean),
                ("userIdentity", .structure(userIdentity)), ("requestParameters", .json), ("responseElements", .json),
                ("additionalEventData", .json), ("serviceEventDetails", .json), ("edgeDeviceDetails", .json),
                ("resources", .list(members(text: ["ARN", "ARNPrefix", "accountId", "type"]))),
                ("tlsDetails", .structure(members(text: ["tlsVersion", "cipherSuite", "clientProvidedHostHeader"]))),
                (
                    "addendum",
                    .structure(members(text: ["reason", "updatedFields", "originalRequestID", "originalEventID"]))
                ),
            ]))

    private static let userIdentity = members(
        text: [
            "type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy", "identityProvider",
            "credentialId",
        ],
        others: [
            (
                "sessionContext",
                .structure(
                    members(
                        text: ["sourceIdentity", "ec2RoleDelivery", "ec2IssuedInVpc", "assumedRoot"],
                        others: [
                            ("attributes", .structure(members(text: ["creationDate", "mfaAuthenticated"]))),
                            (
                                "sessionIssuer",
                                .structure(members(text: ["type", "principalId", "arn", "accountId", "userName"]))
                            ),
                            ("webIdFederationData", .structure(members(text: ["federatedProvider"]))),
                        ]))
            ), ("onBehalfOf", .structure(members(text: ["userId", "identityStoreArn"]))),
            (
                "inScopeOf",
                .structure(members(text: ["sourceArn", "sourceAccount", "issuerType", "credentialsIssuedTo"]))
            ),
            ("invokedByDelegate", .structure(members(text: ["accountId"]))),
        ])

    private static func members(text: [String], others: [(String, TextShape)] = []) -> [String: Member] {
        var members: [String: Member] = [:]
        for (name, shape) in text.map({ ($0, TextShape.text) }) + others {
            members[name.lowercased()] = Member(name: name, shape: shape)
        }
        return members
    }
}
