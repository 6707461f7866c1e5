"""What the archive holds and what was planted in it: planted.json for the tests, README.md for readers."""

import json

from .plot import PINPOINT_SOURCES
from .records import action_of


def readable(archive):
    """All records that can be read, with the path of their file, repeated ones included."""
    return [(path, record) for path in sorted(archive.records) for record in archive.records[path]]


def totals(archive, planted):
    rows = readable(archive)
    repeated = len(archive.records[archive.notes["repetition"]])
    distinct = {record["eventID"]: record for _, record in rows}
    denials = [r for g in planted.groups.values() for _, _, r in g.denials]
    assert all(r["eventID"] in distinct for r in denials)
    services = [r for r in denials if r["userIdentity"].get("type") == "AWSService"]
    pinpoint = [r for r in denials if r["eventSource"] in PINPOINT_SOURCES]
    times = sorted(record["eventTime"] for record in distinct.values())
    return {
        "files": len(archive.files), "filesByKind": dict(sorted(archive.kinds.items())),
        "records": len(rows), "recordsInRepeatedFile": repeated,
        "recordsWithoutRepeatedFile": len(rows) - repeated,
        "duplicates": len(rows) - len(distinct), "duplicatesWithoutRepeatedFile": len(rows) - repeated - len(distinct),
        "events": len(distinct), "recordsLost": len(archive.lost),
        "denials": len(denials), "denialsOfPinpointServices": len(pinpoint), "denialsByAWSServices": len(services),
        "denialGroups": len(planted.groups),
        "denialGroupsOfPinpointServices": sum(g.source in PINPOINT_SOURCES for g in planted.groups.values()),
        "accounts": sorted({record["recipientAccountId"] for record in distinct.values()}),
        "regions": sorted({record["awsRegion"] for record in distinct.values()}), "from": times[0], "to": times[-1]}


def principal_of(record):
    identity = record["userIdentity"]
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", {}).get("arn")
    return issuer or identity.get("arn") or identity.get("invokedBy") or identity["principalId"]


def successes(archive):
    """(principal, action) -> times of what succeeded, and the projects where the requests name them."""
    found = {}
    for _, record in readable(archive):
        if "errorCode" not in record and "errorMessage" not in record:
            operation = record["eventSource"].removesuffix(".amazonaws.com") + "." + record["eventName"]
            project = (record.get("requestParameters") or {}).get("application-id")
            found.setdefault((principal_of(record), action_of(operation)), []).append((record["eventTime"], project))
    return found


def check_status(group, won):
    """Whether the archive bears out the status that the story means its group to have."""
    principal, action, _ = group.key
    lost = sorted(record["eventTime"] for _, _, record in group.denials)
    projects = {resource.split(":apps/")[1].split("/")[0] for _, resource, _ in group.denials if ":apps/" in (resource or "")}
    # A success on another project proves nothing.
    won = [t for t, project in won.get((principal, action), []) if not projects or project is None or project in projects]
    after, amid = any(t > lost[-1] for t in won), any(lost[0] < t < lost[-1] for t in won)
    status = "intermittent" if amid else "resolved" if after else "ongoing"
    assert group.expect == status, f"{group.story}: {status}"
    return status


def event(record, **more):
    return {**more, "eventID": record["eventID"], "eventTime": record["eventTime"], "eventName": record["eventName"],
            "principal": principal_of(record)}


def rows(archive, planted):
    """One row for each denial group, the stories in the order in which they are told."""
    won, table = successes(archive), []
    for group in planted.groups.values():
        principal, action, reason = group.key
        records = sorted((r for _, _, r in group.denials), key=lambda r: (r["eventTime"], r["eventID"]))
        resources = {}
        for _, resource, _ in group.denials:
            if resource is not None:
                resources[resource] = resources.get(resource, 0) + 1
        table.append({
            "id": group.story, "title": group.title,
            "service": "pinpoint" if group.source in PINPOINT_SOURCES else "other", "eventSource": group.source,
            "principal": principal, "principalType": group.principal_type, "action": action, "reason": reason,
            "category": group.refusal.category, "effect": group.refusal.effect, "policyType": group.refusal.policy_type,
            "policyARN": group.refusal.policy_arn, "truncated": group.truncated,
            "denials": len(records), "firstSeen": records[0]["eventTime"], "lastSeen": records[-1]["eventTime"],
            "status": check_status(group, won), "resources": dict(sorted(resources.items())),
            "accounts": sorted({r["recipientAccountId"] for r in records}),
            "regions": sorted({r["awsRegion"] for r in records}),
            "rootCause": group.cause, "alsoFair": group.accept, "findings": group.findings,
            "evidence": [event(record, role=role) for role, record in group.evidence],
            "firstDenial": records[0]["eventID"], "lastDenial": records[-1]["eventID"]})
    return table


