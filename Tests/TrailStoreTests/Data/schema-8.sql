-- Database version 8: what exports of an event do not tell, files that are no log files, and what `verify` found.
CREATE TABLE text (
    id INTEGER PRIMARY KEY,
    value TEXT NOT NULL UNIQUE
);
CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    type TEXT, arn TEXT, accountId TEXT, principalId TEXT, accessKeyId TEXT, userName TEXT, invokedBy TEXT,
    identityProvider TEXT, sessionIssuerType TEXT, sessionIssuerArn TEXT, sessionIssuerPrincipalId TEXT,
    sessionIssuerAccountId TEXT, sessionIssuerUserName TEXT, sessionCreationDate TEXT, mfaAuthenticated TEXT,
    sourceIdentity TEXT, federatedProvider TEXT, ec2RoleDelivery TEXT, inScopeOfSourceArn TEXT,
    credentialsIssuedTo TEXT, onBehalfOfUserId TEXT, onBehalfOfIdentityStoreArn TEXT, credentialId TEXT,
    foldedPrincipalID INTEGER REFERENCES text
);
CREATE INDEX identityByHash ON identity (hash);
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    eventSource TEXT, eventName TEXT, eventType TEXT, eventCategory TEXT, readOnly INTEGER, managementEvent INTEGER,
    action TEXT
);
CREATE TABLE logFile (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER, modificationTime INTEGER, uncompressedSize INTEGER,
    records INTEGER NOT NULL, stored INTEGER NOT NULL, duplicates INTEGER NOT NULL, skipped INTEGER NOT NULL,
    ingestedAt TEXT NOT NULL, sha256 TEXT, maximumRatio INTEGER, maximumRecordBytes INTEGER
);
CREATE INDEX logFileByPath ON logFile (path);
CREATE INDEX logFileBySHA256 ON logFile (sha256);
CREATE TABLE ingestIssue (
    id INTEGER PRIMARY KEY,
    logFileID INTEGER REFERENCES logFile,
    path TEXT, record INTEGER, byteOffset INTEGER, code TEXT NOT NULL, message TEXT NOT NULL
);
CREATE TABLE eventRow (
    key INTEGER PRIMARY KEY,
    eventTime TEXT, eventID TEXT NOT NULL,
    identityID INTEGER, operationID INTEGER, regionID INTEGER, accountID INTEGER,
    sourceIPAddressID INTEGER, userAgentID INTEGER, vpcEndpointID INTEGER, errorCodeID INTEGER,
    requestID TEXT, sharedEventID TEXT, logFileID INTEGER, byteOffset INTEGER, byteLength INTEGER,
    errorMessage TEXT, targetID INTEGER
);
CREATE TABLE record (
    key INTEGER PRIMARY KEY,
    json TEXT NOT NULL
);
CREATE TABLE denialGroupRow (
    id INTEGER PRIMARY KEY,
    publicID TEXT NOT NULL UNIQUE,
    principal TEXT NOT NULL, action TEXT NOT NULL, reason TEXT NOT NULL,
    category TEXT NOT NULL, effect TEXT NOT NULL, policyType TEXT
);
CREATE TABLE denialRow (
    key INTEGER PRIMARY KEY,
    groupID INTEGER NOT NULL, operationID INTEGER NOT NULL, identityID INTEGER NOT NULL,
    principalTypeID INTEGER NOT NULL, invokedByID INTEGER,
    resourceID INTEGER, inferredResourceID INTEGER, policyARNID INTEGER, regionID INTEGER, accountID INTEGER,
    sourceIPAddressID INTEGER, userAgentID INTEGER, vpcEndpointID INTEGER, errorCodeID INTEGER,
    truncated INTEGER NOT NULL, encodedMessage INTEGER NOT NULL, authorizationID TEXT, targetID INTEGER,
    sharedEventID TEXT, isCopy INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE permissionChangeRow (
    key INTEGER PRIMARY KEY,
    targetType TEXT, target TEXT, policyARN TEXT, policyName TEXT
);
CREATE TABLE usage (
    principalID INTEGER NOT NULL, operationID INTEGER NOT NULL, regionID INTEGER NOT NULL, accountID INTEGER NOT NULL,
    events INTEGER NOT NULL, successes INTEGER NOT NULL, denials INTEGER NOT NULL,
    firstSuccess INTEGER, lastSuccess INTEGER,
    PRIMARY KEY (principalID, operationID, regionID, accountID)
) WITHOUT ROWID;
CREATE TABLE activity (
    hour INTEGER NOT NULL, regionID INTEGER NOT NULL, accountID INTEGER NOT NULL, eventVersionID INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (hour, regionID, accountID, eventVersionID)
) WITHOUT ROWID;
CREATE TABLE sessionRow (
    key INTEGER PRIMARY KEY,
    accessKeyId TEXT NOT NULL, roleID INTEGER, expiration TEXT, policy TEXT, policyARNs TEXT, tags TEXT, sourceIdentity TEXT
);
CREATE TABLE reportState (
    name TEXT PRIMARY KEY,
    filter TEXT NOT NULL, earliest INTEGER, logFileID INTEGER NOT NULL, deliveredAt TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE denialHistory (
    groupID INTEGER NOT NULL, resourceID INTEGER NOT NULL, accountID INTEGER NOT NULL, policyARNID INTEGER NOT NULL,
    denials INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (groupID, resourceID, accountID, policyARNID)
) WITHOUT ROWID;
CREATE TABLE pruning (
    id INTEGER PRIMARY KEY,
    before TEXT NOT NULL, prunedAt TEXT NOT NULL, events INTEGER NOT NULL, denials INTEGER NOT NULL
);
CREATE INDEX successOfReportedService ON eventRow (
    operationID, identityID, regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID, targetID, errorCodeID,
    errorMessage
) WHERE operationID >= 1048576 AND errorCodeID IS NULL AND errorMessage IS NULL;
CREATE TABLE recordBlock (
    id INTEGER PRIMARY KEY,
    size INTEGER NOT NULL, bytes BLOB NOT NULL
);
CREATE TABLE recordPlace (
    key INTEGER PRIMARY KEY,
    blockID INTEGER NOT NULL REFERENCES recordBlock, offset INTEGER NOT NULL, length INTEGER NOT NULL
);
CREATE TABLE verification (
    logFileID INTEGER PRIMARY KEY,
    state TEXT NOT NULL, digest TEXT
);
CREATE TABLE correction (
    eventID TEXT PRIMARY KEY,
    addendumEventID TEXT NOT NULL, key INTEGER NOT NULL, eventVersionID INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE changeName (
    name TEXT NOT NULL, key INTEGER NOT NULL,
    PRIMARY KEY (name, key)
) WITHOUT ROWID;
CREATE INDEX unrecognisedDenialGroup ON denialGroupRow (reason) WHERE reason = 'unrecognised';
CREATE TABLE prunedOperation (
    operationID INTEGER PRIMARY KEY,
    events INTEGER NOT NULL, denials INTEGER NOT NULL
);
CREATE INDEX operationByName ON operation (eventName);
CREATE TABLE partialEvent (
    key INTEGER PRIMARY KEY,
    eventVersionID INTEGER NOT NULL, nameless INTEGER NOT NULL, untold INTEGER NOT NULL, unworded INTEGER NOT NULL,
    json TEXT NOT NULL
);
CREATE INDEX untoldEvent ON partialEvent (untold) WHERE untold = 1;
CREATE INDEX unwordedDenial ON partialEvent (unworded) WHERE unworded = 1;
CREATE INDEX namelessEvent ON partialEvent (key, nameless) WHERE nameless > 0;
CREATE TABLE otherFile (
    path TEXT PRIMARY KEY,
    looksLike TEXT NOT NULL, reason TEXT NOT NULL, seenAt TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ingestIssueOfNoLogFile ON ingestIssue (path) WHERE logFileID IS NULL;
CREATE INDEX denialBySharedEvent ON denialRow (sharedEventID) WHERE sharedEventID IS NOT NULL;
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
        WHEN e.errorCodeID = 0 THEN 'untold'
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
    account.value AS accountId, region.value AS awsRegion, r.json AS record, c.key AS eventKey
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
    role.value AS roleArn, s.sourceIdentity, s.policy, s.policyARNs, s.tags, s.key AS eventKey
FROM sessionRow s
    LEFT JOIN eventRow e ON e.key = s.key
    LEFT JOIN operation o ON o.id = e.operationID
    LEFT JOIN identity i ON i.id = e.identityID
    LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
    LEFT JOIN text role ON role.id = s.roleID;
PRAGMA application_id = 1412706355;
PRAGMA user_version = 8;
