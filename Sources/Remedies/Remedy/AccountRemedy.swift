import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the service has ended, or the account is not let in.
enum AccountRemedy {
    package static func serviceEnded(_ facts: GroupFacts, isSure: Bool) -> Remedy {
        var text: Prose =
            isSure
            ? "No policy can fix this: AWS no longer offers \(facts.operation)."
            : "Most likely no policy can fix this, because AWS no longer seems to offer \(facts.operation); check the client's log for a message about the end of support."
        if facts.servicePrefix == "mobiletargeting" {
            let name = facts.operation
            if ["Campaign", "Journey"].contains(where: name.contains) {
                text += "Campaigns and journeys: Amazon Connect outbound campaigns."
            } else if ["Segment", "Endpoint", "Attributes", "Job"].contains(where: name.contains) {
                text += "Segments, endpoints and users: Amazon Connect Customer Profiles."
            } else if ["PutEvents", "EventStream", "Kpi", "Metrics"].contains(where: name.contains) {
                text += "Events and analytics: Amazon Kinesis."
            } else if ["Email"].contains(where: name.contains) {
                text += "E-mail: Amazon SES."
            } else {
                text += "Engagement features: Amazon Connect; e-mail: Amazon SES; events: Amazon Kinesis."
            }
            text += "SMS, voice, push and one-time passwords continue in AWS End User Messaging."
        }
        return Remedy(.none, text)
    }

    static func accountState(_ facts: GroupFacts) -> Remedy {
        let slug = facts.group.reason.slug
        let text: Prose =
            switch slug {
            case "insufficient-reputation", "account-disabled", "account-suspended", "account-problem":
                "Open a case with AWS Support for account \(list: facts.group.accounts.map(\.value), limit: 3). No policy is involved."
            case "pending-verification":
                "Wait until AWS has verified the account, or ask AWS Support. No policy is involved."
            case "sending-paused": "Resume sending for the account or the configuration set. No policy is involved."
            case "message-rejected": "Verify the sender's identity, or leave the sandbox. No policy is involved."
            case "region-disabled":
                "Enable the Region \(list: facts.group.regions.map(\.value), limit: 3) for the account, or call another one. No policy is involved."
            case "user-access-not-activated":
                "The root user must activate IAM access to billing under the account's settings. No policy can do it."
            case "plan-not-supported":
                "The operation needs another edition or plan of the service. No policy is involved."
            case "model-access-missing":
                "Enable access to the model in the Amazon Bedrock console (Model access) in each Region, or submit the use case that its provider asks for. No policy is involved."
            case "model-not-subscribed":
                "Let somebody who has \("aws-marketplace:Subscribe") and \("aws-marketplace:ViewSubscriptions") call the model once, or accept its agreement in Amazon Bedrock: the subscription is the account's, and nobody needs these permissions afterwards. It takes some minutes to work. Do not give them to a role that only calls models."
            case "object-archived": "Restore the object from the archive before reading it. No policy is involved."
            default: "The account's state is the cause, not a policy. AWS Support can tell you more."
            }
        return Remedy(.setting, text)
    }
}