def innocents(planted):
    return [event(record, id=story, why=why) for story, why, record in planted.innocents]


def planted_json(archive, planted, other_logs):
    """The table as JSON, a row to a line, so that a difference is readable."""
    def lines(values):
        return ",\n".join("    " + json.dumps(value, separators=(",", ":")) for value in values)

    head = json.dumps({"schemaVersion": 1, "totals": totals(archive, planted), "files": archive.notes}, indent=2)
    return (head[:-2] + ',\n  "groups": [\n' + lines(rows(archive, planted)) + '\n  ],\n  "innocents": [\n'
            + lines(innocents(planted)) + '\n  ],\n  "otherLogs": [\n' + lines(other_logs) + "\n  ]\n}\n")


def code(text):
    return f"`{text}`" if text else ""


def short(arn):
    """An ARN without what all ARNs have in common."""
    return arn.removeprefix("arn:aws:iam::")


def readme(archive, planted, other_logs):
    total, table = totals(archive, planted), rows(archive, planted)
    out = [HEAD]
    out.append("| | |\n|---|---|")
    for label, value in (
            ("files", f"{total['files']} (" + ", ".join(f"{n} {k}" for k, n in total["filesByKind"].items()) + ")"),
            ("records that can be read", f"{total['records']:,}"),
            ("… of them in the log file that was delivered twice", total["recordsInRepeatedFile"]),
            ("… of them redelivered within another file",
             total["duplicatesWithoutRepeatedFile"]),
            ("distinct events", f"{total['events']:,}"),
            ("records lost behind the cut of the damaged file", total["recordsLost"]),
            ("denials", f"{total['denials']:,} in {total['denialGroups']} groups"),
            ("… of Pinpoint and AWS End User Messaging",
             f"{total['denialsOfPinpointServices']} in {total['denialGroupsOfPinpointServices']} groups"),
            ("… by AWS services (noise)", total["denialsByAWSServices"]),
            ("accounts", ", ".join(total["accounts"])), ("Regions", ", ".join(total["regions"])),
            ("first and last event", f"{total['from']}, {total['to']}")):
        out.append(f"| {label} | {value} |")
    out.append(FILES.format(**{name.replace("-", "_"): path.rsplit("/", 1)[1] for name, path in archive.notes.items()}))
    out.append(GROUPS)
    out.append("| id | principal | action | reason | denials | first, last | status | root cause |\n"
               "|---|---|---|---|---:|---|---|---|")
    for row in table:
        out.append(
            f"| {row['id']} | {code(short(row['principal']))} | {code(row['action'])} | {code(row['reason'])} | "
            f"{row['denials']} | {row['firstSeen'][5:16]}, {row['lastSeen'][5:16]} | {row['status']} | "
            + " or ".join(code(cause) for cause in (row["rootCause"], *row["alsoFair"]) if cause) + " |")
    out.append("\n## The stories, and the events that prove them\n")
    told = set()
    for row in table:
        if row["id"] in told:
            continue
        told.add(row["id"])
        out.append(f"**{row['id']}.** {row['title']}.")
        beside = [f for f in row["findings"] if f != row["rootCause"]]
        if beside:
            out.append("Beside the root cause: " + ", ".join(map(code, beside)) + ".")
        for e in row["evidence"]:
            out.append(f"- {e['role']}: `{e['eventName']}` {e['eventTime']}, {code(e['eventID'])}")
        out.append(f"- first denial: {code(row['firstDenial'])}\n")
    out.append(INNOCENT)
    out.append("| event | when | story | why it is innocent |\n|---|---|---|---|")
    seen = {}
    for e in innocents(planted):
        seen.setdefault((e["eventName"], e["id"], e["why"]), []).append(e)
    for (name, story, why), events in seen.items():
        count = f" ({len(events)} times)" if len(events) > 1 else ""
        out.append(f"| `{name}`{count} | {events[0]['eventTime']} | {story} | {why} |")
    out.append(OTHER_LOGS)
    out.append("| root cause | seen in | refusals | first, last | story |\n|---|---|---:|---|---|")
    for row in other_logs:
        out.append(f"| `{row['rootCause']}` | {row['layer']} | {row['refusals']} | {row['firstSeen'][5:16]}, "
                   f"{row['lastSeen'][5:16]} | {row['title']} |")
    return "\n".join(out) + "\n"


