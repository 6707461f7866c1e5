"""What a story may do: successful calls, refusals, changes and innocents; and the table of what was planted."""

import dataclasses

from .company import ORDERS
from .records import Chance, action_of, data_type, source_of, spelled

STORIES = []
PINPOINT_SOURCES = {"pinpoint.amazonaws.com", "sms-voice.amazonaws.com", "social-messaging.amazonaws.com"}


def story(title, cause, *findings, expect, accept=()):
    """Registers a function as a story.

    `cause` is the root cause to be found (`accept`: others that are fair as well), `findings` what must at least stand
    beside it, `expect` the status of its groups.
    """
    def register(function):
        name = function.__name__.replace("_", "-")
        STORIES.append((name, title, cause, list(findings), expect, list(accept), function))
        return function
    return register


@dataclasses.dataclass
class Group:
    """One denial group that a story planted."""

    story: str
    title: str
    cause: str
    findings: list
    expect: str
    accept: list
    key: tuple  # principal, action, reason
    principal_type: str
    source: str
    refusal: object
    evidence: list  # (role, record)
    denials: list = dataclasses.field(default_factory=list)  # (moment, resource as worded, record) of each
    truncated: bool = False


class Plot:
    """The pen of one story."""

    def __init__(self, log, planted, entry):
        self.log, self.planted = log, planted
        self.name, self.title, self.cause, self.findings, self.expect, self.accept, _ = entry
        self.chance = Chance("story", self.name)
        self.evidence = []

    def _pinpoint(self, caller, operation, parameters, more):
        """Fills in what a Pinpoint or SMS call has by nature."""
        service, _, name = operation.partition(".")
        if service == "pinpoint" and parameters is None:
            parameters = {"application-id": ORDERS}
        if name in ("SendMessages", "SendUsersMessages"):
            parameters = {**parameters, "MessageConfiguration": "***", "Addresses": "***"}
        if service == "sms-voice" and name == "SendTextMessage" and parameters is None:
            parameters = {"destinationPhoneNumber": "HIDDEN_DUE_TO_SECURITY_REASONS", "originationIdentity": "",
                          "messageBody": "HIDDEN_DUE_TO_SECURITY_REASONS"}
        if service == "pinpoint" and data_type(operation) and "resources" not in more:
            region = more.get("region", "us-east-1")
            more["resources"] = [{
                "accountId": caller.account, "type": data_type(operation),
                "ARN": f"arn:aws:mobiletargeting:{region}:{caller.account}:apps/{parameters['application-id']}"}]
        return parameters

    def ok(self, when, caller, operation, parameters=None, **more):
        parameters = self._pinpoint(caller, operation, parameters, more)
        return self.log.call(self.chance, when, caller, operation, parameters, **more)

    def fail(self, when, caller, operation, code, message, parameters=None, **more):
        """An error that is no denial."""
        parameters = self._pinpoint(caller, operation, parameters, more)
        return self.log.call(self.chance, when, caller, operation, parameters, error=(code, message), **more)

    def deny(self, when, caller, operation, refusal, resource=None, parameters=None, *, action=None, prefix="",
             suffix="", cut=False, principal=None, principal_type=None, **more):
        """A refused call. `resource` is worded as AWS words it; `action` where it is not the operation's own."""
        action = action or action_of(operation)
        if refusal.message is not None:
            message = refusal.message or None
        else:
            message = f"{prefix}User: {caller.arn} is not authorized to perform: {action}"
            message += f" on resource: {resource}" if resource else ""
            message += refusal.clause.format(action=action) + suffix
        if cut:
            message = message[:1021] + "..."
        parameters = self._pinpoint(caller, operation, parameters, more)
        record = self.log.call(
            self.chance, when, caller, operation, parameters, error=(refusal.code, message), **more)
        key = (principal or caller.principal, action, refusal.reason)
        group = self.planted.group(self, key, principal_type or caller.type, source_of(operation), refusal)
        group.denials.append((when, resource, record))
        group.truncated |= cut
        return record

    def change(self, when, caller, operation, parameters, role="change", **more):
        """A call that is evidence: `role` is change, fix, policy, attachment, session or success."""
        record = self.log.call(self.chance, when, caller, operation, parameters, **more)
        self.evidence.append((role, record))
        return record

    def prove(self, role, record):
        self.evidence.append((role, record))

    def innocent(self, record, why):
        """Names a record that must not be blamed."""
        self.planted.innocents.append((self.name, why, record))

    def assume(self, when, caller, role, session, started_role="session", **parameters):
        """A successful AssumeRole; returns the caller that the issued credentials make."""
        lasts = parameters.pop("lasts", 3600)
        base = parameters.pop("client", caller)
        issued = base.but(who=role, session=session, started=when, lasts=lasts, source_arn="")
        record = self.log.call(
            self.chance, when, caller, "sts.AssumeRole",
            {"roleArn": role.arn, "roleSessionName": session, "durationSeconds": lasts, **parameters},
            response=credentials(issued, when, lasts), resources=[role_resource(role)])
        if started_role:
            self.evidence.append((started_role, record))
        return issued


def role_resource(role):
    return {"accountId": role.account, "type": "AWS::IAM::Role", "ARN": role.arn}


def signed_in(result):
    """What a ConsoleLogin event says in place of an API call's fields."""
    return {"eventType": "AwsConsoleSignIn", "readOnly": False, "responseElements": {"ConsoleLogin": result},
            "additionalEventData": {"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No",
                                    "MFAUsed": "Yes" if result == "Success" else "No"}}


def credentials(caller, when, lasts):
    """What STS answers: the key that later calls bear, and when it ends."""
    return {
        "credentials": {"accessKeyId": caller.key(when), "expiration": spelled(when + lasts)},
        "assumedRoleUser": {"assumedRoleId": f"{caller.who.id}:{caller.session}", "arn": caller.arn}}


class Planted:
    """The table of everything planted, kept while the stories are told."""

    def __init__(self):
        self.groups = {}
        self.innocents = []

    def event_ids(self):
        """All events that the table of what was planted mentions."""
        told = [record for group in self.groups.values() for _, record in group.evidence]
        told += [record for group in self.groups.values() for _, _, record in group.denials]
        return {record["eventID"] for record in told + [record for _, _, record in self.innocents]}

    def group(self, plot, key, principal_type, source, refusal):
        """The group of a key; a second story must not plant into it."""
        if key not in self.groups:
            self.groups[key] = Group(plot.name, plot.title, plot.cause, plot.findings, plot.expect, plot.accept,
                                     key, principal_type, source, refusal, plot.evidence)
        assert self.groups[key].story == plot.name, f"{plot.name} and {self.groups[key].story} share {key}"
        return self.groups[key]
