/// The kinds of logs that are read beside CloudTrail's.
public enum CompanionKind: String, Sendable, CaseIterable {
    case gatewayAccess = "api-gateway-access"
    case gatewayExecution = "api-gateway-execution"
    case firewall = "waf"
    case application
    case lambda
    case s3Access = "s3-access"
    case flow = "vpc-flow"
    case resolver = "route53-resolver"
    case loadBalancer = "load-balancer"
    case cloudFront = "cloudfront"

    /// Its name, for people.
    public var title: String {
        switch self {
        case .gatewayAccess: "API Gateway access log"
        case .gatewayExecution: "API Gateway execution log"
        case .firewall: "AWS WAF log"
        case .application: "application log"
        case .lambda: "Lambda log"
        case .s3Access: "S3 server access log"
        case .flow: "VPC flow log"
        case .resolver: "Route 53 Resolver query log"
        case .loadBalancer: "load balancer log"
        case .cloudFront: "CloudFront log"
        }
    }
}

/// The tables that rows of companion logs go to, with their columns. A column whose name is in ``integers`` holds a number.
public enum CompanionTable: String, Sendable, CaseIterable {
    case gatewayRequest, wafRequest, applicationError, s3Access, flow, resolverQuery, webRefusal, companionSuccess

    /// The columns of a row's values, in their order; ``CompanionRow/time`` stands before them.
    public var columns: [String] {
        switch self {
        case .gatewayRequest:
            [
                "requestId", "extendedRequestId", "apiId", "stage", "httpMethod", "resourcePath", "path", "domainName",
                "status",
                "errorMessage", "errorResponseType", "cause", "authorizerStatus", "authorizeStatus",
                "integrationRequestId",
                "integrationStatus", "integrationError", "endpointURI", "sourceIp", "vpceId", "userArn", "apiKeyId",
                "userAgent",
                "xrayTraceId", "source",
            ]
        case .wafRequest:
            [
                "webaclId", "action", "terminatingRuleId", "terminatingRuleType", "ruleGroupId", "ruleId",
                "httpSourceName",
                "httpSourceId", "clientIp", "country", "httpMethod", "uri", "requestId", "traceId", "responseCodeSent",
                "labels",
                "rateBasedRuleName", "requestBodySize",
            ]
        case .applicationError:
            [
                "logGroup", "logStream", "lambdaRequestId", "sdk", "service", "operation", "errorCode", "statusCode",
                "requestID",
                "extendedRequestID", "principal", "action", "resource", "category", "reason", "effect", "policyType",
                "cause",
                "message", "awsRegion",
            ]
        case .s3Access:
            [
                "bucket", "remoteIP", "requester", "requestID", "operation", "objectKey", "httpStatus", "errorCode",
                "hostId",
                "signatureVersion", "authenticationType", "hostHeader", "userAgent",
            ]
        case .flow:
            [
                "interfaceId", "srcaddr", "dstaddr", "dstport", "protocol", "action", "flowDirection", "trafficPath",
                "rejectReason",
                "vpcId", "subnetId", "instanceId", "lastEnd", "flows", "packets", "bytes", "tcpFlags",
            ]
        case .resolverQuery:
            [
                "queryName", "queryType", "rcode", "answers", "srcaddr", "instance", "vpcId", "firewallRuleAction",
                "isPublic",
            ]
        case .webRefusal:
            [
                "kind", "status", "targetStatus", "result", "clientIp", "httpMethod", "uri", "requestId", "userAgent",
                "name",
            ]
        case .companionSuccess: ["scope", "subject", "caller", "lastTime", "calls"]
        }
    }

    /// Columns that hold numbers.
    public static let integers: Set<String> = [
        "status", "authorizerStatus", "authorizeStatus", "integrationStatus", "responseCodeSent", "requestBodySize",
        "statusCode",
        "httpStatus", "dstport", "protocol", "flows", "packets", "bytes", "tcpFlags", "trafficPath", "isPublic",
        "targetStatus", "calls",
    ]

    /// Whether equal rows of several files are one: a line may come by two transports. Flows and successes are rolled up for each file.
    public var isSharedByFiles: Bool { self != .flow && self != .companionSuccess }
}

/// A value of a column.
public enum CompanionValue: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case null

    /// A text, or NULL for `nil`, an empty one and a bare hyphen, which logs write for none. What is longer than ``lengthLimit`` is cut.
    init(_ text: String?) {
        guard let text, !text.isEmpty, text != "-" else {
            self = .null
            return
        }
        self = .text(
            text.utf8.count <= Self.lengthLimit
                ? text : String(decoding: text.utf8.prefix(Self.lengthLimit), as: UTF8.self))
    }

    init(_ number: Int?) { self = number.map(CompanionValue.integer) ?? .null }

    /// Bytes of a value that is kept.
    static let lengthLimit = 2_048
}

/// One row on its way into the database.
public struct CompanionRow: Sendable, Hashable {
    /// Where it goes.
    public var table: CompanionTable
    /// Seconds since 1970.
    public var time: Int64
    /// Milliseconds within the second, which tell rows apart that are alike.
    public var milliseconds: Int
    /// Where its line begins in the file.
    public var byteOffset: Int
    /// Values of ``CompanionTable/columns``.
    public var values: [CompanionValue]

    init(_ table: CompanionTable, time: Int64, milliseconds: Int = 0, byteOffset: Int = 0, _ values: [CompanionValue]) {
        self.table = table
        self.time = time
        self.milliseconds = milliseconds
        self.byteOffset = byteOffset
        self.values = values
    }

    /// The value of a column; `nil` where it is NULL or there is no such column.
    public func text(_ column: String) -> String? {
        guard let index = table.columns.firstIndex(of: column), index < values.count else { return nil }
        return switch values[index] {
        case .text(let text): text
        case .integer(let number): String(number)
        case .null: nil
        }
    }

    /// A number that rows of the same content have, whatever file they come from: FNV-1a over all values, never negative.
    public var key: Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in table.rawValue.utf8 { take(byte) }
        for shift in 0..<8 { take(UInt8(truncatingIfNeeded: time >> (8 * Int64(shift)))) }
        take(UInt8(truncatingIfNeeded: milliseconds))
        take(UInt8(truncatingIfNeeded: milliseconds >> 8))
        for value in values {
            switch value {
            case .text(let text):
                take(1)
                for byte in text.utf8 { take(byte) }
            case .integer(let number):
                take(2)
                for byte in String(number).utf8 { take(byte) }
            case .null: take(3)
            }
        }
        return Int64(hash >> 1)
    }
}

/// How much of a kind a file holds, and of what: without it the absence of a refusal proves nothing.
public struct CompanionCoverage: Sendable, Hashable {
    /// The kind of log.
    public var kind: CompanionKind
    /// API and stage, web ACL, bucket, VPC or log group; empty where the log does not tell.
    public var scope: String
    /// Entries that were read.
    public var entries = 0
    /// Those of them that are refusals.
    public var refusals = 0
    /// Seconds since 1970 of the first and the last one.
    public var first = Int64.max
    /// The last one.
    public var last = Int64.min
}
