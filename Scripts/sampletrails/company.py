"""Example Corp: its applications, people, roles and networks."""

from .records import MANAGEMENT, ORGANIZATION, PROD, STAGING, Caller, Chance, Role, User

# Pinpoint projects, numbers and pools
ORDERS = Chance("app", "orders").hex(32)
MARKETING = Chance("app", "marketing").hex(32)
STAGING_APP = Chance("app", "staging").hex(32)
POOL = "pool-" + Chance("pool").hex(32)
PHONE = "phone-" + Chance("phone").hex(32)

ENDPOINT = "vpce-0" + Chance("vpce").hex(16)
BATCH_ENDPOINT = "vpce-0" + Chance("vpce batch").hex(16)

# User agents
NODE = ("aws-sdk-js/3.901.0 ua/2.1 os/linux#5.10 lang/js md/nodejs#22.19.0 exec-env/AWS_Lambda_nodejs22.x "
        "api/pinpoint#3.901.0")
PYTHON = ("Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.1.155 md/arch#x86_64 lang/python#3.12.11 "
          "md/pyimpl#CPython exec-env/AWS_ECS_FARGATE cfg/retry-mode#standard Botocore/1.40.61")
JAVA_1 = ("aws-sdk-java/1.12.788 Linux/5.10.242 OpenJDK_64-Bit_Server_VM/17.0.16+8-LTS java/17.0.16 "
          "vendor/Amazon.com_Inc. cfg/retry-mode/legacy")
JAVA_2 = ("aws-sdk-java/2.35.11 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.155 lang/java#21.0.8 "
          "md/OpenJDK_64-Bit_Server_VM#21.0.8 cfg/retry-mode#standard")
TERRAFORM = ("APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.18.0 "
             "(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.39.4 ua/2.1 os/linux "
             "lang/go#1.24.8")
CLI = "aws-cli/2.31.22 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7 md/installer#exe"
BROWSER = ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
           "Chrome/141.0.0.0 Safari/537.36")
SWIFT_APP = "amplify-swift/2.51.1 ua/2.1 api/pinpoint#1.5 os/ios#26.0 lang/swift#6.1"

OFFICE, OFFICE_6, LAMBDA_NAT, ECS_NAT, EU_NAT, HOME = (
    "203.0.113.10", "2001:db8:4a::17", "192.0.2.21", "192.0.2.40", "192.0.2.130", "198.51.100.77")


def sso(permission_set, email, account=PROD, **more):
    """Somebody who signed in through IAM Identity Center."""
    suffix = Chance("sso", permission_set, account).hex(16)
    role = Role(f"AWSReservedSSO_{permission_set}_{suffix}", "/aws-reserved/sso.amazonaws.com/", account)
    return Caller(role, email, **{"ip": OFFICE, "agent": BROWSER, "mfa": False, **more})


ALICE = sso("AdministratorAccess", "alice@example.com")
DAVE = sso("AdministratorAccess", "dave@example.com", ip=OFFICE_6)
BOB = sso("DeveloperAccess", "bob@example.com")
CAROL = sso("MarketingAccess", "carol@example.com")
SUPPORT = sso("SupportDesk", "hana@example.com")
BOB_STAGING = sso("AdministratorAccess", "bob@example.com", STAGING)
ROOT_ADMIN = sso("OrganizationAdmin", "dave@example.com", MANAGEMENT, ip=OFFICE_6)
DEPLOY = Caller(Role("deploy", "/ci/"), "terraform-apply", ip="192.0.2.200", agent=TERRAFORM)


def lambda_function(role, function, ip=LAMBDA_NAT, agent=NODE, **more):
    """A role as a Lambda function's session uses it; the session bears the function's name."""
    return Caller(role, function, ip=ip, agent=agent,
                  source_arn=f"arn:aws:lambda:us-east-1:{role.account}:function:{function}", **more)


def task(role, ip=ECS_NAT, agent=PYTHON, **more):
    """A role as an ECS task's session uses it; the session bears the task's id."""
    return Caller(role, Chance("task", role.arn).hex(32), ip=ip, agent=agent, **more)


ORDER_NOTIFIER = lambda_function(Role("order-notifier", "/messaging/"), "order-notifier")

ERIN, FRANK, GINA = User("erin"), User("frank", "/operations/"), User("gina", "/operations/")


def app_arn(application, rest="", region="us-east-1", account=PROD):
    return f"arn:aws:mobiletargeting:{region}:{account}:apps/{application}{rest}"


def iam_policy(name, account=PROD):
    return f"arn:aws:iam::{account}:policy/{name}"


def organization_policy(kind, policy_id):
    return f"arn:aws:organizations::{MANAGEMENT}:policy/{ORGANIZATION}/{kind}_policy/{policy_id}"
