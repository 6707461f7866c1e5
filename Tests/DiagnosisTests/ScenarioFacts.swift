import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import OrderedJSON
import Remedies
import TrailStore

// How a data file writes facts. What a file leaves out is as usual: see `Facts`.

extension AccessDenial.Category: Word {}
extension CompanionRefusal.Layer: Word {}
extension Finding.Code: Word {}
extension Confidence: Word {}
extension DiagnosedGroup.Status: Word {}
extension Remedy.Kind: Word {}

extension Reason: Field {
    init(field value: JSONValue, _ place: String) throws {
        let slug = try String(field: value, place)
        guard let reason = Reason(slug: slug) else {
            throw Fields.Mistake(description: "\(place): `\(slug)` is no reason")
        }
        self = reason
    }
}

/// A value that all usual denials bear is a string; one with another count is `{"value": count}`.
extension Counted: Field where Value == String {
    init(field value: JSONValue, _ place: String) throws {
        switch value {
        case .object(let members) where members.count == 1:
            self.init(members[0].key, denials: try Int(field: members[0].value, place))
        default: self.init(try String(field: value, place), denials: Facts.denials)
        }
    }
}

extension DenialGroup: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self = Facts.group(
            try fields.value("reason"),
            principal: try fields.value("principal", or: Facts.role),
            action: try fields.value("action", or: Facts.send),
            resource: try fields.value("resource", or: Optional(Facts.messages)),
            policies: try fields.value("policies", or: []),
            region: try fields.value("region", or: "us-east-1"),
            source: try fields.value("source", or: "pinpoint.amazonaws.com"),
            category: try fields.value("category", or: nil))
        try take(&fields)
        try fields.end()
    }

    private mutating func take(_ fields: inout Fields) throws {
        try fields.set(&id, "id")
        try fields.set(&principalType, "principalType")
        try fields.set(&denials, "denials")
        try fields.set(&firstSeen, "firstSeen")
        try fields.set(&lastSeen, "lastSeen")
        try fields.set(&outageStart, "outageStart")
        try fields.set(&outageResources, "outageResources")
        try fields.set(&outages, "outages")
        try fields.set(&calledAction, "calledAction")
        try fields.set(&whole, "whole")
        try fields.set(&policyARNs, "policyARNs")
        try fields.set(&resources, "resources")
        try fields.set(&inferredResources, "inferredResources")
        try fields.set(&sourceIPAddresses, "sourceIPAddresses")
        try fields.set(&userAgents, "userAgents")
        try fields.set(&vpcEndpointIds, "vpcEndpointIds")
        try fields.set(&invokedBy, "invokedBy")
        try fields.set(&regions, "regions")
        try fields.set(&accounts, "accounts")
        try fields.set(&errorCodes, "errorCodes")
        try fields.set(&truncatedDenials, "truncatedDenials")
        try fields.set(&authorizationIDs, "authorizationIDs")
        try fields.set(&encodedMessages, "encodedMessages")
        resourceAccounts = Set(try fields.value("resourceAccounts", or: resourceAccounts.sorted()))
        try fields.set(&evidence, "evidence")
        try fields.set(&requests, "requests")
        try fields.set(&furtherRequests, "furtherRequests")
        try fields.set(&successes, "successes")
        try fields.set(&days, "days")
        try fields.set(&newDenials, "newDenials")
        try fields.set(&lastSuccessBefore, "lastSuccessBefore")
        try fields.set(&lastSuccessIsOnSameResource, "lastSuccessIsOnSameResource")
        try fields.set(&laterUnplacedSuccessBefore, "laterUnplacedSuccessBefore")
        try fields.set(&laterSuccessElsewhereBefore, "laterSuccessElsewhereBefore")
        try fields.set(&firstSuccessAfter, "firstSuccessAfter")
        try fields.set(&partialSuccessAfter, "partialSuccessAfter")
        try fields.set(&successesAreOnSameResource, "successesAreOnSameResource")
        try fields.set(&successesTellTheirResource, "successesTellTheirResource")
        try fields.set(&successesElsewhere, "successesElsewhere")
        try fields.set(&successesInOtherRegions, "successesInOtherRegions")
        try fields.set(&unplacedSuccesses, "unplacedSuccesses")
        try fields.set(&successesWithin, "successesWithin")
        try fields.set(&principalIds, "principalIds")
        try fields.set(&sessions, "sessions")
        try fields.set(&taggedSession, "taggedSession")
        try fields.set(&sessionCount, "sessionCount")
        try fields.set(&mfaAuthenticated, "mfaAuthenticated")
        try fields.set(&callers, "callers")
        try fields.set(&sourceIdentities, "sourceIdentities")
        try fields.set(&sessionStarts, "sessionStarts")
        try fields.set(&issuingResources, "issuingResources")
        try fields.set(&alternatingContext, "alternatingContext")
        try fields.set(&successContext, "successContext")
        try fields.set(&companion, "companion")
    }
}