HEAD = """# SampleTrails

A synthetic archive of AWS CloudTrail log files in AWS's own folder layout, to try trail403 on and to test it with:

    trail403 analyze SampleTrails

Beside it, in `OtherLogs`, stand a few of the logs that tell of refusals that CloudTrail never sees.

Example Corp sends messages to its customers with Amazon Pinpoint and AWS End User Messaging. Its organization trail
covers production (111122223333), staging (444455556666) and the management account (999999999999). Pinpoint data
events are recorded in production only, so that staging's archive cannot show whether sending works there.

Nothing in it is real: the accounts are those of AWS's documentation, the addresses those reserved for documentation
(RFC 5737, RFC 3849), the key ids end in `EXAMPLE`. `Scripts/make-sample-trails` makes all of it, this page included,
byte for byte the same each time; `Scripts/make-sample-trails --check` tells whether the files here are what it makes.
[planted.json](planted.json) holds the tables below for tests; its `findings` are those that a group must have at least,
and its `alsoFair` names root causes that are as right as `rootCause`, only less telling.

## Totals
"""

FILES = """
## Files out of the ordinary

| what | file |
|---|---|
| delivered twice, the same content under two names | `{repeated}`, `{repetition}` |
| holds records of an earlier file again, under the same event IDs | `{redelivered_in}`, of `{redelivered_from}` |
| its download broke off; what stands in front of the cut can be read | `{damaged}` |
| has a name of the older form | `{old_name}` |
| named by a digest file, but not there | `{missing}` |
| renamed since it was delivered | `{renamed}` |
| tells that a trail was stopped | `{StopLogging}` |

The hourly digest files of one day (2026-11-19, production, us-east-1) form a whole chain, whose key changes at noon. Beside
it stand a chain of us-west-2 that ends half a day before, one of a second trail in eu-west-1 with a hole, for somebody
stopped that trail, and a chain of backfill digests. Their hashes and signatures are right;
[public-keys.json](public-keys.json) has the keys in the form of `aws cloudtrail list-public-keys`, and
[signatures.json](signatures.json) the signatures of the last digests, which no other digest vouches for, in the form of `aws s3api
head-object`. Two log files do not bear out what their digest says: the damaged one and the missing one. Log files of other
days and accounts are named by no digest.

A few strings are hostile, as anyone who may call AWS can make them: user agents with terminal escapes and a
right-to-left override (signature-invalid) and with markup (reason-unstated), and a session name that a spreadsheet
takes for a formula (secret-denied).
"""

GROUPS = """## Planted denial groups

One row for each denial group (principal × action × reason), the headline first. Times are of 2026, UTC; principals
lack `arn:aws:iam::`. Where two root causes stand, the first is the better; where none stands, none is
prescribed.
"""

INNOCENT = """## Innocent look-alikes

Events that must not be blamed for any denial.
"""

OTHER_LOGS = """
## Refusals in no event of CloudTrail

The shop sends through an API of API Gateway, behind a web ACL. `OtherLogs` has the API's access log (JSON lines, as the stage's
format writes them), the log of the web ACL, the log of a task on ECS as plain text, and that of a Lambda function of staging as a
subscription of CloudWatch Logs delivers it. The calls of the story api-gateway stand in the access log, too, each with the request id
that CloudTrail has: API Gateway let them in, and the service refused the role of the integration.
"""
