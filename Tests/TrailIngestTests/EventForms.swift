import Foundation

/// The forms, a row each.
extension EventForm {
    /// What stands around a record in less usual exports.
    private static let more: [EventForm] = [
        EventForm("PowerShell 5.1, Export-Csv with types") { records in
            "#TYPE Amazon.CloudTrail.Model.Event\r\n"
                + csv(["EventId", "CloudTrailEvent"], records.map { [text($0, "eventID"), json($0)] })
        },
        EventForm("PowerShell 5.1, columns with types") { records in
            let header = ["eventID", "eventTime", "eventSource", "eventName", "errorCode"]
            return "\u{feff}#TYPE Selected.System.Management.Automation.PSCustomObject\n"
                + csv(header, records.map { record in header.map { text(record, $0) } })
        },
        EventForm("Athena, get-query-results, two pages") { records in
            let header = ["eventid", "eventtime", "eventsource", "eventname", "errorcode"]
            let rows = [header] + records.map { r in header.map { cell(r, $0) } }
            return lines([rows[..<3], rows[3...]].map { o(["ResultSet": ["Rows": $0.map(athenaRow)]]) })
        },
        EventForm("CloudTrail Lake, eventJson as CSV") { records in
            csv(["eventJson"], records.map { [json($0)] })
        },
        EventForm("CloudTrail Lake, eventJson as JSON") { records in
            json(o(["QueryResultRows": records.map { [["eventJson": json($0)]] }]))
        },
        EventForm("a column of any name") { lines($0.map { ["whatever": json($0), "n": "1"] }) },
        EventForm("a column of any name in a CSV") { records in
            csv(
                ["eventID", "eventName", "n", "whatever"],
                records.map { [text($0, "eventID"), text($0, "eventName"), "1", json($0)] })
        },
        EventForm("@timestamp beside the record") {
            lines($0.map { o(["@timestamp": text($0, "eventTime"), "_source": without($0, "eventTime")]) })
        },
        EventForm("@timestamp beside the record's text") {
            lines($0.map { o(["@timestamp": text($0, "eventTime"), "message": json(without($0, "eventTime"))]) })
        },
        EventForm("Insights CSV, @message without a time") {
            csv(["@timestamp", "@message"], $0.map { [text($0, "eventTime"), json(without($0, "eventTime"))] })
        },
        EventForm("Insights, get-query-results, @message without a time") {
            json([
                "results": $0.map {
                    insightsPairs(
                        $0, [("@timestamp", text($0, "eventTime")), ("@message", json(without($0, "eventTime")))])
                }
            ])
        },
        EventForm("a number in brackets") { $0.map { "[2026] " + json($0) + "\n" }.joined() },
        EventForm("a bracket alone") { $0.map { "abc } " + json($0) + "\n" }.joined() },
    ]

    /// Forms whose time is that of an arrival, or of a console's zone.
    static let shifted: [EventForm] = [
        EventForm("Insights CSV, ingestion time") { records in
            csv(
                ["@timestamp", "eventID", "eventName", "eventSource", "errorCode"],
                records.map {
                    [
                        text($0, "eventTime").replacing("T00:00", with: " 00:03").replacing("Z", with: ".000"),
                        text($0, "eventID"), text($0, "eventName"), text($0, "eventSource"), text($0, "errorCode"),
                    ]
                })
        },
        EventForm("console in another zone") { records in
            csv(
                ["Event ID", "Event time", "Event name", "Event source", "Error code", "User name"],
                records.map {
                    [
                        text($0, "eventID"), "2026-10-31, 07:00:\(text($0, "eventTime").dropFirst(17).prefix(2)) PM",
                        text($0, "eventName"), text($0, "eventSource"), text($0, "errorCode"), "",
                    ]
                })
        },
    ]

