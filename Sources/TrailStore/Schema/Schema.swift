import IAMPolicy

/// The database's tables and views. The page "The database" documents them for users; a test compares the two.
///
/// Users query the views `event`, `denial`, `denialGroup` and `permissionChange` and the tables `logFile` and `ingestIssue`.
/// Behind the views stand compact tables: what repeats (identities, operations, texts) is stored once and referred to by a small
/// integer, and an event's key *is* its time and a hash of its eventID. The key makes the table its own time index and
/// its own duplicate check, so an ingest maintains no secondary index on events at all.
package enum Schema {
    /// `PRAGMA application_id`: "T403".
    package static let applicationID = 0x5434_3033
    /// `PRAGMA user_version` that this build reads and writes.
    package static let version = 9

    /// Bits of an event's key that hold the hash of its eventID; the bits above hold the event's time in seconds since 1970.
    package static let keyHashBits = 31

    /// Operations with this number or a higher one are of the services that are reported by default: their successes are
    /// indexed, so that such a report reads them alone. An index on all events would cost every
    /// ingest. Its last two columns are always NULL: with them SQLite need not look at the events themselves.
    package static let firstIndexedOperation: Int64 = 1 << 20

    /// Statements that lay out an empty database.
    static let tables = """
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
        """

    /// Sessions by the event that issued them, which is the order in which they come. Their access keys have no index: it would
    /// cost an ingest more than a tenth of what it writes, and only `explain` looks a key up, in the hours before its use.
    static let sessions = """
        CREATE TABLE IF NOT EXISTS sessionRow (
            key INTEGER PRIMARY KEY,
            accessKeyId TEXT NOT NULL, roleID INTEGER, expiration TEXT, policy TEXT, policyARNs TEXT, tags TEXT, sourceIdentity TEXT,
            profileArn TEXT
        );
        """

    /// Statements that bring the tags of sessions into the form of version 9: before, they stood as `key=value` with blanks between
    /// them, which may stand in values, too.
    static let sessionTags = """
        UPDATE sessionRow SET tags = (
            WITH RECURSIVE word(one, rest) AS (
                SELECT '', tags || ' '
                UNION ALL
                SELECT substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM word WHERE rest <> ''
            )
            SELECT json_group_array(
                json_object('key', substr(one || '=', 1, instr(one || '=', '=') - 1),
                    'value', substr(one, instr(one || '=', '=') + 1)))
            FROM word WHERE one <> '')
        WHERE tags IS NOT NULL AND tags NOT LIKE '[%';
        """

    /// Statements that bring the sessions of version 5, whose key was the access key, into that order.
    static let sessionsInOrder = """
        ALTER TABLE sessionRow RENAME TO sessionByAccessKey;
        \(sessions)
        INSERT INTO sessionRow (key, accessKeyId, roleID, expiration, policy, policyARNs, tags, sourceIdentity)
        SELECT key, accessKeyId, roleID, expiration, policy, policyARNs, tags, sourceIdentity FROM sessionByAccessKey ORDER BY key;
        DROP TABLE sessionByAccessKey;
        """

    /// Statements that add what version 2 brought, reports that remember and pruning, what version 3 brought, records kept in
    /// blocks, what version 4 brought, corrections, and what version 8 brought, the states that `trail403 verify` found. They change nothing where it is there.
    static let additions = """
        CREATE TABLE IF NOT EXISTS reportState (
            name TEXT PRIMARY KEY,
            filter TEXT NOT NULL, earliest INTEGER, logFileID INTEGER NOT NULL, deliveredAt TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS denialHistory (
            groupID INTEGER NOT NULL, resourceID INTEGER NOT NULL, accountID INTEGER NOT NULL, policyARNID INTEGER NOT NULL,
            denials INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
            PRIMARY KEY (groupID, resourceID, accountID, policyARNID)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pruning (
            id INTEGER PRIMARY KEY,
            before TEXT NOT NULL, prunedAt TEXT NOT NULL, events INTEGER NOT NULL, denials INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS successOfReportedService ON eventRow (
            operationID, identityID, regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID, targetID, errorCodeID,
            errorMessage
        ) WHERE operationID >= \(firstIndexedOperation) AND errorCodeID IS NULL AND errorMessage IS NULL;
        CREATE TABLE IF NOT EXISTS recordBlock (
            id INTEGER PRIMARY KEY,
            size INTEGER NOT NULL, bytes BLOB NOT NULL
        );
        CREATE TABLE IF NOT EXISTS recordPlace (
            key INTEGER PRIMARY KEY,
            blockID INTEGER NOT NULL REFERENCES recordBlock, offset INTEGER NOT NULL, length INTEGER NOT NULL
        );
        CREATE TABLE IF NOT EXISTS verification (
            logFileID INTEGER PRIMARY KEY,
            state TEXT NOT NULL, digest TEXT
        );
        CREATE TABLE IF NOT EXISTS correction (
            eventID TEXT PRIMARY KEY,
            addendumEventID TEXT NOT NULL, key INTEGER NOT NULL, eventVersionID INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// What version 6 brought: the names by which a report finds the changes of permissions that concern its groups, and an index
    /// that is empty as a rule.
    static let changeNames = """
        CREATE TABLE IF NOT EXISTS changeName (
            name TEXT NOT NULL, key INTEGER NOT NULL,
            PRIMARY KEY (name, key)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS unrecognisedDenialGroup ON denialGroupRow (reason) WHERE reason = 'unrecognised';
        """

    /// What version 7 brought, beside names of workloads and principals in ``changeNames``: events and denials that were pruned, by
    /// operation, which the roll-up `usage` still counts.
    static let prunedOperations = """
        CREATE TABLE IF NOT EXISTS prunedOperation (
            operationID INTEGER PRIMARY KEY,
            events INTEGER NOT NULL, denials INTEGER NOT NULL
        );
        """

    /// A statement that learns of prunings from before version 7: what the roll-up counts and the database holds no longer.
    static let earlierPrunings = """
        INSERT OR IGNORE INTO prunedOperation (operationID, events, denials)
        SELECT counted.operationID, counted.events - coalesce(held.events, 0), counted.denials - coalesce(refused.denials, 0)
        FROM (SELECT operationID, sum(events) AS events, sum(denials) AS denials FROM usage GROUP BY operationID) counted
            LEFT JOIN (SELECT operationID, count(*) AS events FROM eventRow GROUP BY operationID) held USING (operationID)
            LEFT JOIN (SELECT operationID, count(*) AS denials FROM denialRow GROUP BY operationID) refused USING (operationID)
        WHERE EXISTS (SELECT * FROM pruning) AND counted.events > coalesce(held.events, 0);
        """

    /// What version 8 brought: an ingest looks each of its operations up.
    static let operationNames = """
        CREATE INDEX IF NOT EXISTS operationByName ON operation (eventName);
        """

    /// What version 8 brought: what is known of events whose forms, all of them, do not tell everything, and files that are no log files.
    ///
    /// The event's row is what `json`, all forms joined into one record, says. `nameless` is 1 where no form bears an eventID, and 2
    /// where the event may be another form of one that the database holds as well. `unworded` is 1 for a denial without a message. An
    /// event whose outcome no form tells is `untold` and has the ``untoldOutcome`` in `eventRow.errorCodeID`, so that nothing takes it
    /// for a success; `untold` is 2 where an earlier version took it for a success without asking.
    static let forms = """
        CREATE TABLE IF NOT EXISTS partialEvent (
            key INTEGER PRIMARY KEY,
            eventVersionID INTEGER NOT NULL, nameless INTEGER NOT NULL, untold INTEGER NOT NULL, unworded INTEGER NOT NULL,
            json TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS untoldEvent ON partialEvent (untold) WHERE untold = 1;
        CREATE INDEX IF NOT EXISTS unwordedDenial ON partialEvent (unworded) WHERE unworded = 1;
        CREATE INDEX IF NOT EXISTS namelessEvent ON partialEvent (key, nameless) WHERE nameless > 0;
        CREATE TABLE IF NOT EXISTS otherFile (
            path TEXT PRIMARY KEY,
            looksLike TEXT NOT NULL, reason TEXT NOT NULL, seenAt TEXT NOT NULL
        ) WITHOUT ROWID;
        """

    /// What version 9 brought: what was found out about the groups, for the views `incident` and `diagnosis`, and what the reports of a
    /// name have told of incidents.
    static let diagnoses = """
        CREATE TABLE IF NOT EXISTS incidentRow (
            id TEXT PRIMARY KEY,
            place INTEGER NOT NULL, title TEXT NOT NULL, code TEXT NOT NULL, confidence TEXT NOT NULL, state TEXT NOT NULL,
            denials INTEGER NOT NULL, newDenials INTEGER NOT NULL, firstSeen TEXT NOT NULL, lastSeen TEXT NOT NULL,
            changeEventID TEXT, person TEXT, via TEXT, fix TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS diagnosisRow (
            denialGroupID TEXT PRIMARY KEY,
            incidentID TEXT NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, confidence TEXT NOT NULL, title TEXT NOT NULL,
            explanation TEXT NOT NULL, fix TEXT NOT NULL,
            causeKey TEXT NOT NULL, titleRuns TEXT NOT NULL, findings TEXT NOT NULL, remedyKind TEXT NOT NULL,
            changeEventID TEXT, changeKey INTEGER, outageStart TEXT, lastSuccessBefore TEXT, behindGroupID TEXT,
            logFileRecords INTEGER NOT NULL, unreadRecords INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS diagnosisJSON (
            denialGroupID TEXT PRIMARY KEY,
            size INTEGER NOT NULL, bytes BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS diagnosisState (
            id INTEGER PRIMARY KEY,
            facts TEXT NOT NULL, logFileID INTEGER NOT NULL, diagnosedAt TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS incidentMemory (
            name TEXT NOT NULL, incidentID TEXT NOT NULL,
            state TEXT NOT NULL, lastSeen TEXT NOT NULL, toldAt TEXT NOT NULL, groups TEXT NOT NULL,
            PRIMARY KEY (name, incidentID)
        ) WITHOUT ROWID;
        """

    /// `eventRow.errorCodeID` of an event of which no form has told whether it succeeded; the number of no text.
    package static let untoldOutcome: Int64 = 0

    /// A statement that learns which rows of before version 8 come from forms that do not tell everything: those of CSV files.
    static let earlierForms = """
        INSERT OR IGNORE INTO partialEvent (key, eventVersionID, nameless, untold, unworded, json)
        SELECT e.key, 0, e.eventID LIKE 'content-%',
            CASE WHEN f.kind = 'query-result-csv' AND code.value IS NULL THEN 2 ELSE 0 END,
            e.errorMessage IS NULL AND EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key), json_patch(
            '{}', json_object(
                'eventTime', e.eventTime, 'eventID', CASE WHEN e.eventID NOT LIKE 'content-%' THEN e.eventID END,
                'requestID', e.requestID, 'sharedEventID', e.sharedEventID, 'errorMessage', e.errorMessage,
                'eventSource', o.eventSource, 'eventName', o.eventName, 'eventType', o.eventType,
                'eventCategory', o.eventCategory, 'awsRegion', region.value, 'recipientAccountId', account.value,
                'sourceIPAddress', address.value, 'userAgent', agent.value, 'errorCode', code.value,
                'userIdentity', json_patch('{}', json_object(
                    'type', i.type, 'arn', i.arn, 'accountId', i.accountId, 'principalId', i.principalId,
                    'accessKeyId', i.accessKeyId, 'userName', i.userName, 'invokedBy', i.invokedBy,
                    'sessionContext', json_patch('{}', json_object('sessionIssuer', json_patch('{}', json_object(
                        'type', i.sessionIssuerType, 'arn', i.sessionIssuerArn, 'principalId', i.sessionIssuerPrincipalId,
                        'accountId', i.sessionIssuerAccountId, 'userName', i.sessionIssuerUserName))))))))
        FROM eventRow e
            JOIN logFile f ON f.id = e.logFileID
            LEFT JOIN identity i ON i.id = e.identityID
            LEFT JOIN operation o ON o.id = e.operationID
            LEFT JOIN text region ON region.id = e.regionID
            LEFT JOIN text account ON account.id = e.accountID
            LEFT JOIN text address ON address.id = e.sourceIPAddressID
            LEFT JOIN text agent ON agent.id = e.userAgentID
            LEFT JOIN text code ON code.id = e.errorCodeID
        WHERE f.kind IN ('event-history-csv', 'query-result-csv');
        UPDATE partialEvent SET json = json_set(json, '$.errorCode', NULL)
        WHERE untold = 0 AND json_type(json, '$.errorCode') IS NULL;
        """

    /// Statements that have query results of before version 8 read once more: whether they had an error column was not noted.
    static let earlierQueryResults = """
        INSERT INTO ingestIssue (logFileID, path, code, message)
        SELECT id, path, 'outcome-unknown', 'an earlier version of trail403 took its rows without an error for successes, '
            || 'though it may have no error column: ingest the file once more'
        FROM logFile WHERE kind = 'query-result-csv';
        UPDATE logFile SET modificationTime = NULL, sha256 = NULL WHERE kind = 'query-result-csv';
        """

    /// Columns that version 5 brought: what a call was made on, and which denial is another account's copy of one call; and two that
    /// version 2 brought without giving them to the databases of version 1.
    static let addedColumns = [
        (table: "logFile", column: "maximumRatio", type: "INTEGER"),
        (table: "logFile", column: "maximumRecordBytes", type: "INTEGER"),
        (table: "eventRow", column: "targetID", type: "INTEGER"),
        (table: "denialRow", column: "targetID", type: "INTEGER"),
        (table: "denialRow", column: "sharedEventID", type: "TEXT"),
        (table: "denialRow", column: "isCopy", type: "INTEGER NOT NULL DEFAULT 0"),
        (table: "sessionRow", column: "profileArn", type: "TEXT"),
    ]

    /// What is laid over those columns.
    static let addedIndexes = """
        CREATE INDEX IF NOT EXISTS ingestIssueOfNoLogFile ON ingestIssue (path) WHERE logFileID IS NULL;
        CREATE INDEX IF NOT EXISTS denialBySharedEvent ON denialRow (sharedEventID) WHERE sharedEventID IS NOT NULL;
        """

    /// Every table and index, of a database that is laid out by this version.
    static var allTables: String {
        [
            tables, sessions, additions, changeNames, prunedOperations, operationNames, forms, diagnoses, addedIndexes,
            companions,
        ]
        .joined(
            separator: "\n")
    }
}
