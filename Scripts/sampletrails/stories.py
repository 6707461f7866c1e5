"""The planted causes, one function each. The first is the one that the report should show first."""

import dataclasses

from .company import (
    ALICE, BATCH_ENDPOINT, BOB, BOB_STAGING, BROWSER, CAROL, CLI, DAVE, DEPLOY, ECS_NAT, ENDPOINT, ERIN, EU_NAT, FRANK,
    GINA, HOME, JAVA_1, JAVA_2, MARKETING, OFFICE, ORDER_NOTIFIER, ORDERS, PHONE, POOL, PYTHON, ROOT_ADMIN,
    STAGING_APP, SUPPORT, SWIFT_APP, app_arn, iam_policy, lambda_function, organization_policy, sso, task)
from .plot import STORIES, Plot, role_resource, signed_in, story
from .records import (
    BARE, HOUR, PROD, STAGING, UNSTATED, VENDOR, Caller, Chance, Refusal, Role, User, account_state,
    allow, authentication, explicit, iso, missing, moment, policy, spelled, spread)

SEND_POLICY = iam_policy("messaging/PinpointSendMessages")
END_OF_SUPPORT = account_state(
    "service-ended", "ForbiddenException",
    "Forbidden: On October 30, 2026, AWS will end support for the Amazon Pinpoint engagement features (e.g., segments, "
    "message templates, campaigns, journeys, analytics).")


def caused(role, name, document):
    """requestParameters of PutRolePolicy."""
    return {"roleName": role.name, "policyName": name, "policyDocument": document}