    static let all: [EventForm] = {
        var forms: [EventForm] = []
        forms.append(
            EventForm("jq: four fields", tellsOutcome: false) {
                lines($0.map { only($0, ["eventID", "eventTime", "eventSource", "eventName"]) })
            })
        forms.append(
            EventForm("jq: a version", tellsOutcome: false) {
                lines($0.map { only($0, ["eventVersion", "eventID", "eventTime", "eventSource", "eventName"]) })
            })
        forms.append(
            EventForm("jq: a version, an identity and parameters", tellsOutcome: false) {
                lines(
                    $0.map {
                        only(
                            $0,
                            [
                                "eventVersion", "eventID", "eventTime", "eventSource", "eventName", "awsRegion",
                                "userIdentity", "sourceIPAddress", "requestParameters", "responseElements",
                            ])
                    })
            })
        forms.append(
            EventForm("jq: with the error code") {
                lines(
                    $0.map { only($0, ["eventID", "eventTime", "eventSource", "eventName", "errorCode"], nulls: true) })
            })
        forms.append(
            EventForm("jq: an identity and no version", tellsOutcome: false) {
                lines(
                    $0.map {
                        only($0, ["eventID", "eventTime", "eventSource", "eventName", "userIdentity", "awsRegion"])
                    })
            })
        forms.append(
            EventForm("jq: without parameters", tellsOutcome: false) {
                lines($0.map { without($0, "requestParameters", "errorCode", "errorMessage") })
            })
        forms.append(
            EventForm("jq: without the identity") { wrapped($0.map { without($0, "userIdentity", "sourceIPAddress") }) }
        )
        forms.append(
            EventForm("time with an offset") { records in
                wrapped(
                    records.map { record in
                        var record = without(record, "sourceIPAddress")
                        record["eventTime"] = text(record, "eventTime").replacing("Z", with: ".000+00:00")
                        return record
                    })
            })
        forms.append(
            EventForm("time with a blank") { records in
                lines(
                    records.map { record in
                        var record = without(record, "awsRegion")
                        record["eventTime"] = text(record, "eventTime").replacing("T", with: " ").replacing(
                            "Z", with: " UTC")
                        return record
                    })
            })
        forms.append(
            EventForm("@timestamp in place of eventTime") { records in
                lines(
                    records.map { record in
                        var other = without(record, "eventTime")
                        other["@timestamp"] = text(record, "eventTime").replacing("Z", with: ".123Z")
                        return other
                    })
            })
        forms.append(
            EventForm("Athena, all columns", athena()))
        forms.append(
            EventForm("Athena without errorcode", tellsOutcome: false, athena(without: ["errorcode", "errormessage"])))
        forms.append(
            EventForm("Athena without errormessage", athena(without: ["errormessage"])))
        forms.append(
            EventForm("Athena without an identity", athena(without: ["useridentity"])))
        forms.append(
            EventForm("Athena without eventid", isNameless: true, athena(without: ["eventid"])))
        forms.append(
            EventForm(
                "Athena without eventid and requestid", isNameless: true, athena(without: ["eventid", "requestid"])))
        forms.append(
            EventForm("CloudTrail Lake, flat columns") { records in
                let header = [
                    "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "errorCode", "errorMessage",
                    "userIdentity.arn",
                    "userIdentity.type", "sourceIPAddress",
                ]
                return csv(header, records.map { record in header.map { text(record, $0) } })
            })
        forms.append(
            EventForm("console, 2024") { records in
                csv(
                    [
                        "User name", "AWS access key", "Event time", "Event source", "Event name", "AWS region",
                        "Source IP address",
                        "User agent", "Error code", "Resources", "Request ID", "Event ID", "Read-only", "Event type",
                        "Recipient Account Id", "Event category",
                    ],
                    records.map { r in
                        [
                            text(r, "userIdentity.userName"), text(r, "userIdentity.accessKeyId"), text(r, "eventTime"),
                            text(r, "eventSource"), text(r, "eventName"), text(r, "awsRegion"),
                            text(r, "sourceIPAddress"),
                            text(r, "userAgent"), text(r, "errorCode"), "[]", text(r, "requestID"), text(r, "eventID"),
                            text(r, "readOnly"), text(r, "eventType"), text(r, "recipientAccountId"),
                            text(r, "eventCategory"),
                        ]
                    })
            })
        forms.append(
            EventForm("console, 2020") { records in
                csv(
                    [
                        "Event ID", "Event time", "User name", "Event name", "Resource type", "Resource name",
                        "AWS access key",
                        "AWS region", "Error code", "Source IP address", "Request ID", "Event source",
                    ],
                    records.map { r in
                        // 2026-11-01T00:00:07Z
                        let time = text(r, "eventTime")
                        return [
                            text(r, "eventID"), "\(time.prefix(10)), 12:\(time.dropFirst(14).prefix(5)) AM",
                            text(r, "userIdentity.userName"), text(r, "eventName"), "", "",
                            text(r, "userIdentity.accessKeyId"),
                            text(r, "awsRegion"), text(r, "errorCode"), text(r, "sourceIPAddress"),
                            text(r, "requestID"),
                            text(r, "eventSource"),
                        ]
                    })
            })
        forms.append(
            EventForm("lookup-events") { records in
                json(["Events": records.map { ["EventId": text($0, "eventID"), "CloudTrailEvent": json($0)] }])
            })
        forms.append(
            EventForm("lookup-events --query without the record", tellsOutcome: false) { records in
                json(
                    records.map {
                        [
                            "EventId": text($0, "eventID"), "EventName": text($0, "eventName"),
                            "EventTime": text($0, "eventTime"),
                            "EventSource": text($0, "eventSource"), "ReadOnly": "false",
                        ]
                    })
            })
        forms.append(
            EventForm("pandas, DataFrame.to_csv") { records in
                csv(
                    ["", "EventId", "EventName", "EventTime", "EventSource", "Username", "CloudTrailEvent"],
                    records.enumerated().map {
                        [
                            "\($0)", text($1, "eventID"), text($1, "eventName"), "2026-11-01 01:00:00+01:00",
                            text($1, "eventSource"),
                            "", json($1),
                        ]
                    })
            })
        forms.append(
            EventForm("PowerShell, Export-Csv") { records in
                csv(
                    ["\"AccessKeyId\"", "\"CloudTrailEvent\"", "\"EventId\"", "\"EventName\"", "\"EventTime\""],
                    records.map { ["", json($0), text($0, "eventID"), text($0, "eventName"), "11/1/2026 12:00:07 AM"] })
            })
        forms.append(
            EventForm("Insights CSV, @message") { records in
                csv(["@timestamp", "@message"], records.map { [text($0, "eventTime"), json($0)] })
            })
        forms.append(
            EventForm("Insights CSV, single columns") { records in
                csv(
                    ["@timestamp", "eventID", "eventName", "eventSource", "errorCode", "userIdentity.arn"],
                    records.map { r in
                        [
                            text(r, "eventTime").replacing("T", with: " ").replacing("Z", with: ".000"),
                            text(r, "eventID"),
                            text(r, "eventName"), text(r, "eventSource"), text(r, "errorCode"),
                            text(r, "userIdentity.arn"),
                        ]
                    })
            })
        forms.append(
            EventForm("Insights, get-query-results, @message") { records in
                json(
                    o([
                        "results": records.map {
                            insightsPairs($0, [("@timestamp", text($0, "eventTime")), ("@message", json($0))])
                        }, "status": "Complete",
                    ]))
            })
        forms.append(
            EventForm("Insights, get-query-results, fields", tellsOutcome: false) { records in
                json(
                    o([
                        "results": records.map { r in
                            insightsPairs(
                                r,
                                [
                                    (
                                        "@timestamp",
                                        text(r, "eventTime").replacing("T", with: " ").replacing("Z", with: ".000")
                                    ),
                                    ("eventID", text(r, "eventID")), ("eventName", text(r, "eventName")),
                                    ("eventSource", text(r, "eventSource")),
                                ])
                        }, "statistics": ["recordsMatched": 3.0],
                    ]))
            })
        forms.append(
            EventForm("Athena, get-query-results") { records in
                let header = ["eventid", "eventtime", "eventsource", "eventname", "errorcode", "useridentity"]
                let rows = [header] + records.map { r in header.map { cell(r, $0) } }
                return json(
                    o([
                        "UpdateCount": 0,
                        "ResultSet": o([
                            "Rows": rows.map(athenaRow), "ResultSetMetadata": ["ColumnInfo": [String]()],
                        ]),
                    ]))
            })
        forms.append(
            EventForm("CloudTrail Lake, get-query-results") { records in
                json(
                    o([
                        "QueryStatus": "FINISHED",
                        "QueryResultRows": records.map { r in
                            ["eventID", "eventTime", "eventSource", "eventName", "errorCode"].map { [$0: text(r, $0)] }
                        },
                    ]))
            })
        forms.append(
            EventForm("Athena, UNLOAD as JSON") { records in
                lines(
                    records.map { r in
                        Dictionary(uniqueKeysWithValues: columns.map { ($0, lowered(r[names[$0] ?? $0] ?? NSNull())) })
                    })
            })
        forms.append(
            EventForm("Athena, UNLOAD with structs as text") { records in
                lines(
                    records.map { r in
                        Dictionary(
                            uniqueKeysWithValues: columns.map {
                                ($0, $0 == "useridentity" ? json(lowered(r["userIdentity"] ?? NSNull())) : cell(r, $0))
                            })
                    })
            })
        forms.append(
            EventForm("Splunk, CSV of _raw") {
                csv(["_time", "_raw", "host"], $0.map { [text($0, "eventTime"), json($0), "h"] })
            })
        forms.append(
            EventForm("Splunk, JSON of results") {
                lines($0.map { o(["preview": false, "offset": 0, "result": ["_raw": json($0)]]) })
            })
        forms.append(
            EventForm("Elasticsearch, a dump") {
                lines($0.map { o(["_index": "cloudtrail", "_id": "x", "_source": $0]) })
            })
        forms.append(
            EventForm("Elasticsearch, a search") {
                json(o(["took": 1, "hits": o(["total": 3, "hits": $0.map { o(["_source": $0]) }])]))
            })
        forms.append(
            EventForm("Filebeat, event.original") {
                lines($0.map { o(["@timestamp": text($0, "eventTime"), "event": ["original": json($0)]]) })
            })
        forms.append(
            EventForm("Wazuh") {
                lines($0.map { o(["agent": ["id": "0"], "data": o(["integration": "aws", "aws": $0])]) })
            })
        forms.append(
            EventForm("EventBridge") {
                json($0.map { o(["detail-type": "AWS API Call via CloudTrail", "detail": $0]) })
            })
        forms.append(
            EventForm("EventBridge, the type left out") {
                lines($0.map { o(["time": text($0, "eventTime"), "detail": $0]) })
            })
        forms.append(
            EventForm("SNS") { json(["Type": "Notification", "Message": wrapped($0)]) })
        forms.append(
            EventForm("a message as text") { lines($0.map { ["host": "h", "message": json($0)] }) })
        forms.append(
            EventForm("a message with a prefix") {
                lines($0.map { ["log": "Nov  1 00:00:07 host cloudtrail: " + json($0)] })
            })
        forms.append(
            EventForm("aws logs tail") {
                $0.map { "2026-11-01T00:00:07.000000+00:00 111122223333_CloudTrail_us-east-1 " + json($0) + "\n" }
                    .joined()
            })
        forms.append(
            EventForm("syslog") { $0.map { "<134>Nov  1 00:00:07 host cloudtrail[77]: " + json($0) + "\n" }.joined() })
        forms.append(
            EventForm("a date in brackets") { $0.map { "[2026-11-01 00:00:07] INFO " + json($0) + "\n" }.joined() })
        forms += more
        forms.append(
            EventForm("OCSF 1.1") { lines($0.map { ocsf($0, old: false) }) })
        forms.append(
            EventForm("OCSF 1.0") { lines($0.map { ocsf($0, old: true) }) })
        return forms
    }()
}
