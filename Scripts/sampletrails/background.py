"""What goes on anyway: calls that work, and errors that are no denials."""

from .company import (
    ALICE, BOB, BOB_STAGING, CAROL, DAVE, DEPLOY, EU_NAT, JAVA_2, LAMBDA_NAT, ORDER_NOTIFIER, ORDERS,
    PYTHON, STAGING_APP, SUPPORT, Caller, lambda_function, sso, task)
from .plot import credentials, role_resource, signed_in
from .records import DAY, HOUR, STAGING, Chance, Role, iso, moment, weekday

ORDERS_API = task(Role("orders-api", "/shop/"), ip="192.0.2.41", agent=JAVA_2)
STOCK_SYNC = lambda_function(Role("stock-sync", "/shop/"), "stock-sync", ip=LAMBDA_NAT)
WORKER = Caller(Role("warehouse-worker", "/shop/"), "i-0" + Chance("instance").hex(16), ip="192.0.2.70", agent=PYTHON)
EU_API = task(Role("orders-api-eu", "/shop/"), ip=EU_NAT, agent=JAVA_2)
WEST_BACKUP = task(Role("backup", "/shop/"), ip="192.0.2.160")
STAGING_API = task(Role("orders-api", "/shop/", STAGING), ip="198.51.100.25", agent=JAVA_2)
STAGING_NOTIFIER = lambda_function(Role("order-notifier", "/messaging/", STAGING), "order-notifier", ip="198.51.100.26")
AUDITOR = sso("SecurityAudit", "ines@example.com")


class Background:
    def __init__(self, log):
        self.log = log

    def shop(self, chance, t, caller, region):
        """One step of a workload."""
        account, kind = caller.account, chance.below(100)
        bucket = f"example-corp-orders-{account[:4]}-{region}"
        table = {"accountId": account, "type": "AWS::DynamoDB::Table",
                 "ARN": f"arn:aws:dynamodb:{region}:{account}:table/orders"}
        if kind < 34:
            operation = chance.pick(["s3.GetObject", "s3.GetObject", "s3.PutObject", "s3.HeadObject"])
            key = f"orders/{iso(t)[:10]}/{chance.below(9000) + 1000}.json"
            missing = operation != "s3.PutObject" and chance.happens(6)
            self.log.call(
                chance, t, caller, operation,
                {"bucketName": bucket, "Host": f"{bucket}.s3.{region}.amazonaws.com", "key": key}, region=region,
                error=("NoSuchKey", "The specified key does not exist.") if missing else None,
                resources=[{"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"},
                           {"accountId": account, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}])
        elif kind < 50:
            key = f"arn:aws:kms:{region}:{account}:key/" + Chance("key", account, region).uuid()
            operation = chance.pick(["kms.Decrypt", "kms.GenerateDataKey"])
            self.log.call(
                chance, t, caller, operation,
                {"encryptionAlgorithm": "SYMMETRIC_DEFAULT",
                 "encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::{bucket}"}}
                if operation == "kms.Decrypt" else {"keyId": key, "keySpec": "AES_256"}, region=region,
                resources=[{"accountId": account, "type": "AWS::KMS::Key", "ARN": key}])
        elif kind < 66:
            throttled = chance.happens(8)
            self.log.call(
                chance, t, caller, chance.pick(["dynamodb.GetItem", "dynamodb.GetItem", "dynamodb.PutItem"]),
                {"tableName": "orders", "key": {"id": {"s": "HIDDEN_DUE_TO_SECURITY_REASONS"}}}, region=region,
                error=("ThrottlingException", "Rate exceeded") if throttled else None, resources=[table])
        elif kind < 76:
            self.log.call(chance, t, caller, "logs.CreateLogStream",
                          {"logGroupName": "/shop/" + caller.who.name, "logStreamName": chance.hex(16)}, region=region)
        elif kind < 84:
            gone = chance.happens(10)
            self.log.call(
                chance, t, caller, "ssm.GetParameter", {"name": "/shop/settings", "withDecryption": True},
                region=region, error=("ParameterNotFound", None) if gone else None)
        elif kind < 92:
            self.log.call(chance, t, caller, "sqs.ReceiveMessage",
                          {"queueUrl": f"https://sqs.{region}.amazonaws.com/{account}/orders"}, region=region)
        else:
            self.log.call(chance, t, caller, "lambda.Invoke", {"functionName": "price-list"}, region=region, resources=[
                {"accountId": account, "type": "AWS::Lambda::Function",
                 "ARN": f"arn:aws:lambda:{region}:{account}:function:price-list"}])

    def credentials_issued(self, chance, t, caller, service, region):
        """A service takes on a workload's role: the record that later calls can be linked to."""
        begun = caller.begun(t)
        self.log.call(
            chance, begun, Caller(service), "sts.AssumeRole",
            {"roleArn": caller.who.arn, "roleSessionName": caller.session, "durationSeconds": caller.lasts},
            response=credentials(caller, begun, caller.lasts), region=region, resources=[role_resource(caller.who)],
            shared=True, account=caller.account)

    def sign_in(self, chance, t, caller):
        record = self.log.call(chance, t, caller, "signin.ConsoleLogin", None)
        record.update(signed_in("Success"))

    def console(self, chance, t, caller, count):
        """Somebody looks around in the console."""
        looks = [("ec2.DescribeInstances", {"maxResults": 100}), ("iam.ListRoles", {"maxItems": 100}),
                 ("ec2.DescribeVpcEndpoints", {"DescribeVpcEndpointsRequest": {"MaxResults": 100}}),
                 ("lambda.ListFunctions20150331", {"maxItems": 50}), ("iam.GetRole", {"roleName": "order-notifier"}),
                 ("cloudtrail.LookupEvents", {"maxResults": 50}), ("monitoring.DescribeAlarms", {"maxRecords": 100}),
                 ("ecs.DescribeServices", {"cluster": "shop"}), ("cloudformation.ListStacks", None),
                 ("sms-voice.DescribePhoneNumbers", {"maxResults": 50})]
        for number in range(count):
            operation, parameters = chance.pick(looks)
            wrong = operation == "iam.GetRole" and chance.happens(40)
            self.log.call(chance, t + 11 * number, caller, operation,
                          {"roleName": "order-notifer"} if wrong else parameters,
                          error=("NoSuchEntityException", "The role with name order-notifer cannot be found.")
                          if wrong else None)


