/// The views of the database: what users query.
extension Schema {
    /// The views' names.
    static let viewNames = [
        "event", "denial", "denialTally", "denialGroup", "permissionChange", "session", "incident", "diagnosis",
        "refusal",
    ]

    /// The views that users query.
    static let views = """
        CREATE VIEW event AS
        SELECT
            e.eventID, e.eventTime, o.eventSource, o.eventName, region.value AS awsRegion,
            address.value AS sourceIPAddress, agent.value AS userAgent, code.value AS errorCode, e.errorMessage, e.requestID,
            o.eventType, o.eventCategory, o.readOnly, o.managementEvent, account.value AS recipientAccountId,
            e.sharedEventID, endpoint.value AS vpcEndpointId,
            i.type AS userIdentityType, i.arn AS userIdentityArn, i.accountId AS userIdentityAccountId,
            i.principalId AS userIdentityPrincipalId, i.userName AS userIdentityUserName, i.invokedBy AS userIdentityInvokedBy,
            i.accessKeyId, i.sessionIssuerArn, i.sessionCreationDate, i.mfaAuthenticated, i.sourceIdentity,
            principal.value AS principal, o.action, r.json AS record, e.logFileID, e.byteOffset, e.byteLength, e.key AS eventKey,
            CASE WHEN EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key) THEN 'refused'
                WHEN e.errorCodeID = \(untoldOutcome) THEN 'untold'
                WHEN e.errorCodeID IS NULL AND e.errorMessage IS NULL THEN 'succeeded' ELSE 'failed' END AS outcome
        FROM eventRow e
            LEFT JOIN identity i ON i.id = e.identityID
            LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
            LEFT JOIN operation o ON o.id = e.operationID
            LEFT JOIN text region ON region.id = e.regionID
            LEFT JOIN text account ON account.id = e.accountID
            LEFT JOIN text address ON address.id = e.sourceIPAddressID
            LEFT JOIN text agent ON agent.id = e.userAgentID
            LEFT JOIN text endpoint ON endpoint.id = e.vpcEndpointID
            LEFT JOIN text code ON code.id = e.errorCodeID
            LEFT JOIN record r ON r.key = e.key;
        CREATE VIEW denial AS
        SELECT
            e.eventID, e.eventTime, o.eventSource, o.eventName, region.value AS awsRegion, account.value AS accountId,
            g.principal, kind.value AS principalType, g.action, resource.value AS resource,
            g.category, g.reason, g.effect, g.policyType, policy.value AS policyARN, d.authorizationID, d.truncated,
            code.value AS errorCode, e.errorMessage, address.value AS sourceIPAddress, agent.value AS userAgent,
            endpoint.value AS vpcEndpointId, service.value AS invokedBy, inferred.value AS inferredResource, d.encodedMessage, d.isCopy,
            i.arn AS userIdentityArn, i.accessKeyId, g.publicID AS denialGroupID, d.key AS eventKey
        FROM denialRow d
            JOIN denialGroupRow g ON g.id = d.groupID
            LEFT JOIN eventRow e ON e.key = d.key
            LEFT JOIN operation o ON o.id = d.operationID
            LEFT JOIN identity i ON i.id = d.identityID
            LEFT JOIN text region ON region.id = d.regionID
            LEFT JOIN text account ON account.id = d.accountID
            LEFT JOIN text kind ON kind.id = d.principalTypeID
            LEFT JOIN text service ON service.id = d.invokedByID
            LEFT JOIN text resource ON resource.id = d.resourceID
            LEFT JOIN text inferred ON inferred.id = d.inferredResourceID
            LEFT JOIN text policy ON policy.id = d.policyARNID
            LEFT JOIN text code ON code.id = d.errorCodeID
            LEFT JOIN text address ON address.id = d.sourceIPAddressID
            LEFT JOIN text agent ON agent.id = d.userAgentID
            LEFT JOIN text endpoint ON endpoint.id = d.vpcEndpointID;
        CREATE VIEW denialTally AS
        SELECT groupID, 1 AS denials, key AS first, key AS last, resourceID, accountID, policyARNID FROM denialRow
        WHERE isCopy = 0
        UNION ALL
        SELECT groupID, denials, first, last, nullif(resourceID, 0), nullif(accountID, 0), nullif(policyARNID, 0)
        FROM denialHistory;
        CREATE VIEW denialGroup AS
        SELECT
            g.publicID AS id, g.principal, g.action, g.reason, g.effect, g.policyType, policy.value AS policyARN, d.denials,
            strftime('%Y-%m-%dT%H:%M:%SZ', d.first >> 31, 'unixepoch') AS firstSeen,
            strftime('%Y-%m-%dT%H:%M:%SZ', d.last >> 31, 'unixepoch') AS lastSeen,
            d.resources, d.accounts, g.category
        FROM denialGroupRow g
            JOIN (
                SELECT groupID, sum(denials) AS denials, min(first) AS first, max(last) AS last,
                    count(DISTINCT resourceID) AS resources, count(DISTINCT accountID) AS accounts,
                    CASE WHEN count(DISTINCT policyARNID) = 1 THEN max(policyARNID) END AS policyARNID
                FROM denialTally
                GROUP BY groupID
            ) d ON d.groupID = g.id
            LEFT JOIN text policy ON policy.id = d.policyARNID;
        CREATE VIEW permissionChange AS
        SELECT
            e.eventID, e.eventTime, o.eventSource, o.eventName, principal.value AS actor, c.targetType, c.target, c.policyARN, c.policyName,
            account.value AS accountId, region.value AS awsRegion, r.json AS record, c.key AS eventKey,
            CASE WHEN i.sourceIdentity <> '' THEN i.sourceIdentity
                WHEN i.arn LIKE '%:assumed-role/%/%' THEN substr(
                    substr(i.arn, instr(i.arn, ':assumed-role/') + 14),
                    instr(substr(i.arn, instr(i.arn, ':assumed-role/') + 14), '/') + 1)
                WHEN principal.value LIKE 'arn:%:root' THEN 'root'
                ELSE replace(principal.value, rtrim(principal.value, replace(principal.value, '/', '')), '')
            END AS person
        FROM permissionChangeRow c
            LEFT JOIN eventRow e ON e.key = c.key
            LEFT JOIN operation o ON o.id = e.operationID
            LEFT JOIN identity i ON i.id = e.identityID
            LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
            LEFT JOIN text account ON account.id = e.accountID
            LEFT JOIN text region ON region.id = e.regionID
            LEFT JOIN record r ON r.key = c.key;
        CREATE VIEW session AS
        SELECT
            s.accessKeyId, e.eventID, e.eventTime AS issuedAt, s.expiration, o.eventName, principal.value AS issuedTo,
            role.value AS roleArn, s.sourceIdentity, s.policy, s.policyARNs, s.tags, s.profileArn,
            i.accessKeyId AS issuedWith, s.key AS eventKey
        FROM sessionRow s
            LEFT JOIN eventRow e ON e.key = s.key
            LEFT JOIN operation o ON o.id = e.operationID
            LEFT JOIN identity i ON i.id = e.identityID
            LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
            LEFT JOIN text role ON role.id = s.roleID;
        CREATE VIEW incident AS
        SELECT
            id, title, code, confidence, state, denials, newDenials, firstSeen, lastSeen, changeEventID, person, via, fix, place
        FROM incidentRow;
        CREATE VIEW diagnosis AS
        SELECT denialGroupID, incidentID, status, code, confidence, title, explanation, fix FROM diagnosisRow;
        """

    /// The views, laid over those of a file that cannot be trusted: names of the temporary schema come first.
    static let temporaryViews = (views + companionViews).replacing(
        "CREATE VIEW ", with: "CREATE TEMP VIEW IF NOT EXISTS ")
}
