"""Logs beside CloudTrail: one story through all layers, from the web ACL in front of an API to the application's own log."""

import json

from .archive import LETTERS
from .company import BOB_STAGING, STAGING_APP, app_arn, iam_policy
from .records import PROD, STAGING, Chance, Role, allow, iso, moment, policy, spread

API, STAGE, ACL = "a1b2c3d4e5", "prod", "orders-edge"
SHOP, PARTNER, KIOSK = "198.51.100.20", "198.51.100.61", "198.51.100.84"
WELCOMES = Role("welcome-mailer", "/", STAGING)
FOLDER = "OtherLogs/"

TITLES = {
    "gateway-api-key": "A partner's API key is in no usage plan of the stage: API Gateway refuses it.",
    "waf-blocked": "A kiosk sends more than 8 KB: the web ACL in front of the API blocks it.",
    "signature-refused": "A batch job signs with an old secret key: AWS refuses it before any policy is looked at.",
    "permissions-changed": "Staging's welcome messages are refused since Bob detached their policy. Its data events are not recorded: "
                           "only the function's log has the refusals, and only CloudTrail the change.",
}


def tell(log):
    """What CloudTrail has of the story: the change behind the refusals that only a function's log has."""
    arn = iam_policy("messaging/PinpointSendMessages", STAGING)
    target = {"roleName": WELCOMES.name, "policyArn": arn}
    log.call(Chance("receipts", "CreatePolicy"), moment("10-29 10:02:02"), BOB_STAGING, "iam.CreatePolicy", {
        "policyName": "PinpointSendMessages", "path": "/messaging/", "policyDocument": policy(allow(
            ["mobiletargeting:SendMessages", "mobiletargeting:SendUsersMessages"],
            app_arn("*", "/messages", account=STAGING)))}, response={"policy": {
                "policyName": "PinpointSendMessages", "arn": arn, "path": "/messaging/", "defaultVersionId": "v1"}})
    for when, name in (("10-29 10:02:31", "AttachRolePolicy"), ("11-18 09:12:44", "DetachRolePolicy")):
        log.call(Chance("receipts", name), moment(when), BOB_STAGING, "iam." + name, target)


