/// A query for a question that many ask: `trail403 sql --recipe NAME`, a canned query of Datasette, a block of the page "SQL recipes".
///
/// A value that begins with a colon is the user's to give; left out or empty, it stands for any.
package struct Recipe: Sendable, Hashable {
    /// A stable name.
    package var name: String
    /// What it answers, in a few words.
    package var title: String
    /// One statement, without a semicolon.
    package var sql: String

    /// The recipe of a name; `nil` where there is none.
    package static func named(_ name: String) -> Recipe? { all.first { $0.name == name.lowercased() } }

    /// The names of the values that the query takes, in their order, without colons.
    package var parameters: [String] {
        var names: [String] = []
        var rest = sql[...]
        while let colon = rest.firstIndex(of: ":") {
            rest = rest[rest.index(after: colon)...]
            let name = String(rest.prefix { $0.isLetter })
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// All recipes, in the order of the page.
    package static let all: [Recipe] = [
        Recipe(
            name: "most-refused", title: "Who is refused most",
            sql: """
                SELECT principal, action, reason, denials, firstSeen, lastSeen FROM denialGroup ORDER BY denials DESC LIMIT 20
                """),
        Recipe(
            name: "by-day", title: "Denials by day and reason",
            sql: """
                SELECT date(eventTime) AS day, reason, count(*) AS denials FROM denial GROUP BY day, reason ORDER BY day, denials DESC
                """),
        Recipe(
            name: "last-week", title: "What began within the last week of the archive",
            sql: """
                SELECT * FROM denialGroup
                WHERE firstSeen > (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(eventTime), '-7 days') FROM denial) ORDER BY firstSeen
                """),
        Recipe(
            name: "explicit-denies", title: "Which policies deny explicitly",
            sql: """
                SELECT policyType, policyARN, count(*) AS denials, count(DISTINCT principal) AS principals
                FROM denial WHERE effect = 'explicit' GROUP BY policyType, policyARN ORDER BY denials DESC
                """),
        Recipe(
            name: "principal", title: "What a principal was refused, with the messages",
            sql: """
                SELECT eventTime, action, resource, errorMessage FROM denial
                WHERE principal LIKE '%' || coalesce(:principal, '') || '%' ORDER BY eventTime LIMIT 50
                """),
        Recipe(
            name: "changes-before",
            title: "Permission changes in the hour before the first denial of the largest groups",
            sql: """
                SELECT g.principal, g.action, c.eventTime, c.eventName, c.actor, c.target, c.policyARN
                FROM (SELECT *, strftime('%s', firstSeen) AS first FROM denialGroup ORDER BY denials DESC LIMIT 20) g
                  JOIN permissionChange c ON c.eventKey BETWEEN (g.first - 3600) << 31 AND (g.first + 1) << 31
                ORDER BY g.denials DESC, c.eventTime
                """),
        Recipe(
            name: "vpc-endpoints", title: "Denials through a VPC endpoint",
            sql: """
                SELECT vpcEndpointId, action, count(*) AS denials FROM denial WHERE vpcEndpointId IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC
                """),
        Recipe(
            name: "addresses", title: "The addresses from which most principals are refused",
            sql: """
                SELECT sourceIPAddress, count(DISTINCT principal) AS principals, count(*) AS denials, min(eventTime) AS firstSeen
                FROM denial GROUP BY sourceIPAddress ORDER BY principals DESC, denials DESC LIMIT 20
                """),
        Recipe(
            name: "address", title: "What an address did between two times, refused or not",
            sql: """
                SELECT principal, action, count(*) AS events, count(errorCode) AS errors FROM event
                WHERE eventKey BETWEEN strftime('%s', coalesce(nullif(:since, ''), '1970-01-01')) << 31
                    AND strftime('%s', coalesce(nullif(:until, ''), '2105-12-31')) << 31
                  AND sourceIPAddress LIKE coalesce(nullif(:address, ''), '%')
                GROUP BY principal, action ORDER BY events DESC LIMIT 100
                """),
        Recipe(
            name: "requests", title: "The request parameters of the latest denials, from the raw records",
            sql: """
                SELECT eventTime, eventName, json_extract(record, '$.requestParameters') AS request
                FROM event WHERE record IS NOT NULL AND errorCode = 'AccessDenied' ORDER BY eventTime DESC LIMIT 10
                """),
        Recipe(
            name: "unreadable", title: "Input that could not be read",
            sql: """
                SELECT code, path, record, byteOffset, message FROM ingestIssue ORDER BY path, record
                """),
        Recipe(
            name: "athena-denials", title: "From Athena, nearly as it is: the latest refused events",
            sql: """
                SELECT eventid, eventtime, useridentityarn, eventsource, eventname, errorcode, errormessage
                FROM event
                WHERE errorcode IN ('AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation')
                ORDER BY eventtime DESC
                LIMIT 25
                """),
        Recipe(
            name: "athena-root", title: "From Athena: what root did",
            sql: """
                SELECT eventname, eventsource, sourceipaddress, count(*) AS events
                FROM event WHERE useridentitytype = 'Root' GROUP BY eventname, eventsource, sourceipaddress ORDER BY events DESC
                """),
        Recipe(
            name: "errors-by-service", title: "From Athena: errors by service",
            sql: """
                SELECT eventSource, value AS errorCode, sum(events) AS errorCount
                FROM (SELECT operationID, errorCodeID, count(*) AS events FROM eventRow WHERE errorCodeID IS NOT NULL GROUP BY 1, 2)
                  JOIN operation ON operation.id = operationID JOIN text ON text.id = errorCodeID
                GROUP BY eventSource, errorCode ORDER BY errorCount DESC LIMIT 20
                """),
    ]
}