def fill(log):
    """Adds the background of every day."""
    background, first = Background(log), moment("10-28")
    for day in range(24):
        start = first + day * DAY
        weekend = weekday(start) > 4
        hours = 17 if day == 23 else 24
        chance = Chance("background", day)

        def at(low=0):
            return start + low * HOUR + chance.below((hours - low) * HOUR)

        for caller, service, count, region in (
                (ORDERS_API, "ecs-tasks.amazonaws.com", 8, "us-east-1"),
                (STOCK_SYNC, "lambda.amazonaws.com", 5, "us-east-1"),
                (WORKER, "ec2.amazonaws.com", 4, "us-east-1")):
            for _ in range(count // 2 if weekend else count):
                background.shop(chance, at(), caller, region)
            t = at(13)
            if caller.begun(t) >= start:
                background.credentials_issued(chance, t, caller, service, region)
        t = at(13)
        if ORDER_NOTIFIER.begun(t) >= start:
            background.credentials_issued(chance, t, ORDER_NOTIFIER, "lambda.amazonaws.com", "us-east-1")
        if day % 3 == 1:
            for _ in range(9):
                background.shop(chance, at(), EU_API, "eu-west-1")
        if day % 4 == 2:
            for _ in range(12):
                background.shop(chance, at(), WEST_BACKUP, "us-west-2")
        if day % 2 == 0:
            for _ in range(6):
                background.shop(chance, at(), STAGING_API, "us-east-1")
            for _ in range(2):
                log.call(chance, at(), STAGING_NOTIFIER, chance.pick(["pinpoint.GetApp", "pinpoint.GetSmsChannel"]),
                         {"application-id": STAGING_APP})
        if not weekend:
            for caller in (ALICE, chance.pick([BOB, DAVE, CAROL, SUPPORT, AUDITOR])):
                t = start + 7 * HOUR + chance.below(8 * HOUR)
                background.sign_in(chance, t, caller)
                background.console(chance, t + 40, caller, 2)
            background.console(chance, start + 9 * HOUR + chance.below(HOUR), BOB_STAGING, 1)
        for _ in range(2):
            log.call(chance, at(), DEPLOY, chance.pick(["iam.GetRole", "iam.GetPolicy", "iam.ListRolePolicies"]),
                     {"roleName": chance.pick(["order-notifier", "survey-sender", "receipt-sender"])})
        log.call(chance, at(), DEPLOY, "pinpoint.GetApps", None)
    for t, name in ((moment("11-04 12:00:00"), "deploy"), (moment("11-18 12:00:00"), "deploy")):
        chance = Chance("background", name, t)
        log.call(chance, t, DEPLOY, "lambda.UpdateFunctionCode20150331v2",
                 {"functionName": "price-list", "dryRun": False})
    chance = Chance("background", "gone")
    for t in range(moment("11-03 06:00:00"), moment("11-19 06:00:00"), 2 * DAY):
        log.call(chance, t, STOCK_SYNC, "pinpoint.GetApp", {"application-id": ORDERS[::-1]},
                 error=("NotFoundException", "Resource not found"))
