import AccessDenial

/// A query in Trino's SQL that reads refusals as an ingest does, from the same tables: error codes, the grammar of messages, fixed
/// sentences, actions.
///
/// What one statement cannot say is left to an ingest: addenda, forms that each tell a part, one call recorded in two accounts, and
/// everything that a diagnosis looks up. Events that were delivered twice within an account, Region and day count once.
struct DenialQuery {
    /// Partitions' columns and the view's own, in its order.
    static let columns = [
        "eventid", "eventtime", "accountid", "awsregion", "principal", "action", "category", "reason", "errorcode",
        "errormessage", "account", "region", "day",
    ]

    /// The statement of the view.
    static var view: String { "CREATE OR REPLACE VIEW denial AS\n\(query(from: TrailTable.name, path: "\"$path\""))" }

    /// The query over a table with CloudTrail's columns.
    ///
    /// - Parameters:
    ///   - table: its name.
    ///   - path: what tells where a row stands: of two deliveries of one event the lower one counts.
    static func query(from table: String, path: String) -> String {
        """
        WITH service AS (\(SQLText.table(["label", "name"], DenialVocabulary.prefixes.map { [$0.label, $0.prefix] }))),
        action_name AS (\(SQLText.table(["prefix", "event", "name"], DenialVocabulary.actions.map { [$0.prefix, $0.eventName, $0.action] }))),
        code_meaning AS (\(SQLText.table(["code_name", "code_category", "code_reason"], DenialVocabulary.codes.map { [$0.code, $0.category, $0.reason] }))),
        event AS (
          SELECT *, row_number() OVER (PARTITION BY account, region, day, eventid, eventtime ORDER BY \(path)) AS copy
          FROM \(table)
          WHERE errorcode IS NOT NULL OR errormessage IS NOT NULL
            OR eventname IN ('ConsoleLogin', 'CheckMfa', 'SwitchRole')
        ), said AS (
          SELECT *,
            regexp_replace(regexp_replace(lower(errorcode), '^(client|server)[.](.+)$', '$2'), '^(.+?)(exception|fault|error)+$', '$1') AS code,
            trim(regexp_replace(regexp_replace(regexp_replace(
              regexp_replace(lower(trim(errormessage)), '[ \\t\\n\\r]+', ' '),
              ' [(]service: .*; status code: .*[)]$', ''),
              ' go to https://[^ ]+ for complete details, or call the [^ ]+ api with the following authorization id: [a-z0-9_-]+[.]?$', ''),
              '[.]? *encoded authorization failure message: ?[a-z0-9_+/=.-]*$', '')) AS m,
            length(errormessage) >= 1000 AND regexp_like(errormessage, '[.][.][.]$') OR length(errormessage) >= 1024 AS truncated,
            regexp_extract(responseelements, '"' || eventname || '" *: *"([A-Za-z]+)"', 1) AS sign_in
          FROM event WHERE copy = 1
        ), parsed AS (
          SELECT said.*, code_meaning.code_reason,
            nullif(regexp_extract(errormessage, '(?i)not authorized to perform:? *["''`(]*([a-z0-9_-]+:[`]?[a-z0-9_*-]+)', 1), '') AS told,
            strpos(m, ' with an explicit deny') > 0 AS denies,
            coalesce(
              nullif(regexp_extract(m, '.* with an explicit deny in .* transitively through (?:an |a |the )?(\(policyTypes))', 1), ''),
              nullif(regexp_extract(m, '.* with an explicit deny in (?:an |a |the )?(\(policyTypes))', 1), '')) AS denied_by,
            nullif(regexp_extract(m, '.* because no (\(policyTypes))', 1), '') AS missing,
            regexp_like(m, 'not authorized to (perform|access )') AS grammar,
            CASE WHEN code_meaning.code_category IS NOT NULL THEN code_meaning.code_category
              WHEN code LIKE '%accessdenied' THEN 'authorization'
              WHEN regexp_like(code, '(throttled|throttling)$') THEN 'throttling'
              WHEN regexp_like(code, '(\(DenialVocabulary.validationEndings.joined(separator: "|")))$|^(\(DenialVocabulary.validationBeginnings.joined(separator: "|")))') THEN 'validation'
            END AS code_category,
            coalesce(service.name, last_label.name, regexp_extract(host, '([^.]+)$', 1)) AS prefix
          FROM (
            SELECT *, regexp_replace(lower(eventsource), '[.](amazonaws[.]com([.]cn)?|aws[.]internal|api[.]aws)$', '') AS host
            FROM said) said
            LEFT JOIN service ON service.label = host
            LEFT JOIN service last_label ON last_label.label = regexp_extract(host, '([^.]+)$', 1)
            LEFT JOIN code_meaning ON code_meaning.code_name = code
        ), worded AS (
          SELECT *,
            \(SQLText.firstOf(types)) AS policy_type,
            \(SQLText.firstOf(sentences(all: true))) AS sentence,
            \(SQLText.firstOf(sentences(all: false))) AS refusing_sentence
          FROM parsed
        ), reasoned AS (
          SELECT *,
            CASE WHEN errormessage IS NULL OR trim(errormessage) = '' THEN 'unstated'
              WHEN denied_by IS NOT NULL THEN 'explicit-deny:' || policy_type
              WHEN denies THEN 'explicit-deny'
              WHEN missing IS NOT NULL THEN 'missing-allow:' || policy_type
              WHEN strpos(m, ' because the role trust policy allows the ') > 0 THEN 'missing-allow:role-trust'
              WHEN strpos(m, ' because the resource does not exist in this region') > 0 THEN 'key-policy-or-region'
              WHEN strpos(m, 'this bucket has blocked upload requests that specify') > 0 THEN 'blocked-encryption-type'
              \(publicAccess)
              WHEN grammar AND truncated THEN 'message-cut'
              WHEN grammar THEN 'unstated'
              WHEN sentence IS NOT NULL THEN sentence
              WHEN regexp_replace(m, '[.]$', '') IN \(SQLText.list(DenialVocabulary.bareSentences)) THEN 'unstated'
              WHEN truncated THEN 'message-cut'
              ELSE 'unrecognised' END AS message_reason,
            coalesce(grammar, false) OR refusing_sentence IS NOT NULL AS shows_refusal
          FROM worded
        ), judged AS (
          SELECT *,
            CASE
              WHEN sign_in = 'Failure' THEN CASE WHEN message_reason IN \(SQLText.list(authentication)) THEN message_reason ELSE 'sign-in-failed' END
              WHEN code_category IN ('authorization', 'authentication', 'account')
                AND (message_reason IN ('unstated', 'unrecognised') OR message_reason = 'message-cut' AND code_reason IS NOT NULL)
              THEN coalesce(code_reason, message_reason)
              ELSE message_reason END AS reason,
            CASE
              WHEN sign_in = 'Failure' THEN true
              WHEN errorcode IS NULL AND errormessage IS NULL THEN false
              WHEN code_category IN ('authorization', 'authentication', 'account', 'ambiguous') THEN true
              WHEN code_category = 'throttling' THEN false
              ELSE shows_refusal END AS refused
          FROM reasoned
        )
        SELECT eventid, eventtime, recipientaccountid AS accountid, awsregion,
          CASE
            WHEN useridentity.type IN ('FederatedUser', 'IAMUser', 'Root') AND useridentity.arn IS NOT NULL THEN useridentity.arn
            WHEN useridentity.type = 'AWSService' THEN coalesce(useridentity.invokedby, useridentity.arn)
            WHEN regexp_like(useridentity.sessioncontext.sessionissuer.arn, '^arn:[^:]*:iam::[0-9]*:role/')
              THEN useridentity.sessioncontext.sessionissuer.arn
            WHEN regexp_like(useridentity.arn, '^arn:[^:]*:sts::[^:]*:assumed-role/')
              THEN regexp_replace(useridentity.arn, '^arn:([^:]*):sts::([^:]*):assumed-role/([^/]*).*$', 'arn:$1:iam::$2:role/$3')
            ELSE coalesce(useridentity.arn, concat_ws(':', useridentity.type, useridentity.accountid,
              CASE WHEN starts_with(useridentity.principalid, 'AROA') THEN regexp_replace(useridentity.principalid, ':.*$', '')
                ELSE useridentity.principalid END))
          END AS principal,
          coalesce(
            lower(regexp_extract(told, '^([^:]+):', 1)) || ':' || replace(regexp_extract(told, ':(.*)$', 1), '`', ''),
            whole.name, plain.name, judged.prefix || ':' || regexp_replace(eventname, '\(version)', '')) AS action,
          CASE \(categories) WHEN reason IN ('unstated', 'unrecognised', 'message-cut') AND code_category IN ('authentication', 'account')
            THEN code_category ELSE 'authorization' END AS category,
          reason, errorcode, errormessage, account, region, day
        FROM judged
          LEFT JOIN action_name whole ON whole.prefix = judged.prefix AND whole.event = eventname
          LEFT JOIN action_name plain ON plain.prefix = judged.prefix AND plain.event = regexp_replace(eventname, '\(version)', '')
        WHERE refused
        """
    }

    /// What some services put behind an event's name: `ListFunctions20150331`, `AddPermission20150331v2`.
    static let version = "([0-9]{4}_?[0-9]{2}_?[0-9]{2})(v[0-9]{1,2})?$"

    private static var policyTypes: String {
        DenialVocabulary.policyTypes.map(\.words).joined(separator: "|")
    }

    private static var types: [(condition: String, value: String)] {
        DenialVocabulary.policyTypes.map {
            ("coalesce(denied_by, missing) = \(SQLText.literal($0.words))", SQLText.literal($0.type))
        }
    }

    private static func sentences(all: Bool) -> [(condition: String, value: String)] {
        DenialVocabulary.sentences.filter { all || $0.showsRefusal }.map { sentence in
            let words = SQLText.literal(sentence.words)
            let condition = sentence.isAtStart ? "starts_with(m, \(words))" : "strpos(m, \(words)) > 0"
            return (condition, SQLText.literal(sentence.reason))
        }
    }

    private static var publicAccess: String {
        (DenialVocabulary.publicAccessSettings.map { (" AND strpos(m, \(SQLText.literal($0.words))) > 0", $0.reason) }
            + [("", "block-public-access")])
            .map { "WHEN strpos(m, 'block public access') > 0\($0.0) THEN \(SQLText.literal($0.1))" }
            .joined(separator: "\n      ")
    }

    private static var authentication: [String] {
        DenialVocabulary.reasonsByCategory.first { $0.category == "authentication" }?.reasons ?? []
    }

    private static var categories: String {
        DenialVocabulary.reasonsByCategory.map {
            "WHEN reason IN \(SQLText.list($0.reasons)) THEN \(SQLText.literal($0.category))"
        }
        .joined(separator: "\n    ")
    }
}
