"""CloudTrail records: draws, time, identities, operations, refusals, and the log that collects the records."""

import dataclasses
import hashlib
import json

SEED = "trail403 SampleTrails 1"
PROD, STAGING, MANAGEMENT, VENDOR = "111122223333", "444455556666", "999999999999", "210987654321"
ORGANIZATION = "o-exampleorgid"
FIRST_MOMENT, LAST_MOMENT = "10-28 00:00:00", "11-20 18:00:00"


class Chance:
    """Draws that depend on their key alone, so that a change to one story leaves all others as they are."""

    def __init__(self, *key):
        self._key = "/".join((SEED, *map(str, key)))
        self._drawn = 0

    def _hex(self):
        self._drawn += 1
        return hashlib.sha256(f"{self._key}/{self._drawn}".encode()).hexdigest()

    def below(self, limit):
        return int(self._hex()[:16], 16) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def happens(self, percent):
        return self.below(100) < percent

    def hex(self, digits):
        return self._hex()[:digits]

    def letters(self, count, alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        digest = int(self._hex(), 16)
        text = ""
        for _ in range(count):
            digest, index = divmod(digest, len(alphabet))
            text += alphabet[index]
        return text

    def uuid(self):
        h = self._hex()
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[int(h[16], 16) % 4]}{h[17:20]}-{h[20:32]}"


# Time: seconds since 2026-01-01, so that nothing depends on the machine's clock, time zone or locale.

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
HOUR, DAY = 3600, 86400


def moment(text):
    """Seconds for `MM-DD HH:MM:SS` of 2026."""
    date, _, clock = text.partition(" ")
    month, day = map(int, date.split("-"))
    hours, minutes, seconds = map(int, (clock or "00:00:00").split(":"))
    return (sum(_DAYS[: month - 1]) + day - 1) * DAY + hours * HOUR + minutes * 60 + seconds


def calendar(t):
    """(month, day, hour, minute, second) of a moment."""
    day, rest = divmod(t, DAY)
    month = 0
    while day >= _DAYS[month]:
        day -= _DAYS[month]
        month += 1
    return month + 1, day + 1, rest // HOUR, rest % HOUR // 60, rest % 60


def iso(t):
    return "2026-%02d-%02dT%02d:%02d:%02dZ" % calendar(t)


def compact(t, seconds=False):
    month, day, hour, minute, second = calendar(t)
    return "2026%02d%02dT%02d%02d%sZ" % (month, day, hour, minute, "%02d" % second if seconds else "")


def folder(t):
    month, day, *_ = calendar(t)
    return "2026/%02d/%02d" % (month, day)


def spelled(t):
    """The form that STS writes into `credentials.expiration`: `Nov 14, 2026, 3:07:39 AM`."""
    month, day, hour, minute, second = calendar(t)
    return "%s %d, 2026, %d:%02d:%02d %s" % (
        _MONTHS[month - 1], day, hour % 12 or 12, minute, second, "AM" if hour < 12 else "PM")


