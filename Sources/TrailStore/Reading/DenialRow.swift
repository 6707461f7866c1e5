/// A denial as it stands in `denialRow`, all in numbers.
struct DenialRow {
    static let columns = """
        d.key, d.groupID, d.operationID, d.principalTypeID, d.invokedByID, d.resourceID, d.inferredResourceID, d.policyARNID,
        d.regionID, d.accountID, d.sourceIPAddressID, d.userAgentID, d.vpcEndpointID, d.errorCodeID, d.truncated,
        d.encodedMessage, d.authorizationID IS NOT NULL, d.identityID, d.targetID
        """

    let key, group, operation, principalType, service, resource, inferredResource, policy: Int64
    let region, account, address, agent, endpoint, code: Int64
    let isTruncated, isEncoded, hasAuthorizationID: Bool
    let identity, target: Int64

    /// Seconds since 1970.
    var time: Int64 { EventKey.time(of: key) }

    init(_ row: RawRow) throws {
        key = try row.key(0)
        group = try row[1]
        operation = try row[2]
        principalType = try row[3]
        service = try row[4]
        resource = try row[5]
        inferredResource = try row[6]
        policy = try row[7]
        region = try row[8]
        account = try row[9]
        address = try row[10]
        agent = try row[11]
        endpoint = try row[12]
        code = try row[13]
        isTruncated = try row[14] != 0
        isEncoded = try row[15] != 0
        hasAuthorizationID = try row[16] != 0
        identity = try row[17]
        target = try row[18]
    }
}