def trust(*principals):
    return policy({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"})


def created(role, service="ecs-tasks.amazonaws.com", trusts=None):
    """requestParameters and responseElements of CreateRole, for a service or for the role with the ARN `trusts`."""
    principal = {"AWS": trusts} if trusts else {"Service": service}
    document = policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    return (
        {"roleName": role.name, "path": role.path, "assumeRolePolicyDocument": document},
        {"role": {"path": role.path, "roleName": role.name, "roleId": role.id, "arn": role.arn}})


def authorization_id(chance):
    """The sentence that IAM appends since August 2026."""
    digits = chance.letters(18, "abcdefghijklmnopqrstuvwxyz0123456789") + "example"
    return (". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/"
            f"{digits} for complete details, or call the GetRequestAuthorizationDetails API with the following "
            f"authorization id: {digits}")


# The headline and its surroundings


@story("The order notifier lost the policy that let it send: a managed policy was detached from its role half-way",
       "permissions-changed", "permissions-changed", "missing-allow", expect="ongoing")
def policy_detached(s):
    caller, role = ORDER_NOTIFIER, ORDER_NOTIFIER.who
    s.change(moment("10-28 08:14:57"), DEPLOY, "iam.CreatePolicy", {
        "policyName": "PinpointSendMessages", "path": "/messaging/", "policyDocument": policy(allow(
            ["mobiletargeting:SendMessages", "mobiletargeting:SendUsersMessages"], app_arn("*", "/messages")))},
        role="policy", response={"policy": {
            "policyName": "PinpointSendMessages", "arn": SEND_POLICY, "path": "/messaging/", "defaultVersionId": "v1"}})
    s.change(moment("10-28 08:15:22"), DEPLOY, "iam.AttachRolePolicy",
             {"roleName": role.name, "policyArn": SEND_POLICY}, role="attachment")
    for t in spread(s.chance, "10-28 08:20:00", "11-12 14:01:30", 165):
        s.ok(t, caller, "pinpoint.SendMessages")
    s.prove("success", s.ok(moment("11-12 14:01:36"), caller, "pinpoint.SendMessages"))
    s.change(moment("11-12 14:02:11"), ALICE, "iam.DetachRolePolicy", {"roleName": role.name, "policyArn": SEND_POLICY})
    # Each order is tried three times before the function gives up.
    for t in [moment("11-12 14:02:48"), *spread(s.chance, "11-12 14:20:00", "11-20 17:45:00", 143)]:
        for attempt in range(3):
            s.deny(t + 2 * attempt, caller, "pinpoint.SendMessages", missing("identity-based"),
                   app_arn(ORDERS, "/messages"))
    for t in spread(s.chance, "10-28 09:00:00", "11-20 17:00:00", 46):
        s.ok(t, caller, s.chance.pick(["pinpoint.GetApp", "pinpoint.GetSmsChannel"]))

    other = Role("order-archiver", "/messaging/")
    s.innocent(s.ok(moment("11-12 14:01:58"), ALICE, "iam.DetachRolePolicy",
                    {"roleName": other.name, "policyArn": SEND_POLICY}), "changes another role")
    s.innocent(s.ok(moment("11-11 16:40:03"), ALICE, "iam.DetachRolePolicy", {
        "roleName": role.name, "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}),
        "the action still succeeded afterwards")
    s.innocent(s.ok(moment("11-12 15:31:40"), DEPLOY, "iam.PutRolePolicy", caused(role, "logging", policy(
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*")))), "comes after the first denial")
    s.innocent(s.ok(moment("11-12 13:30:44"), DEPLOY, "iam.TagPolicy", {
        "policyArn": iam_policy("messaging/DigestSend"), "tags": [{"key": "team", "value": "messaging"}]}),
        "touches another policy")
    for t in spread(s.chance, "11-03 11:00:00", "11-03 11:04:00", 14):
        s.innocent(s.fail(t, caller, "pinpoint.SendMessages", "TooManyRequestsException", "Too Many Requests"),
                   "throttled, not denied")
    for t in spread(s.chance, "11-05 07:00:00", "11-07 18:00:00", 4):
        s.innocent(s.fail(t, caller, "pinpoint.SendMessages", "BadRequestException",
                          "One or more of the addresses in the request are not valid"), "a bad request, not a denial")


@story("Somebody without the right tried the same detach a few minutes earlier and was refused: nothing changed by it",
       "missing-allow", "missing-allow", expect="ongoing", accept=["read-works-write-denied", "never-succeeded"])
def refused_detach(s):
    for when in ("11-12 13:57:05", "11-12 13:58:40"):
        record = s.deny(
            moment(when), BOB, "iam.DetachRolePolicy", missing("identity-based"), "role order-notifier",
            {"roleName": "order-notifier", "policyArn": SEND_POLICY}, suffix=authorization_id(s.chance))
        s.innocent(record, "a refused change changes nothing")


# What AWS states: policy types


@story("AWS says that no identity-based policy allows; it worked before, and the archive shows no change",
       "missing-allow", "missing-allow", expect="ongoing")
def identity_missing(s):
    caller = task(Role("channel-auditor", "/operations/"))
    for t in spread(s.chance, "10-28 06:00:00", "11-04 06:00:00", 16):
        s.ok(t, caller, "pinpoint.GetChannels")
    for t in spread(s.chance, "11-04 12:00:00", "11-20 12:00:00", 32):
        s.deny(t, caller, "pinpoint.GetChannels", missing("identity-based"), app_arn(ORDERS, "/channels"))


@story("A managed policy denies bulk sending explicitly; AWS names it",
       "explicit-deny", "explicit-deny", "read-works-write-denied", "never-succeeded", expect="ongoing")
def identity_explicit(s):
    caller = task(Role("bulk-sender", "/marketing/"), ip="192.0.2.44")
    for t in spread(s.chance, "10-29 08:00:00", "11-20 08:00:00", 12):
        s.ok(t, caller, "pinpoint.GetApp", {"application-id": MARKETING})
    for t in spread(s.chance, "10-30 09:00:00", "11-19 17:00:00", 26):
        s.deny(t, caller, "pinpoint.SendUsersMessages", explicit("identity-based", iam_policy("DenyBulkMessaging")),
               app_arn(MARKETING, "/messages"), {"application-id": MARKETING})


@story("A service control policy protects the projects from deletion", "explicit-deny", "explicit-deny",
       "never-succeeded", expect="ongoing")
def scp_explicit(s):
    for t in spread(s.chance, "11-06 09:30:00", "11-06 09:36:00", 5):
        s.deny(t, ALICE, "pinpoint.DeleteApp", explicit(
            "service-control", organization_policy("service_control", "p-examplekeep")), app_arn(MARKETING),
            {"application-id": MARKETING})


@story("A service control policy was attached to the account and denies texting from Ireland",
       "permissions-changed", "permissions-changed", "explicit-deny", expect="ongoing")
def scp_attached(s):
    caller = task(Role("eu-texter", "/messaging/"), ip=EU_NAT)
    phone = f"arn:aws:sms-voice:eu-west-1:{PROD}:phone-number/{PHONE}"
    for t in spread(s.chance, "10-31 06:00:00", "11-10 10:00:00", 22):
        s.ok(t, caller, "sms-voice.SendTextMessage", region="eu-west-1")
    s.change(moment("11-10 10:17:31"), ROOT_ADMIN, "organizations.AttachPolicy",
             {"policyId": "p-examplehome", "targetId": PROD})
    for t in spread(s.chance, "11-10 10:21:00", "11-20 15:00:00", 38):
        s.deny(t, caller, "sms-voice.SendTextMessage", explicit(
            "service-control", organization_policy("service_control", "p-examplehome")), phone, region="eu-west-1")
    s.innocent(s.ok(moment("11-10 10:16:02"), ROOT_ADMIN, "organizations.AttachPolicy",
                    {"policyId": "p-exampletags", "targetId": STAGING}), "attaches another policy to another account")


@story("The staging account was moved into an organizational unit whose service control policies do not allow texting",
       "permissions-changed", "permissions-changed", "missing-allow", expect="ongoing")
def account_moved(s):
    caller = task(Role("sms-probe", "/messaging/", STAGING), ip="198.51.100.20")
    for t in spread(s.chance, "10-30 06:00:00", "11-09 08:00:00", 14):
        s.ok(t, caller, "sms-voice.DescribePools", {}, region="us-west-2")
    s.change(moment("11-09 09:02:54"), ROOT_ADMIN, "organizations.MoveAccount", {
        "accountId": STAGING, "sourceParentId": "ou-exam-workload", "destinationParentId": "ou-exam-sandboxes"})
    for t in spread(s.chance, "11-09 09:30:00", "11-18 20:00:00", 18):
        s.deny(t, caller, "sms-voice.DescribePools", missing("service-control"),
               f"arn:aws:sms-voice:us-west-2:{STAGING}:pool/*", {}, region="us-west-2")


@story("A permissions boundary was put on the role", "permissions-changed", "permissions-changed", "missing-allow",
       expect="ongoing")
def boundary_put(s):
    caller = task(Role("feature-lab", "/dev/", STAGING), ip="198.51.100.21")
    where = {"application-id": STAGING_APP}
    for t in spread(s.chance, "10-29 08:00:00", "11-05 10:00:00", 9):
        s.ok(t, caller, "pinpoint.UpdateGcmChannel", where)
    s.change(moment("11-05 11:45:19"), BOB_STAGING, "iam.PutRolePermissionsBoundary", {
        "roleName": "feature-lab", "permissionsBoundary": iam_policy("boundaries/LabBoundary", STAGING)})
    for t in spread(s.chance, "11-05 12:00:00", "11-17 18:00:00", 15):
        s.deny(t, caller, "pinpoint.UpdateGcmChannel", missing("permissions-boundary"),
               app_arn(STAGING_APP, "/channels/gcm", account=STAGING), where)


@story("The developers' permissions boundary denies channel changes; AWS names it", "explicit-deny", "explicit-deny",
       expect="ongoing")
def boundary_explicit(s):
    for t in spread(s.chance, "11-11 13:00:00", "11-11 13:20:00", 4):
        s.deny(t, BOB, "pinpoint.DeleteSmsChannel", explicit(
            "permissions-boundary", iam_policy("boundaries/DeveloperBoundary")), app_arn(ORDERS, "/channels/sms"))


@story("A broker hands out sessions whose session policy allows reading only", "missing-allow", "missing-allow",
       "read-works-write-denied", "never-succeeded", expect="ongoing",
       accept=["read-works-write-denied", "never-succeeded"])
def session_policy(s):
    broker = task(Role("partner-broker", "/partners/"), ip="192.0.2.61")
    role, document = Role("acme-gateway", "/partners/"), policy(allow(["mobiletargeting:Get*"], "*"))
    for t in spread(s.chance, "11-02 08:00:00", "11-19 08:00:00", 6):
        partner = s.assume(t, broker, role, "acme", policy=document, externalId="example-external-id",
                           client=broker.but(ip="198.51.100.130", agent=JAVA_2))
        s.ok(t + 60, partner, "pinpoint.GetApp")
        for attempt in range(3):
            s.deny(t + 120 + 31 * attempt, partner, "pinpoint.SendMessages", missing("session"),
                   app_arn(ORDERS, "/messages"))


@story("The policy of the VPC endpoint was narrowed", "permissions-changed", "permissions-changed", "missing-allow",
       expect="ongoing")
def endpoint_policy(s):
    caller = lambda_function(Role("otp-sender", "/messaging/"), "otp-sender", ip="192.0.2.85", vpce=ENDPOINT)
    for t in spread(s.chance, "10-28 07:00:00", "11-13 08:20:00", 40):
        s.ok(t, caller, "pinpoint.SendOTPMessage", {"application-id": ORDERS, "SendOTPMessageRequestParameters": "***"})
    s.change(moment("11-13 08:31:07"), DAVE, "ec2.ModifyVpcEndpoint", {"ModifyVpcEndpointRequest": {
        "VpcEndpointId": ENDPOINT, "PolicyDocument": policy(
            {**allow(["mobiletargeting:SendMessages", "mobiletargeting:Get*"], "*"), "Principal": "*"})}},
        response={"ModifyVpcEndpointResponse": {"return": True}})
    for t in spread(s.chance, "11-13 08:33:00", "11-20 16:00:00", 57):
        s.deny(t, caller, "pinpoint.SendOTPMessage", missing("vpc-endpoint"), app_arn(ORDERS, "/otp"),
               {"application-id": ORDERS, "SendOTPMessageRequestParameters": "***"})
    s.innocent(s.ok(moment("11-13 08:29:12"), DAVE, "ec2.ModifyVpcEndpoint", {"ModifyVpcEndpointRequest": {
        "VpcEndpointId": BATCH_ENDPOINT, "ResetPolicy": True}}), "changes another endpoint")


@story("The trust policy of a role was replaced; STS states no reason", "permissions-changed", "permissions-changed",
       "reason-unstated", expect="ongoing")
def role_trust(s):
    runner, target = task(Role("release-runner", "/ci/"), ip="192.0.2.201"), Role("template-publisher", "/messaging/")
    for t in spread(s.chance, "10-29 10:00:00", "11-16 10:00:00", 9):
        s.assume(t, runner, target, "release", started_role=None)
    s.change(moment("11-16 15:20:26"), DAVE, "iam.UpdateAssumeRolePolicy", {
        "roleName": target.name, "policyDocument": trust(ALICE.who.arn)})
    for t in spread(s.chance, "11-16 16:00:00", "11-20 16:00:00", 13):
        s.deny(t, runner, "sts.AssumeRole", UNSTATED, target.arn,
               {"roleArn": target.arn, "roleSessionName": "release"}, resources=[role_resource(target)])
    s.innocent(s.ok(moment("11-16 15:12:48"), DAVE, "iam.UpdateAssumeRolePolicy", {
        "roleName": "order-archiver", "policyDocument": trust(ALICE.who.arn)}), "changes another role's trust")


@story("A resource control policy denies assuming the sender role", "explicit-deny", "explicit-deny", expect="ongoing")
def resource_control(s):
    caller, target = task(Role("push-gateway", "/messaging/"), ip="192.0.2.46"), Role("otp-sender", "/messaging/")
    for t in spread(s.chance, "11-17 06:00:00", "11-20 06:00:00", 8):
        s.deny(t, caller, "sts.AssumeRole", explicit(
            "resource-control", organization_policy("resource_control", "p-examplerole")), target.arn,
            {"roleArn": target.arn, "roleSessionName": "push"}, resources=[role_resource(target)])


@story("The group that allows sending lost a member", "permissions-changed", "permissions-changed", "missing-allow",
       expect="ongoing")
def left_group(s):
    caller = Caller(GINA, ip=OFFICE, agent=CLI)
    s.change(moment("10-28 10:05:00"), ALICE, "iam.AddUserToGroup",
             {"userName": "gina", "groupName": "message-operators"}, role="attachment")
    for t in spread(s.chance, "10-28 11:00:00", "11-06 16:00:00", 10, office=True):
        s.ok(t, caller, "pinpoint.UpdateApnsChannel")
    s.change(moment("11-07 08:12:33"), DAVE, "iam.RemoveUserFromGroup",
             {"userName": "gina", "groupName": "message-operators"})
    for t in spread(s.chance, "11-07 09:00:00", "11-13 16:00:00", 11, office=True):
        s.deny(t, caller, "pinpoint.UpdateApnsChannel", missing("identity-based"), app_arn(ORDERS, "/channels/apns"))


@story("A new default version of the role's managed policy no longer allows sending", "permissions-changed",
       "permissions-changed", "missing-allow", expect="ongoing")
def policy_version(s):
    caller = lambda_function(Role("receipt-sender", "/messaging/"), "receipt-sender", ip="192.0.2.22")
    arn = iam_policy("messaging/ReceiptSend")
    s.change(moment("10-28 08:16:40"), DEPLOY, "iam.AttachRolePolicy",
             {"roleName": "receipt-sender", "policyArn": arn}, role="attachment")
    for t in spread(s.chance, "10-28 09:00:00", "11-14 11:00:00", 26):
        s.ok(t, caller, "pinpoint.SendMessages")
    s.change(moment("11-14 11:08:15"), DEPLOY, "iam.CreatePolicyVersion", {
        "policyArn": arn, "setAsDefault": True, "policyDocument": policy(
            allow(["mobiletargeting:GetApp", "mobiletargeting:SendUsersMessages"], app_arn(ORDERS, "*")))},
        response={"policyVersion": {"versionId": "v4", "isDefaultVersion": True}})
    for t in spread(s.chance, "11-14 11:10:00", "11-20 17:00:00", 42):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))


# What the trail shows beyond the message


@story("The worker was moved to Ireland, where its policy and the project do not reach", "region-mismatch",
       "region-mismatch", "missing-allow", expect="ongoing")
def wrong_region(s):
    caller = task(Role("parcel-notifier", "/messaging/"), ip="192.0.2.131")
    for t in spread(s.chance, "10-29 05:00:00", "11-11 20:00:00", 20):
        s.ok(t, caller, "pinpoint.SendMessages")
    for t in spread(s.chance, "11-12 06:00:00", "11-20 14:00:00", 28):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"),
               app_arn(ORDERS, "/messages", region="eu-west-1"), region="eu-west-1")


@story("A tool asks Oregon for a project that lives in Virginia, as changes of the project show", "region-mismatch",
       "region-mismatch", "missing-allow", "never-succeeded", expect="ongoing")
def project_elsewhere(s):
    # Only changes of a project are kept as records, so only they tell where the project lives.
    s.change(moment("11-02 10:20:00"), DEPLOY, "pinpoint.UpdateGcmChannel", {"application-id": ORDERS}, role="success")
    caller = task(Role("endpoint-cleaner", "/batch/"), ip="192.0.2.132")
    for t in spread(s.chance, "11-11 04:00:00", "11-19 04:30:00", 9):
        s.deny(t, caller, "pinpoint.GetApp", missing("identity-based"), app_arn(ORDERS, region="us-west-2"),
               {"application-id": ORDERS}, region="us-west-2")


@story("A function was made to run under another role, which may not send", "permissions-changed",
       "permissions-changed", "missing-allow", "never-succeeded", expect="ongoing")
def role_swapped(s):
    name = "coupon-sender"
    before = lambda_function(Role("coupon-sender", "/messaging/"), name, ip="192.0.2.24")
    after = lambda_function(Role("basic-execution", "/messaging/"), name, ip="192.0.2.24")
    for t in spread(s.chance, "10-30 10:00:00", "11-17 09:30:00", 16):
        s.ok(t, before, "pinpoint.VerifyOTPMessage", {"application-id": MARKETING})
    s.change(moment("11-17 09:41:12"), DEPLOY, "lambda.UpdateFunctionConfiguration20150331v2",
             {"functionName": name, "role": after.who.arn})
    for t in spread(s.chance, "11-17 10:05:00", "11-20 15:00:00", 17):
        s.deny(t, after, "pinpoint.VerifyOTPMessage", missing("identity-based"), app_arn(MARKETING, "/verify-otp"),
               {"application-id": MARKETING})
    s.innocent(s.ok(moment("11-17 09:38:50"), DEPLOY, "lambda.UpdateFunctionConfiguration20150331v2",
                    {"functionName": "order-notifier", "role": ORDER_NOTIFIER.who.arn}), "another function's role")


@story("Identity Center took the policy of a permission set out of its role", "permissions-changed",
       "permissions-changed", "missing-allow", expect="ongoing")
def permission_set(s):
    analyst = sso("CampaignAnalyst", "iris@example.com", ip=OFFICE)
    for t in spread(s.chance, "10-29 09:00:00", "11-12 16:00:00", 10, True):
        s.ok(t, analyst, "pinpoint.GetSmsChannel", {"application-id": MARKETING})
    instance = "arn:aws:sso:::permissionSet/ssoins-72231e8d0e31example/ps-5f3a1c0d2e4bexample"
    s.change(moment("11-13 09:10:05"), ROOT_ADMIN, "sso.DetachManagedPolicyFromPermissionSet", {
        "instanceArn": "arn:aws:sso:::instance/ssoins-72231e8d0e31example", "permissionSetArn": instance,
        "managedPolicyArn": "arn:aws:iam::aws:policy/AmazonMobileTargetingReadOnlyAccess"}, role="session")
    s.change(moment("11-13 09:10:31"), Caller(
        Role("AWSServiceRoleForSSO", "/aws-service-role/sso.amazonaws.com/"), "SSO-PROVISION",
        via="sso.amazonaws.com"), "iam.DetachRolePolicy", {
        "roleName": analyst.who.name, "policyArn": "arn:aws:iam::aws:policy/AmazonMobileTargetingReadOnlyAccess"})
    for t in spread(s.chance, "11-13 09:30:00", "11-20 16:00:00", 11, True):
        s.deny(t, analyst, "pinpoint.GetSmsChannel", missing("identity-based"),
               app_arn(MARKETING, "/channels/sms"), {"application-id": MARKETING})


@story("A role was taken on seconds after it was created, before IAM knew it everywhere", "not-yet-effective",
       "not-yet-effective", "reason-unstated", expect="resolved", accept=["reason-unstated"])
def just_created(s):
    creator, target = task(Role("preview-builder", "/ci/"), ip="192.0.2.202"), Role("preview-4711", "/ci/")
    parameters, response = created(target, trusts=creator.who.arn)
    s.change(moment("11-18 12:00:02"), creator, "iam.CreateRole", parameters, response=response)
    for when in ("11-18 12:00:05", "11-18 12:00:08", "11-18 12:00:12"):
        s.deny(moment(when), creator, "sts.AssumeRole", UNSTATED, target.arn,
               {"roleArn": target.arn, "roleSessionName": "preview"}, resources=[role_resource(target)])
    s.assume(moment("11-18 12:00:19"), creator, target, "preview", started_role=None)


@story("A new role was given its policy a day late: refused at first, fixed since", "missing-allow", "missing-allow",
       expect="resolved")
def fixed_later(s):
    caller = lambda_function(Role("loyalty-sender", "/messaging/"), "loyalty-sender", ip="192.0.2.23")
    for t in spread(s.chance, "11-05 08:00:00", "11-06 09:00:00", 21):
        s.deny(t, caller, "pinpoint.SendUsersMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))
    s.change(moment("11-06 09:15:08"), DEPLOY, "iam.PutRolePolicy", caused(caller.who, "send", policy(
        allow(["mobiletargeting:SendUsersMessages"], app_arn(ORDERS, "/messages")))), role="fix")
    for t in spread(s.chance, "11-06 09:20:00", "11-20 16:00:00", 30):
        s.ok(t, caller, "pinpoint.SendUsersMessages")


@story("The support desk may read, not write", "read-works-write-denied", "read-works-write-denied", "missing-allow",
       "never-succeeded", expect="ongoing", accept=["never-succeeded"])
def reads_work(s):
    for t in spread(s.chance, "10-29 08:00:00", "11-20 15:00:00", 26, office=True):
        s.ok(t, SUPPORT, s.chance.pick(["pinpoint.GetApp", "pinpoint.GetSmsChannel", "pinpoint.GetApps"]))
    for t in spread(s.chance, "11-03 09:00:00", "11-18 15:00:00", 9, office=True):
        s.deny(t, SUPPORT, "pinpoint.UpdateSmsChannel", missing("identity-based"), app_arn(ORDERS, "/channels/sms"))


@story("The policy grants `pinpoint:SendMessages`, an action that IAM does not know", "wrong-iam-prefix",
       "wrong-iam-prefix", "missing-allow", "never-succeeded", expect="ongoing")
def wrong_iam_prefix(s):
    caller = lambda_function(Role("invoice-notifier", "/messaging/"), "invoice-notifier", ip="192.0.2.24")
    parameters, response = created(caller.who, "lambda.amazonaws.com")
    s.change(moment("11-07 13:40:11"), DEPLOY, "iam.CreateRole", parameters, role="policy", response=response)
    s.change(moment("11-07 13:40:29"), DEPLOY, "iam.PutRolePolicy", caused(caller.who, "send-messages", policy(
        allow(["pinpoint:SendMessages"], f"arn:aws:pinpoint:us-east-1:{PROD}:apps/{ORDERS}/*"))), role="policy")
    for t in spread(s.chance, "11-07 14:00:00", "11-20 17:00:00", 48):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))


@story("The policy grants the action on `apps/ID`, but sending is on `apps/ID/messages`", "resource-too-narrow",
       "resource-too-narrow", "missing-allow", "never-succeeded", expect="ongoing")
def resource_too_narrow(s):
    caller = lambda_function(Role("survey-sender", "/messaging/"), "survey-sender", ip="192.0.2.25")
    s.change(moment("11-08 07:55:00"), DEPLOY, "iam.PutRolePolicy", caused(caller.who, "send-messages", policy(
        allow(["mobiletargeting:SendMessages"], app_arn(ORDERS)))), role="policy")
    for t in spread(s.chance, "11-08 08:00:00", "11-20 12:00:00", 34):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))


@story("The policy allows sending for as long as a campaign was to last, and that time is over", "condition-unmet",
       "condition-unmet", "missing-allow", expect="ongoing")
def condition_unmet(s):
    caller = lambda_function(Role("harvest-campaign", "/marketing/"), "harvest-campaign", ip="192.0.2.77")
    s.change(moment("11-02 09:12:00"), DEPLOY, "iam.PutRolePolicy", caused(caller.who, "send-until-mid-november", policy({
        **allow(["mobiletargeting:SendMessages"], app_arn(MARKETING, "/messages")),
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-11-15T00:00:00Z"}}})), role="policy")
    for t in spread(s.chance, "11-02 10:00:00", "11-14 22:00:00", 21):
        s.ok(t, caller, "pinpoint.SendMessages", {"application-id": MARKETING})
    for t in spread(s.chance, "11-15 06:00:00", "11-20 14:00:00", 19):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(MARKETING, "/messages"),
               {"application-id": MARKETING})


@story("An import job needs a role passed to Pinpoint, and the caller may not pass it", "pass-role-missing",
       "pass-role-missing", "missing-allow", expect="ongoing")
def pass_role_missing(s):
    caller = task(Role("segment-loader", "/data/"), ip="192.0.2.47")
    passed = Role("import-reader", "/pinpoint/").arn
    for t in spread(s.chance, "10-28 09:00:00", "10-29 20:00:00", 7):
        s.deny(t, caller, "pinpoint.CreateImportJob", missing("identity-based"), passed, {
            "application-id": MARKETING, "Format": "CSV", "RoleArn": passed,
            "S3Url": "s3://example-corp-segments/2026/10/"}, action="iam:PassRole")
    for t in spread(s.chance, "10-28 08:00:00", "10-29 22:00:00", 5):
        s.ok(t, caller, "pinpoint.GetImportJobs", {"application-id": MARKETING})


@story("This user never once succeeded with this action", "never-succeeded", "never-succeeded", "missing-allow",
       expect="ongoing", accept=["missing-allow"])
def never_succeeded(s):
    caller = Caller(ERIN, ip=HOME, agent=CLI)
    for t in spread(s.chance, "11-13 17:00:00", "11-15 11:00:00", 9):
        s.deny(t, caller, "pinpoint.PhoneNumberValidate", missing("identity-based"),
               f"arn:aws:mobiletargeting:us-east-1:{PROD}:phone/number/validate", {"NumberValidateRequest": "***"})


@story("The like-named role in staging may do it", "environment-difference", "environment-difference",
       "missing-allow", "never-succeeded", expect="ongoing")
def environment_difference(s):
    caller = task(Role("channel-sync", "/messaging/"), ip="192.0.2.48")
    twin = task(Role("channel-sync", "/messaging/", STAGING), ip="198.51.100.22")
    for t in spread(s.chance, "11-01 04:00:00", "11-20 04:00:00", 19):
        s.ok(t, twin, "pinpoint.UpdateBaiduChannel", {"application-id": STAGING_APP})
    for t in spread(s.chance, "11-10 04:00:00", "11-20 04:30:00", 14):
        s.deny(t, caller, "pinpoint.UpdateBaiduChannel", missing("identity-based"),
               app_arn(ORDERS, "/channels/baidu"))


@story("Staging tries to take on a production role", "cross-account", "cross-account", "reason-unstated",
       expect="ongoing")
def cross_account_role(s):
    caller = task(Role("load-tester", "/messaging/", STAGING), ip="198.51.100.23")
    target = Role("order-notifier", "/messaging/")
    for t in spread(s.chance, "11-04 20:00:00", "11-12 22:00:00", 10):
        s.deny(t, caller, "sts.AssumeRole", UNSTATED, target.arn,
               {"roleArn": target.arn, "roleSessionName": "load-test"}, resources=[role_resource(target)])


@story("Staging texts through production's shared pool, whose resource policy does not allow it", "cross-account",
       "cross-account", "missing-allow", "never-succeeded", expect="ongoing")
def cross_account_pool(s):
    caller = task(Role("pool-tester", "/messaging/", STAGING), ip="198.51.100.24")
    pool = f"arn:aws:sms-voice:us-east-1:{PROD}:pool/{POOL}"
    for t in spread(s.chance, "11-08 15:00:00", "11-12 16:00:00", 12):
        s.deny(t, caller, "sms-voice.SendTextMessage", missing("resource-based"), pool, {
            "destinationPhoneNumber": "HIDDEN_DUE_TO_SECURITY_REASONS", "originationIdentity": pool,
            "messageBody": "HIDDEN_DUE_TO_SECURITY_REASONS"})


@story("It works with a second factor only", "mfa-absent", "mfa-absent", "missing-allow", expect="ongoing")
def mfa_absent(s):
    without = Caller(FRANK, ip=OFFICE, agent=CLI)
    with_mfa = without.but(temporary=True, mfa=True, lasts=12 * HOUR)
    where = app_arn(ORDERS, "/channels/voice")
    for t in spread(s.chance, "10-30 09:00:00", "11-10 16:00:00", 8, office=True):
        s.ok(t, with_mfa, "pinpoint.UpdateVoiceChannel")
    for t in spread(s.chance, "11-11 09:00:00", "11-19 16:00:00", 10, office=True):
        s.deny(t, without, "pinpoint.UpdateVoiceChannel", missing("identity-based"), where)


@story("It works from the office's address and is denied from elsewhere", "network-path-changed",
       "network-path-changed", "explicit-deny", expect="ongoing")
def network_path(s):
    office = Caller(User("kiosk", "/devices/"), ip=OFFICE, agent=PYTHON)
    for t in spread(s.chance, "10-29 07:00:00", "11-15 17:00:00", 20):
        s.ok(t, office, "pinpoint.SendMessages", {"application-id": MARKETING})
    for t in spread(s.chance, "11-16 07:00:00", "11-20 17:00:00", 23):
        s.deny(t, office.but(ip="198.51.100.201"), "pinpoint.SendMessages",
               explicit("identity-based", iam_policy("DenyOutsideOffice")), app_arn(MARKETING, "/messages"),
               {"application-id": MARKETING})


@story("It worked through the VPC endpoint and is denied since the calls take the internet", "network-path-changed",
       "network-path-changed", "explicit-deny", expect="ongoing")
def endpoint_left(s):
    inside = task(Role("statement-sender", "/messaging/"), ip="192.0.2.90", vpce=BATCH_ENDPOINT)
    for t in spread(s.chance, "10-29 02:00:00", "11-17 02:00:00", 18):
        s.ok(t, inside, "sms-voice.SendTextMessage")
    for t in spread(s.chance, "11-17 10:00:00", "11-20 10:00:00", 16):
        s.deny(t, inside.but(ip=ECS_NAT, vpce=""), "sms-voice.SendTextMessage", explicit("identity-based"),
               f"arn:aws:sms-voice:us-east-1:{PROD}:phone-number/{PHONE}")


@story("It is denied since the SDK was upgraded: the user agent differs", "explicit-deny", "client-changed",
       "explicit-deny", expect="ongoing")
def client_changed(s):
    old = task(Role("legacy-bridge", "/messaging/"), ip="192.0.2.49", agent=JAVA_1)
    for t in spread(s.chance, "10-29 03:00:00", "11-13 21:00:00", 20):
        s.ok(t, old, "pinpoint.SendMessages")
    for t in spread(s.chance, "11-14 06:00:00", "11-20 16:00:00", 24):
        s.deny(t, old.but(agent=JAVA_2), "pinpoint.SendMessages", explicit("identity-based"),
               app_arn(ORDERS, "/messages"))


@story("A role was deleted and made anew: same ARN, new id, and the trust policy still names the old one",
       "principal-recreated", "principal-recreated", "reason-unstated", expect="ongoing",
       accept=["permissions-changed"])
def principal_recreated(s):
    old = task(Role("nightly-sender", "/batch/"), ip="192.0.2.50")
    new = old.but(who=Role("nightly-sender", "/batch/", generation=2))
    target = Role("bulk-dispatch", "/messaging/")
    for t in spread(s.chance, "10-29 01:00:00", "11-09 01:30:00", 12):
        s.assume(t, old, target, "nightly", started_role=None)
    s.change(moment("11-09 21:58:02"), DEPLOY, "iam.DeleteRole", {"roleName": "nightly-sender"})
    parameters, response = created(new.who)
    s.change(moment("11-09 22:00:45"), DEPLOY, "iam.CreateRole", parameters, response=response)
    for t in spread(s.chance, "11-10 01:00:00", "11-20 01:30:00", 21):
        s.deny(t, new, "sts.AssumeRole", UNSTATED, target.arn,
               {"roleArn": target.arn, "roleSessionName": "nightly"}, resources=[role_resource(target)])


@story("Guests of the mobile app: Cognito's own session policy does not allow End User Messaging SMS",
       "cognito-guest-session-policy", "cognito-guest-session-policy", "missing-allow", "never-succeeded",
       expect="ongoing")
def cognito_guest(s):
    role, pool = Role("ExampleAppUnauthRole", "/mobile/"), "us-east-1:" + Chance("identity pool").uuid()
    managed = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy"
    for number, t in enumerate(spread(s.chance, "11-08 10:00:00", "11-19 20:00:00", 7)):
        guest = Caller(role, "CognitoIdentityCredentials", ip=f"203.0.113.{180 + number}", agent=SWIFT_APP, started=t,
                       web_identity={"federatedProvider": "cognito-identity.amazonaws.com", "attributes": {
                           "cognito-identity.amazonaws.com:aud": pool}})
        issued = {"credentials": {"accessKeyId": guest.key(t), "expiration": spelled(t + HOUR)},
                  "subjectFromWebIdentityToken": "us-east-1:" + s.chance.uuid(),
                  "provider": "cognito-identity.amazonaws.com",
                  "assumedRoleUser": {"assumedRoleId": f"{role.id}:CognitoIdentityCredentials", "arn": guest.arn}}
        record = s.log.call(
            s.chance, t, Caller("cognito-identity.amazonaws.com"), "sts.AssumeRoleWithWebIdentity",
            {"roleArn": role.arn, "roleSessionName": "CognitoIdentityCredentials", "durationSeconds": 3600,
             "policyArns": [{"arn": managed}]}, response=issued, resources=[role_resource(role)], account=PROD)
        record["userIdentity"] = {
            "type": "WebIdentityUser", "principalId": "cognito-identity.amazonaws.com:" + pool,
            "userName": issued["subjectFromWebIdentityToken"], "identityProvider": "cognito-identity.amazonaws.com"}
        if number < 1:
            s.prove("session", record)
        for attempt in range(3):
            s.deny(t + 20 + 7 * attempt, guest, "sms-voice.SendTextMessage", missing("session"),
                   f"arn:aws:sms-voice:us-east-1:{PROD}:phone-number/{PHONE}")


@story("The calls alternate between two projects, and the policy covers one", "missing-allow", "missing-allow",
       expect="ongoing")
def intermittent(s):
    caller = task(Role("flash-sender", "/marketing/"), ip="192.0.2.51")
    for number, t in enumerate(spread(s.chance, "11-02 10:00:00", "11-20 10:00:00", 45)):
        if number % 3 == 1:
            s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))
        else:
            s.ok(t, caller, "pinpoint.SendMessages", {"application-id": MARKETING})


# Authentication


@story("Calls with credentials that had ended", "credentials-expired", "credentials-expired", expect="ongoing")
def credentials_expired(s):
    task_role = task(Role("digest-runner", "/batch/"), ip="192.0.2.52")
    mailer = s.assume(moment("11-14 01:58:20"), task_role, Role("digest-mailer", "/batch/"), "digest")
    for t in spread(s.chance, "11-14 02:00:00", "11-14 02:50:00", 8):
        s.ok(t, mailer, "pinpoint.SendMessages")
    for t in spread(s.chance, "11-14 02:59:00", "11-14 04:10:00", 12):
        s.deny(t, mailer, "pinpoint.SendMessages", authentication(
            "credentials-expired", "ExpiredTokenException", "The security token included in the request is expired"))


@story("An access key that had been made inactive", "credentials-invalid", "credentials-invalid", expect="ongoing")
def credentials_invalid(s):
    user = User("legacy-mailer")
    caller = Caller(user, ip="198.51.100.140", agent="aws-sdk-php/3.356.0 ua/2.1 OS/Linux#5.15 lang/php#8.3.26")
    for t in spread(s.chance, "10-29 06:00:00", "11-11 06:00:00", 10):
        s.ok(t, caller, "pinpoint.GetApp")
    s.change(moment("11-11 14:26:37"), DAVE, "iam.UpdateAccessKey",
             {"userName": user.name, "accessKeyId": user.key, "status": "Inactive"})
    for t in spread(s.chance, "11-11 15:00:00", "11-17 06:00:00", 13):
        s.deny(t, caller, "pinpoint.GetApp", authentication(
            "credentials-invalid", "UnrecognizedClientException",
            "The security token included in the request is invalid."))


@story("Requests whose signature does not match, from a home-made client", "signature-invalid", "signature-invalid",
       expect="ongoing")
def signature_invalid(s):
    # A user agent that would repaint a terminal and retitle its window if it were printed as it is.
    caller = Caller(User("php-widget", "/web/"), ip="198.51.100.66",
                    agent="php-widget/0.3 \u001b]0;owned\u0007\u001b[31mALL CLEAR\u001b[0m \u202egnp.exe")
    for t in spread(s.chance, "11-15 13:00:00", "11-16 19:00:00", 11):
        s.deny(t, caller, "pinpoint.SendMessages", authentication(
            "signature-invalid", "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
            "Access Key and signing method. Consult the service documentation for details."))


@story("A mistyped code of the second factor", "mfa-failed", "mfa-failed", expect="resolved")
def mfa_failed(s):
    caller, device = Caller(FRANK, ip=OFFICE, agent=CLI), f"arn:aws:iam::{PROD}:mfa/frank"
    for when in ("11-12 08:58:10", "11-12 08:58:31", "11-12 08:59:02"):
        s.deny(moment(when), caller, "sts.GetSessionToken", authentication(
            "mfa-failed", "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. "),
            None, {"serialNumber": device, "durationSeconds": 43200})
    with_mfa = caller.but(temporary=True, mfa=True)
    s.change(moment("11-12 08:59:40"), caller, "sts.GetSessionToken",
             {"serialNumber": device, "durationSeconds": 43200}, role="success", response={"credentials": {
                 "accessKeyId": with_mfa.key(moment("11-12 08:59:40")), "expiration": "Nov 12, 2026, 8:59:40 PM"}})


@story("Somebody does not get past the console's sign-in page", None, expect="ongoing")
def sign_in_failed(s):
    caller = Caller(ERIN, ip=HOME, agent=BROWSER)
    for t in spread(s.chance, "11-12 18:02:00", "11-12 18:09:00", 5):
        record = s.deny(t, caller, "signin.ConsoleLogin", authentication(
            "sign-in-failed", None, "Failed authentication"))
        record.update(signed_in("Failure"))


# The account


def engagement_ended(s, caller, operation, before, after, parameters, office=False):
    for t in spread(s.chance, "10-28 09:00:00", "10-30 21:00:00", before, office):
        s.ok(t, caller, operation, parameters)
    for t in spread(s.chance, "10-31 08:00:00", "11-19 16:00:00", after, office):
        s.deny(t, caller, operation, END_OF_SUPPORT, None, parameters)


@story("Campaigns ended with Pinpoint's engagement features on 2026-10-30; no policy can bring them back",
       "service-ended", "service-ended", expect="ongoing")
def campaigns_ended(s):
    engagement_ended(s, CAROL, "pinpoint.CreateCampaign", 4, 7, {
        "application-id": MARKETING, "Name": "***", "SegmentId": Chance("segment").hex(32), "SegmentVersion": 1,
        "Schedule": {"StartTime": "IMMEDIATE", "Frequency": "ONCE"}, "MessageConfiguration": "***"}, office=True)


@story("Segments ended as well, and a nightly job still asks for them", "service-ended", "service-ended",
       expect="ongoing")
def segments_ended(s):
    engagement_ended(s, task(Role("segment-report", "/data/"), ip="192.0.2.53"), "pinpoint.GetSegments", 6, 40,
                     {"application-id": MARKETING, "page-size": "100"})


@story("The account's reputation does not suffice for texting; it is no policy", "account-state", "account-state",
       expect="ongoing")
def account_reputation(s):
    caller = task(Role("winter-sale", "/marketing/"), ip="192.0.2.54")
    for t in spread(s.chance, "11-18 09:00:00", "11-19 12:00:00", 15):
        s.deny(t, caller, "sms-voice.SendTextMessage", account_state(
            "insufficient-reputation", "AccessDeniedException",
            "You don't have access to this resource because of the state of your account. Reason: "
            "INSUFFICIENT_ACCOUNT_REPUTATION"))


@story("The account is not subscribed to the service", "not-subscribed", "not-subscribed", expect="ongoing")
def not_subscribed(s):
    for t in spread(s.chance, "11-10 15:00:00", "11-10 15:30:00", 4):
        s.deny(t, CAROL, "social-messaging.ListLinkedWhatsAppBusinessAccounts", account_state(
            "not-subscribed", "OptInRequired", "The AWS Access Key Id needs a subscription for the service"), None,
            {"maxResults": 20}, region="us-west-2")


# Calls through other services


@story("The call came through API Gateway, under the role of its integration", "missing-allow", "missing-allow",
       "via-api-gateway", expect="ongoing", accept=["via-api-gateway"])
def api_gateway(s):
    caller = Caller(Role("pinpoint-proxy", "/gateway/"), "BackplaneAssumeRoleSession", via="apigateway.amazonaws.com")
    for t in spread(s.chance, "10-29 05:00:00", "11-08 12:00:00", 9):
        s.ok(t, caller, "pinpoint.SendMessages")
    for t in spread(s.chance, "11-09 05:00:00", "11-20 12:00:00", 19):
        s.deny(t, caller, "pinpoint.SendMessages", missing("identity-based"), app_arn(ORDERS, "/messages"))


@story("CloudFormation acted for the deployer, whose role may not create projects", "missing-allow", "missing-allow",
       "via-aws-service", expect="ongoing", accept=["via-aws-service"])
def aws_service(s):
    caller = DEPLOY.but(via="cloudformation.amazonaws.com")
    s.ok(moment("10-30 10:11:12"), caller, "pinpoint.CreateApp", {"Name": "***"}, region="us-west-2")
    for t in spread(s.chance, "11-11 10:00:00", "11-11 10:40:00", 3):
        s.deny(t, caller, "pinpoint.CreateApp", missing("identity-based"),
               f"arn:aws:mobiletargeting:us-west-2:{PROD}:apps/*", {"Name": "***"}, region="us-west-2")


# What is not known


@story("An old-style message without a reason", "reason-unstated", "reason-unstated", expect="ongoing")
def reason_unstated(s):
    # A user agent that is markup.
    caller = Caller(User("postman", "/devices/"), ip="203.0.113.44",
                    agent="PostmanRuntime/7.49.0 <img src=x onerror=alert(403)>")
    for t in spread(s.chance, "10-30 09:00:00", "11-02 18:00:00", 5, office=True):
        s.ok(t, caller, "pinpoint.GetApps", {"page-size": "20"}, region="us-west-2")
    for t in spread(s.chance, "11-03 09:00:00", "11-16 18:00:00", 8, office=True):
        s.deny(t, caller, "pinpoint.GetApps", UNSTATED, f"arn:aws:mobiletargeting:us-west-2:{PROD}:*",
               {"page-size": "20"}, region="us-west-2")


@story("EC2's message fills 1 KB and is cut in the encoded part", "missing-allow", "missing-allow",
       "message-truncated", expect="ongoing", accept=["message-truncated"])
def message_truncated(s):
    caller = task(Role("perf-runner", "/ci/"), ip="192.0.2.202")
    for t in spread(s.chance, "11-02 21:00:00", "11-05 21:00:00", 3):
        s.ok(t, caller, "ec2.RunInstances", {"instanceType": "c7g.large", "disableApiTermination": False})
    base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for t in spread(s.chance, "11-06 21:00:00", "11-07 02:00:00", 6):
        encoded = "".join(s.chance.letters(40, base64) for _ in range(20))
        s.deny(t, caller, "ec2.RunInstances", dataclasses.replace(
            missing("identity-based"), code="Client.UnauthorizedOperation"),
               f"arn:aws:ec2:us-east-1:{PROD}:instance/*",
               {"instancesSet": {"items": [{"imageId": "ami-0" + Chance("ami").hex(16), "minCount": 1, "maxCount": 4}]},
                "instanceType": "c7g.4xlarge", "disableApiTermination": False},
               prefix="You are not authorized to perform this operation. ",
               suffix=". Encoded authorization failure message: " + encoded, cut=True)
    for t in spread(s.chance, "11-06 20:00:00", "11-06 20:10:00", 3):
        s.innocent(s.fail(t, caller, "ec2.RunInstances", "Client.DryRunOperation",
                          "Request would have succeeded, but DryRun flag is set.",
                          {"instanceType": "c7g.large", "dryRun": True}), "a dry run that would have succeeded")


@story("EC2's message holds nothing but the encoded reason", "reason-unstated", "reason-unstated", expect="ongoing",
       accept=["read-works-write-denied", "never-succeeded"])
def encoded_only(s):
    base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for t in spread(s.chance, "11-12 10:00:00", "11-12 10:30:00", 2):
        encoded = "".join(s.chance.letters(40, base64) for _ in range(14))
        s.deny(t, BOB, "ec2.CreateVpcEndpoint", Refusal(
            "unstated", code="Client.UnauthorizedOperation",
            message="You are not authorized to perform this operation. Encoded authorization failure message: "
            + encoded),
            None, {"CreateVpcEndpointRequest": {"VpcId": "vpc-0" + Chance("vpc").hex(16),
                                                "ServiceName": "com.amazonaws.us-east-1.pinpoint"}})


# Other services: what `--service all` shows


@story("The key's policy was replaced, and an export job may no longer decrypt", "permissions-changed",
       "permissions-changed", "missing-allow", expect="ongoing")
def key_policy(s):
    caller = task(Role("ledger-export", "/data/"), ip="192.0.2.55")
    key = f"arn:aws:kms:us-east-1:{PROD}:key/" + Chance("ledger key").uuid()
    touched = [{"accountId": PROD, "type": "AWS::KMS::Key", "ARN": key}]
    for t in spread(s.chance, "10-28 03:00:00", "11-04 03:30:00", 7):
        s.ok(t, caller, "kms.Decrypt", {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, resources=touched)
    s.change(moment("11-04 16:05:50"), DAVE, "kms.PutKeyPolicy", {
        "keyId": key, "policyName": "default", "bypassPolicyLockoutSafetyCheck": False, "policy": policy(
            {"Effect": "Allow", "Principal": {"AWS": DAVE.who.arn}, "Action": "kms:*", "Resource": "*"})},
        resources=touched)
    for t in spread(s.chance, "11-05 03:00:00", "11-19 03:30:00", 14):
        s.deny(t, caller, "kms.Decrypt", missing("resource-based"), key,
               {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, resources=touched)


@story("A former employee's script looks for secrets", "explicit-deny", "explicit-deny", expect="ongoing")
def secret_denied(s):
    # A session name that a spreadsheet would take for a formula.
    caller = Caller(Role("contractor", "/external/"), "=cmd", ip="203.0.113.250", agent=CLI)
    for t in spread(s.chance, "11-15 23:10:00", "11-15 23:40:00", 9):
        s.deny(t, caller, "secretsmanager.GetSecretValue", explicit("identity-based", iam_policy("DenySecrets")),
               f"arn:aws:secretsmanager:us-east-1:{PROD}:secret:messaging/provider-x1Y2z3",
               {"secretId": "messaging/provider"})


@story("A bucket refuses without a reason", "reason-unstated", "reason-unstated", expect="ongoing")
def bucket_denied(s):
    caller, bucket = task(Role("segment-report", "/data/"), ip="192.0.2.53"), "example-corp-segments"
    asked = {"bucketName": bucket, "Host": f"{bucket}.s3.us-east-1.amazonaws.com", "key": "daily/segments.csv"}
    touched = [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/daily/segments.csv"},
               {"accountId": PROD, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}]
    for t in spread(s.chance, "10-28 02:00:00", "10-31 03:00:00", 4):
        s.ok(t, caller, "s3.GetObject", asked, resources=touched)
    for t in spread(s.chance, "11-01 02:00:00", "11-15 02:20:00", 17):
        s.deny(t, caller, "s3.GetObject", BARE, None, asked, resources=touched)


@story("A stranger's call through the company's VPC endpoint, refused by the endpoint's policy (network activity)",
       None, expect="ongoing")
def network_activity(s):
    role, key = Role("sync", account=VENDOR), f"arn:aws:kms:us-east-1:{VENDOR}:key/" + Chance("vendor key").uuid()
    caller = Caller(role, "sync", ip="192.0.2.91", vpce=ENDPOINT)
    for t in spread(s.chance, "11-13 10:00:00", "11-13 10:15:00", 8):
        record = s.deny(
            t, caller, "kms.Decrypt", Refusal(
                "denied:vpc-endpoint", code="VpceAccessDenied", policy_type="vpc-endpoint",
                message="The request was denied due to a VPC endpoint policy"),
            resources=[{"accountId": VENDOR, "type": "AWS::KMS::Key", "ARN": key}], account=PROD,
            principal=f"AWSAccount:{VENDOR}:{role.id}", principal_type="AWSAccount")
        # All that the endpoint's owner learns of a caller in another account.
        record["userIdentity"] = {"type": "AWSAccount", "principalId": f"{role.id}:sync", "accountId": VENDOR}
        record.update({"eventType": "AwsVpceEvent", "eventCategory": "NetworkActivity", "userAgent": None})
        for field in ("readOnly", "managementEvent", "tlsDetails"):
            del record[field]


# Noise by AWS services: counted as omitted, never shown unless asked for

_NOISE = [("delivery.logs.amazonaws.com", "s3.PutObject", "example-corp-flow-logs-retired", 180),
          ("cloudtrail.amazonaws.com", "s3.GetBucketAcl", "example-corp-old-trail", 60),
          ("config.amazonaws.com", "s3.GetBucketAcl", "example-corp-config", 40)]


@story("AWS services fail to reach buckets that were retired: noise, and nothing to do with Pinpoint",
       "reason-unstated", "reason-unstated", expect="ongoing", accept=["never-succeeded"])
def service_noise(s):
    for service, operation, bucket, count in _NOISE:
        for t in spread(s.chance, "10-28 00:10:00", "11-20 17:30:00", count):
            key = f"AWSLogs/{PROD}/vpcflowlogs/us-east-1/{iso(t)[:10].replace('-', '/')}/flow.log.gz"
            objects = [{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"}]
            s.deny(t, Caller(service), operation, BARE, None,
                   {"bucketName": bucket, "Host": f"{bucket}.s3.us-east-1.amazonaws.com",
                    **({"key": key} if operation == "s3.PutObject" else {"acl": ""})},
                   resources=(objects if operation == "s3.PutObject" else []) + [
                       {"accountId": PROD, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}],
                   shared=True, account=PROD)


def tell(log, planted):
    """Tells all stories."""
    for entry in STORIES:
        entry[-1](Plot(log, planted, entry))