def spread(chance, start, end, count, office=False):
    """`count` moments from one text to another, in order, the first at the start, the others with some jitter.

    In office hours on demand: people work from 08:00 to 17:36 on weekdays.
    """
    first, last = moment(start), moment(end)
    step = (last - first) / count
    moments = [first + int(step * i) + (chance.below(max(1, int(step * 0.8))) if i else 0) for i in range(count)]
    if office:
        moments = [t // DAY * DAY + 8 * HOUR + t % DAY * 2 // 5 for t in moments]
        moments = [t - (DAY if weekday(t) == 5 else 2 * DAY if weekday(t) == 6 else 0) for t in moments]
        moments = [max(t, first) for t in moments]
    return sorted(dict.fromkeys(moments))


def weekday(t):
    """0 for Monday to 6 for Sunday; 2026 began on a Thursday."""
    return (t // DAY + 3) % 7


# Identities


@dataclasses.dataclass(frozen=True)
class Role:
    name: str
    path: str = "/"
    account: str = PROD
    generation: int = 1  # a re-created role keeps its ARN and gets a new id

    @property
    def arn(self):
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"

    @property
    def id(self):
        return "AROA" + Chance("role", self.arn, self.generation).letters(10) + "EXAMPLE"


@dataclasses.dataclass(frozen=True)
class User:
    name: str
    path: str = "/"
    account: str = PROD

    @property
    def arn(self):
        return f"arn:aws:iam::{self.account}:user{self.path}{self.name}"

    @property
    def id(self):
        return "AIDA" + Chance("user", self.arn).letters(10) + "EXAMPLE"

    @property
    def key(self):
        return "AKIA" + Chance("user key", self.arn).letters(9) + "EXAMPLE"


@dataclasses.dataclass(frozen=True)
class Caller:
    """Who calls, from where and with what."""

    who: object  # Role, User, or the host name of an AWS service
    session: str = ""  # role session name
    ip: str = "192.0.2.10"
    agent: str = ""
    vpce: str = ""
    mfa: bool = False
    temporary: bool = False  # a user with GetSessionToken credentials
    via: str = ""  # the AWS service that passes the call on
    lasts: int = 12 * HOUR  # how long one set of credentials of the role is used
    started: int = None  # start of the only session, where there is just one
    web_identity: dict = None
    source_arn: str = ""  # the Lambda function that the credentials were issued to

    def but(self, **changes):
        return dataclasses.replace(self, **changes)

    @property
    def account(self):
        return self.who.account

    @property
    def principal(self):
        return self.who if isinstance(self.who, str) else self.who.arn

    @property
    def type(self):
        return {str: "AWSService", Role: "AssumedRole", User: "IAMUser"}[type(self.who)]

    def begun(self, t):
        """When the credentials in use at a moment were issued."""
        if self.started is not None:
            return self.started
        return t - (t + Chance("phase", self.principal, self.session).below(self.lasts)) % self.lasts

    def key(self, t):
        if isinstance(self.who, User) and not self.temporary:
            return self.who.key
        key = Chance("session key", self.principal, self.who.id, self.session, self.begun(t))
        return "ASIA" + key.letters(9) + "EXAMPLE"

    @property
    def arn(self):
        """The ARN that a refusal names."""
        if isinstance(self.who, Role):
            return f"arn:aws:sts::{self.who.account}:assumed-role/{self.who.name}/{self.session}"
        return self.who.arn

    def identity(self, t):
        if isinstance(self.who, str):
            return {"type": "AWSService", "invokedBy": self.who}
        attributes = {"creationDate": iso(self.begun(t)), "mfaAuthenticated": "true" if self.mfa else "false"}
        if isinstance(self.who, User):
            identity = {
                "type": "IAMUser", "principalId": self.who.id, "arn": self.arn, "accountId": self.account,
                "accessKeyId": self.key(t), "userName": self.who.name}
            if self.temporary:
                identity["sessionContext"] = {"sessionIssuer": {}, "webIdFederationData": {}, "attributes": attributes}
        else:
            identity = {
                "type": "AssumedRole", "principalId": f"{self.who.id}:{self.session}", "arn": self.arn,
                "accountId": self.account, "accessKeyId": self.key(t),
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role", "principalId": self.who.id, "arn": self.who.arn, "accountId": self.account,
                        "userName": self.who.name},
                    "webIdFederationData": self.web_identity or {}, "attributes": attributes}}
            if self.source_arn:
                identity["inScopeOf"] = {
                    "sourceArn": self.source_arn, "sourceAccount": self.account,
                    "issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": self.source_arn}
        if self.via:
            identity["invokedBy"] = self.via
        return identity


# Operations, written `service.eventName`

# service: IAM prefix, host (also the event source where no Region stands in it)
_SERVICES = {
    "pinpoint": ("mobiletargeting", "pinpoint.{region}.amazonaws.com"),
    "sms-voice": ("sms-voice", "sms-voice.{region}.amazonaws.com"),
    "social-messaging": ("social-messaging", "social-messaging.{region}.amazonaws.com"),
    "iam": ("iam", "iam.amazonaws.com"),
    "organizations": ("organizations", "organizations.us-east-1.amazonaws.com"),
    "sts": ("sts", "sts.{region}.amazonaws.com"),
}
_GLOBAL = {"iam", "organizations"}
_DATA = {
    "pinpoint.SendMessages": "AWS::Pinpoint::App", "pinpoint.SendUsersMessages": "AWS::Pinpoint::App",
    "pinpoint.SendOTPMessage": "AWS::Pinpoint::App", "pinpoint.PutEvents": "AWS::Pinpoint::App",
    "pinpoint.UpdateEndpoint": "AWS::Pinpoint::App",
    "sms-voice.SendTextMessage": "AWS::SMSVoice::OriginationIdentity",
    "s3.GetObject": "AWS::S3::Object", "s3.PutObject": "AWS::S3::Object", "s3.HeadObject": "AWS::S3::Object",
    "lambda.Invoke": "AWS::Lambda::Function", "dynamodb.GetItem": "AWS::DynamoDB::Table",
    "dynamodb.PutItem": "AWS::DynamoDB::Table",
}
_READS = ("Get", "List", "Describe", "Head", "Batch", "Decrypt", "GenerateDataKey", "AssumeRole", "Lookup",
          "PhoneNumber")
_API_VERSIONS = {"ec2": "2016-11-15", "dynamodb": "2012-08-10", "lambda": "2015-03-31"}
_VERSIONS = {"sts": ["1.08", "1.11"], "s3": ["1.11", "1.11"], "kms": ["1.11", "1.11"], "pinpoint": ["1.10", "1.11"],
             "iam": ["1.09", "1.11"], "ec2": ["1.10", "1.11"], "organizations": ["1.08", "1.08"]}