def deliver(log):
    """path -> bytes of the logs, and what is in them: code -> (layer, refusals, first, last)."""
    requests, blocks = gateway(log)
    told = {}
    files = {
        f"{FOLDER}api-gateway/{API}-{STAGE}-access.log": lines(requests),
        f"{FOLDER}waf/{ACL}.jsonl": lines(blocks),
        f"{FOLDER}ecs/loyalty-batch.log": signatures(told),
        f"{FOLDER}lambda/welcome-mailer.json": welcomes(told),
    }
    keys = [r for r in requests if r["error.responseType"] == "INVALID_API_KEY"]
    told["gateway-api-key"] = ("api-gateway", len(keys), time_of(keys[0]), time_of(keys[-1]))
    blocked = [b for b in blocks if b["action"] == "BLOCK"]
    told["waf-blocked"] = ("waf", len(blocked), iso(blocked[0]["timestamp"] // 1000 - EPOCH),
                           iso(blocked[-1]["timestamp"] // 1000 - EPOCH))
    return files, [{"rootCause": code, "layer": told[code][0], "refusals": told[code][1], "firstSeen": told[code][2],
                    "lastSeen": told[code][3], "title": title} for code, title in TITLES.items()]


# The moments of these scripts count from the start of 2026.
EPOCH = 1_767_225_600


def time_of(request):
    return iso(int(request["requestTimeEpoch"]) // 1000 - EPOCH)


def lines(values):
    return "".join(json.dumps(value, separators=(",", ":")) + "\n" for value in values).encode()


def gateway(log):
    """The access log of the API whose integration sends, in the format that the documentation recommends, and its web ACL's log."""
    requests, blocks = [], []

    def request(t, name, address, status, response="-", waf="WAF_ALLOW", service="-", integration="-", key="-"):
        chance = Chance("gateway", name, t)
        extended = chance.letters(15, LETTERS) + "="
        requests.append({
            "requestId": chance.uuid(), "extendedRequestId": extended,
            "requestTimeEpoch": str((EPOCH + t) * 1000 + chance.below(1000)), "apiId": API, "stage": STAGE,
            "httpMethod": "POST", "resourcePath": "/messages", "path": "/prod/messages", "status": str(status),
            "error.responseType": response, "wafResponseCode": waf, "integration.requestId": service,
            "integration.status": str(integration), "sourceIp": address, "apiKeyId": key, "userAgent": "shop/4.2"})
        blocks.append({
            "timestamp": (EPOCH + t) * 1000 + chance.below(1000), "formatVersion": 1,
            "webaclId": f"arn:aws:wafv2:us-east-1:{PROD}:regional/webacl/{ACL}/" + Chance("acl").uuid(),
            "terminatingRuleId": "common" if waf == "WAF_BLOCK" else "Default_Action",
            "terminatingRuleType": "MANAGED_RULE_GROUP" if waf == "WAF_BLOCK" else "REGULAR",
            "action": "BLOCK" if waf == "WAF_BLOCK" else "ALLOW", "httpSourceName": "APIGW",
            "httpSourceId": f"{PROD}:{API}:{STAGE}", "ruleGroupList": [{
                "ruleGroupId": "AWS#AWSManagedRulesCommonRuleSet",
                "terminatingRule": {"ruleId": "SizeRestrictions_BODY", "action": "BLOCK"}}] if waf == "WAF_BLOCK" else [],
            "httpRequest": {"clientIp": address, "country": "DE", "headers": [], "uri": "/prod/messages", "args": "",
                            "httpVersion": "HTTP/1.1", "httpMethod": "POST", "requestId": extended},
            "requestBodySize": 12_401 if waf == "WAF_BLOCK" else 640})

    # What reached the service stands in CloudTrail, under the request id of the integration.
    for _, _, t, record in log.entries:
        if record["userIdentity"].get("arn", "").endswith(":assumed-role/pinpoint-proxy/BackplaneAssumeRoleSession"):
            refused = "errorCode" in record
            request(t, "passed", SHOP, 403 if refused else 200, service=record["requestID"],
                    integration=403 if refused else 200, key="k3y1d0shop")
    chance = Chance("gateway", "times")
    for t in spread(chance, "11-17 06:00:00", "11-20 15:00:00", 14):
        request(t, "key", PARTNER, 403, response="INVALID_API_KEY")
    for t in spread(chance, "11-18 08:30:00", "11-20 11:00:00", 6):
        request(t, "large", KIOSK, 403, response="WAF_FILTERED", waf="WAF_BLOCK")
    return (sorted(requests, key=lambda r: r["requestTimeEpoch"]),
            sorted(blocks, key=lambda b: (b["timestamp"], b["httpRequest"]["requestId"])))


def signatures(told):
    """The plain log of a task that signs with an old key, as an SDK for Java writes it."""
    chance, text = Chance("signatures"), []
    times = spread(chance, "11-19 02:00:00", "11-20 02:30:00", 9)
    for t in times:
        text.append(f"{iso(t)[:-1]}.214Z INFO  loyalty-batch - 250 messages to send\n")
        text.append(
            f"{iso(t + 1)[:-1]}.907Z ERROR loyalty-batch - software.amazon.awssdk.services.pinpoint.model.PinpointException: The "
            "request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
            f"signing method. (Service: Pinpoint, Status Code: 403, Request ID: {chance.uuid()})\n"
            "\tat software.amazon.awssdk.services.pinpoint.DefaultPinpointClient.sendMessages(DefaultPinpointClient.java:5711)\n")
    told["signature-refused"] = ("application", len(times), iso(times[0] + 1), iso(times[-1] + 1))
    return "".join(text).encode()


def welcomes(told):
    """A subscription's batch of the log of staging's function, as the AWS SDK for JavaScript writes into it."""
    chance, events = Chance("receipts"), []
    times = spread(chance, "11-18 09:20:00", "11-20 16:00:00", 11)

    def event(t, message):
        events.append({"id": str(3_900_000 + len(events)).zfill(20), "timestamp": (EPOCH + t) * 1000, "message": message})

    arn = f"arn:aws:sts::{STAGING}:assumed-role/{WELCOMES.name}/welcome-mailer"
    for t in times:
        invocation, request = chance.uuid(), chance.uuid()
        event(t, f"START RequestId: {invocation} Version: $LATEST\n")
        event(t + 1, f"{iso(t + 1)[:-1]}.000Z\t{invocation}\tERROR\tForbiddenException: User: {arn} is not authorized to perform: "
              f"mobiletargeting:SendMessages on resource: {app_arn(STAGING_APP, '/messages', account=STAGING)} because no "
              "identity-based policy allows the mobiletargeting:SendMessages action\n"
              "    at de_CommandError (/var/runtime/node_modules/@aws-sdk/client-pinpoint/dist-cjs/index.js:5129:14) {\n"
              "  '$fault': 'client',\n"
              f"  '$metadata': {{ httpStatusCode: 403, requestId: '{request}', attempts: 1, totalRetryDelay: 0 }}\n}}\n")
        event(t + 1, f"END RequestId: {invocation}\n")
    told["permissions-changed"] = ("application", len(times), iso(times[0] + 1), iso(times[-1] + 1))
    return (json.dumps({
        "messageType": "DATA_MESSAGE", "owner": STAGING, "logGroup": "/aws/lambda/welcome-mailer",
        "logStream": "2026/11/18/[$LATEST]" + Chance("stream").hex(32), "subscriptionFilters": ["errors"],
        "logEvents": events}, separators=(",", ":")) + "\n").encode()