extension DenialEvidence: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            eventID: try fields.value("eventID"), eventTime: try fields.value("eventTime", or: Facts.firstSeen),
            eventName: try fields.value("eventName"))
        try fields.set(&awsRegion, "awsRegion")
        try fields.set(&resource, "resource")
        try fields.set(&errorCode, "errorCode")
        try fields.set(&errorMessage, "errorMessage")
        try fields.set(&tlsVersion, "tlsVersion")
        try fields.end()
    }
}

extension RecordedRequest: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        let record: HeldJSON = try fields.value("record")
        self.init(eventID: try fields.value("eventID"), record: record.text)
        try fields.set(&eventTime, "eventTime")
        try fields.set(&isWhole, "isWhole")
        try fields.set(&calls, "calls")
        try fields.set(&resource, "resource")
        try fields.end()
    }
}

extension DayCount: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(date: try fields.value("date"), denials: try fields.value("denials"))
        try fields.end()
    }
}

extension RegionSuccess: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            eventID: try fields.value("eventID"), eventTime: try fields.value("eventTime"),
            eventName: try fields.value("eventName"), awsRegion: try fields.value("awsRegion"))
        try fields.set(&isOnSameName, "isOnSameName")
        try fields.end()
    }
}

extension DenialSession: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            denials: try fields.value("denials", or: Facts.denials),
            firstDenial: try fields.value("firstDenial", or: Facts.firstSeen),
            lastDenial: try fields.value("lastDenial", or: Facts.lastSeen))
        try fields.set(&arn, "arn")
        try fields.set(&accessKeyId, "accessKeyId")
        try fields.set(&startedAt, "startedAt")
        try fields.set(&sourceIdentity, "sourceIdentity")
        try fields.set(&issuingResource, "issuingResource")
        try fields.set(&issue, "issue")
        try fields.end()
    }
}

extension SessionIssue: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            eventID: try fields.value("eventID"), issuedAt: try fields.value("issuedAt"),
            eventName: try fields.value("eventName"), accessKeyId: try fields.value("accessKeyId", or: ""))
        try fields.set(&issuedTo, "issuedTo")
        try fields.set(&roleARN, "roleARN")
        try fields.set(&expiration, "expiration")
        let document: PolicyText? = try fields.value("policy", or: nil)
        policy = document?.text
        try fields.set(&policyARNs, "policyARNs")
        try fields.set(&tags, "tags")
        try fields.set(&sourceIdentity, "sourceIdentity")
        try fields.set(&issuedWith, "issuedWith")
        try fields.set(&profileARN, "profileARN")
        try fields.set(&chain, "chain")
        try fields.end()
    }
}

extension SessionIssue.Tag: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            key: try fields.value("key"), value: try fields.value("value"),
            isTransitive: try fields.value("isTransitive", or: false))
        try fields.end()
    }
}