def source_of(operation):
    return operation.partition(".")[0] + ".amazonaws.com"


def action_of(operation):
    """The IAM action of an operation, without the date that Lambda appends."""
    service, _, name = operation.partition(".")
    prefix = _SERVICES.get(service, (service,))[0]
    for suffix in ("20150331v2", "20150331"):
        name = name.removesuffix(suffix)
    return f"{prefix}:{name}"


# What AWS says when it refuses


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why a call is refused: the end of AWS's message, or a whole message, and how trail403 must read it."""

    reason: str
    clause: str = ""  # behind the resource; `{action}` stands for the action
    message: str = None  # the whole message instead
    code: str = "AccessDenied"
    effect: str = "unstated"
    policy_type: str = None
    policy_arn: str = None
    category: str = "authorization"


_TYPES = {
    "identity-based": "identity-based policy", "resource-based": "resource-based policy",
    "service-control": "service control policy", "resource-control": "resource control policy",
    "permissions-boundary": "permissions boundary", "session": "session policy",
    "vpc-endpoint": "VPC endpoint policy",
}


def missing(policy_type):
    return Refusal(
        f"missing-allow:{policy_type}", " because no " + _TYPES[policy_type] + " allows the {action} action",
        effect="implicit", policy_type=policy_type)


def explicit(policy_type, arn=None):
    article = "an" if policy_type == "identity-based" else "a"
    return Refusal(
        f"explicit-deny:{policy_type}",
        f" with an explicit deny in {article} {_TYPES[policy_type]}" + (f": {arn}" if arn else ""),
        effect="explicit", policy_type=policy_type, policy_arn=arn)


UNSTATED = Refusal("unstated")
BARE = Refusal("unstated", message="Access Denied")


def authentication(reason, code, message):
    return Refusal(reason, message=message, code=code, category="authentication")


def account_state(reason, code, message):
    return Refusal(reason, message=message, code=code, category="account")


# The log


class Log:
    """All records of the archive, in the order in which the stories tell them."""

    def __init__(self):
        self.entries = []  # (recipient account, Region, moment, record)

    def add(self, account, region, t, record):
        assert moment(FIRST_MOMENT) <= t <= moment(LAST_MOMENT), (record["eventName"], iso(t))
        self.entries.append((account, region, t, record))
        return record

    def call(self, chance, t, caller, operation, parameters=None, *, region="us-east-1", response=None,
             resources=None, error=None, extra=None, shared=False, account=None):
        """One API call; `error` is (code, message or None)."""
        service, _, name = operation.partition(".")
        assert region == "us-east-1" or service not in _GLOBAL
        account = account or caller.account
        by_service = isinstance(caller.who, str) or bool(caller.via)
        host = _SERVICES.get(service, (service, service + ".{region}.amazonaws.com"))[1].format(region=region)
        versions = _VERSIONS.get(service, ["1.09", "1.10"])
        record = {
            "eventVersion": versions[t >= moment("11-06")], "userIdentity": caller.identity(t), "eventTime": iso(t),
            "eventSource": source_of(operation), "eventName": name, "awsRegion": region,
            "sourceIPAddress": caller.via or caller.who if by_service else caller.ip,
            "userAgent": caller.via or caller.who if by_service else caller.agent}
        if error:
            if error[0] is not None:
                record["errorCode"] = error[0]
            if error[1] is not None:
                record["errorMessage"] = error[1]
        record["requestParameters"] = parameters
        record["responseElements"] = None if error else response
        if extra:
            record["additionalEventData"] = extra
        record["requestID"] = chance.letters(16) if service == "s3" else chance.uuid()
        record["eventID"] = chance.uuid()
        record["readOnly"] = name.startswith(_READS)
        if resources:
            record["resources"] = resources
        record["eventType"] = "AwsApiCall"
        if service in _API_VERSIONS:
            record["apiVersion"] = _API_VERSIONS[service]
        record["managementEvent"] = operation not in _DATA
        record["recipientAccountId"] = account
        if shared:
            record["sharedEventID"] = chance.uuid()
        if caller.vpce:
            record["vpcEndpointId"] = caller.vpce
            if record["eventVersion"] != "1.08":
                record["vpcEndpointAccountId"] = account
        record["eventCategory"] = "Data" if operation in _DATA else "Management"
        if not by_service:
            record["tlsDetails"] = {
                "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": host}
        return self.add(account, region, t, record)


def data_type(operation):
    return _DATA.get(operation)


def compact_json(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def policy(*statements):
    """A policy document as IAM's requestParameters hold it: JSON text."""
    return compact_json({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}