extension SuccessContext: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init()
        try fields.set(&sourceIPAddresses, "sourceIPAddresses")
        try fields.set(&userAgents, "userAgents")
        try fields.set(&vpcEndpointIds, "vpcEndpointIds")
        try fields.set(&mfaAuthenticated, "mfaAuthenticated")
        try fields.set(&principalIds, "principalIds")
        try fields.set(&callers, "callers")
        try fields.set(&sourceIdentities, "sourceIdentities")
        try fields.set(&resources, "resources")
        try fields.set(&isComplete, "isComplete")
        try fields.end()
    }
}

extension CompanionRefusal: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(try fields.value("layer"))
        try fields.set(&cause, "cause")
        try fields.set(&self.place, "place")
        try fields.set(&detail, "detail")
        try fields.set(&sentence, "sentence")
        try fields.set(&status, "status")
        try fields.set(&requestID, "requestID")
        try fields.set(&log, "log")
        try fields.set(&logsUntil, "logsUntil")
        try fields.set(&unanswered, "unanswered")
        try fields.end()
    }
}

extension CompanionSighting: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            try fields.value("layer"), place: try fields.value("place"),
            count: try fields.value("count", or: Facts.denials),
            firstSeen: try fields.value("firstSeen", or: Facts.firstSeen),
            lastSeen: try fields.value("lastSeen", or: Facts.lastSeen))
        try fields.set(&caller, "caller")
        try fields.set(&status, "status")
        try fields.set(&requestID, "requestID")
        try fields.set(&log, "log")
        try fields.end()
    }
}

extension CompanionReach: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            kind: try fields.value("kind"), scopes: try fields.value("scopes", or: 1),
            files: try fields.value("files", or: 1), entries: try fields.value("entries"),
            refusals: try fields.value("refusals"), from: try fields.value("from", or: nil),
            to: try fields.value("to", or: nil))
        try fields.end()
    }
}

extension Usage: Field {
    convenience init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        let plain = Facts.usage(
            try fields.value("principal", or: Facts.role), try fields.value("action", or: Facts.send))
        let successes = try fields.value("successes", or: plain.successes)
        self.init(
            principal: plain.principal, action: plain.action,
            eventSource: try fields.value("source", or: plain.eventSource),
            eventName: try fields.value("eventName", or: plain.eventName),
            readOnly: try fields.value("readOnly", or: plain.readOnly),
            awsRegion: try fields.value("region", or: plain.awsRegion),
            accountId: try fields.value("account", or: plain.accountId), successes: successes,
            firstSuccess: try fields.value("first", or: successes == 0 ? nil : plain.firstSuccess),
            lastSuccess: try fields.value("last", or: successes == 0 ? nil : plain.lastSuccess),
            denials: try fields.value("denials", or: plain.denials))
        try fields.end()
    }
}

extension ProjectUse: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            applicationID: try fields.value("applicationID"), awsRegion: try fields.value("region"),
            accountId: try fields.value("account", or: Facts.account), successes: try fields.value("successes"),
            eventID: try fields.value("eventID"), eventTime: try fields.value("eventTime"),
            eventName: try fields.value("eventName"), principal: try fields.value("principal"))
        try fields.end()
    }
}

extension DeliveryGap: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init(
            accountId: try fields.value("account", or: Facts.account), awsRegion: try fields.value("region"),
            from: try fields.value("from"), to: try fields.value("to"))
        try fields.end()
    }
}

extension Coverage: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self = Facts.coverage
        try fields.set(&events, "events")
        try fields.set(&from, "from")
        try fields.set(&to, "to")
        try fields.set(&accounts, "accounts")
        try fields.set(&regions, "regions")
        try fields.set(&gaps, "gaps")
        try fields.set(&prunedBefore, "prunedBefore")
        if case .object(let members)? = fields.take("ends") {
            for member in members { ends[member.key] = try String(field: member.value, "\(place).ends") }
        }
        try fields.end()
    }
}
