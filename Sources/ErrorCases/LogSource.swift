import AccessDenial
import Causes
import CompanionLogs
import Diagnosis
import IAMPolicy
import TrailStore
public import Wording

/// A log that would show more of a refused call, and how to fetch the hours that matter.
public struct LogSource: Sendable, Hashable {
    /// The kind of log, as a stable name.
    public enum Kind: String, Sendable, CaseIterable {
        case cloudTrail = "cloudtrail"
        case application
        case gatewayExecution = "api-gateway-execution"
        case gatewayAccess = "api-gateway-access"
        case firewall = "waf"
        case s3Access = "s3-access"
        case flow = "vpc-flow"
        case resolver = "route53-resolver"
    }

    /// The kind of log.
    public var kind: Kind
    /// What it would show.
    public var purpose: Prose
    /// How to fetch it. What has to be filled in stands in capitals.
    public var commands: [ShellCommand]

    /// The logs that would show more of this error.
    static func sources(of error: ErrorText, _ refuser: Refuser) -> [LogSource] {
        let sources = Sources(error: error)
        switch refuser {
        case .policy, .service, .account: return [sources.trail, sources.applicationLog]
        case .credentials, .signature:
            let isS3 = error.service?.lowercased() == "s3"
            return isS3 ? [sources.s3Access, sources.applicationLog] : [sources.applicationLog]
        case .gateway(let refusal):
            var logs = [sources.gatewayAccess, sources.gatewayExecution]
            if refusal == .firewall || refusal == .unstated { logs.append(sources.firewall) }
            if refusal == .integration || refusal == .integrationRole { logs.insert(sources.trail, at: 0) }
            return logs
        case .firewall: return [sources.firewall]
        case .distribution, .loadBalancer: return [sources.firewall, sources.applicationLog]
        case .proxy: return [sources.applicationLog, sources.flow]
        case .network: return [sources.flow, sources.resolver]
        case .nobody: return [sources.trail]
        case .unknown: return error.isEmpty ? [] : [sources.applicationLog]
        }
    }
}

/// Makes the sources of one error.
private struct Sources {
    let error: ErrorText

    /// The caller's account, as the sentence tells it.
    private var account: String? {
        let accounts = [error.message.principal, error.message.resource].compactMap { $0.flatMap(ARN.init)?.account }
        return accounts.first(where: ValueForm.isAccount)
    }

    private var region: String? {
        // IAM's calls are recorded in one Region, whatever Region they are made from.
        if let action = error.action, ["iam", "organizations"].contains(action.prefix { $0 != ":" }) {
            let partition =
                (error.message.principal.flatMap(ARN.init) ?? error.message.resource.flatMap(ARN.init))?.partition
                ?? "aws"
            return GlobalService.regionOfIAM(partition: partition)
        }
        return error.region
    }

    // MARK: CloudTrail

    var trail: LogSource {
        var purpose: Prose = "the event itself"
        if let account { purpose = "\(purpose), in account \(account)" }
        if let region { purpose = "\(purpose), \(region)" }
        purpose = "\(purpose)."
        if let time = error.time {
            purpose +=
                "It happened at \(time: Timestamp.text(time)); its log file was delivered within the next minutes, seldom later than an hour."
        } else {
            purpose += "The message does not tell the time: fill in the day."
        }
        purpose += recording
        return LogSource(
            kind: .cloudTrail, purpose: purpose,
            commands: [describeTrails, sync, ShellCommand(["trail403", "analyze", "AWSLogs"])])
    }

    /// Whether a trail holds the call at all.
    private var recording: Prose {
        guard let action = error.action else { return "" }
        let name = String(action.drop { $0 != ":" }.dropFirst())
        if action.hasPrefix("mobiletargeting:"), let operation = PinpointCatalogue.operation(named: name) {
            let day = error.time.map { String(Timestamp.text($0).prefix(10)) } ?? PinpointCatalogue.endOfSupport
            switch operation.recording(on: day) {
            case .recorded: return ""
            case .notRecorded, .notListed:
                return "CloudTrail is not known to record \(name): the message may be the only trace."
            case .dataEventProbable:
                return
                    "\(name) is a data event (\(PinpointCatalogue.dataEventResourceType)), which a trail holds only where it was told to record it; else the message is the only trace."
            }
        }
        guard DataEvents.contains(action) else { return "" }
        return
            "\(action) is a data event, which a trail holds only where it was told to record it; else the message is the only trace."
    }

    private var describeTrails: ShellCommand {
        ShellCommand(
            .cloudtrailDescribeTrails,
            ["--query", "trailList[].[Name,S3BucketName,S3KeyPrefix]"]
                + ShellWord.region(region))
    }

    /// The files that were delivered in the hours of the event and the next.
    private var sync: ShellCommand {
        let day =
            error.time.map { String(Timestamp.text($0).prefix(10)).split(separator: "-").joined(separator: "/") }
            ?? "YYYY/MM/DD"
        let account: [ShellWord.Piece] = [account.map { .value($0, .account) } ?? .ours("ACCOUNT")]
        let region: [ShellWord.Piece] = [region.map { .value($0, .region) } ?? .ours("REGION")]
        let path: [ShellWord.Piece] = account + [.ours("/CloudTrail/")] + region + [.ours("/\(day)/")]
        var words = [
            ShellWord([.ours("s3://TRAIL-BUCKET/AWSLogs/")] + path), ShellWord([.ours("AWSLogs/")] + path),
        ]
        if let time = error.time {
            words += ["--exclude", "*"]
            for hour in [time, time + 3600] {
                let text = Timestamp.text(hour)
                // Around midnight the next hour lies in another folder.
                guard text.prefix(10) == Timestamp.text(time).prefix(10) else { continue }
                let stamp = text.prefix(10).filter { $0 != "-" } + "T" + text.dropFirst(11).prefix(2)
                words += ["--include", .ours("*_\(stamp)*")]
            }
        }
        return ShellCommand(.s3Sync, words)
    }

    // MARK: Companion logs

    var applicationLog: LogSource {
        LogSource(
            kind: .application,
            purpose:
                error.requestID == nil && !(error.sdk?.tellsRequestID ?? true)
                ? "the request id, which this SDK does not write into its error: log the response's metadata."
                : "the calls before and after, and every other refusal that the trail does not hold.",
            commands: [logEvents("/aws/lambda/FUNCTION")])
    }

    var gatewayExecution: LogSource {
        LogSource(
            kind: .gatewayExecution,
            purpose: "how far the call came: authorizer, API key, integration. INFO level has to be on.",
            commands: [logEvents("API-Gateway-Execution-Logs_\(apiID ?? "API")/STAGE")])
    }

    var gatewayAccess: LogSource {
        LogSource(
            kind: .gatewayAccess,
            purpose: "the cause, where the format has $context.error.responseType and $context.error.messageString.",
            commands: [logEvents("ACCESS-LOG-GROUP")])
    }

    var firewall: LogSource {
        LogSource(
            kind: .firewall, purpose: "the rule that blocked the call, if one did.",
            commands: [logEvents("aws-waf-logs-NAME")])
    }

    var s3Access: LogSource {
        LogSource(
            kind: .s3Access,
            purpose:
                "S3's own word for it: server access logs hold refusals that CloudTrail does not, signatures included.",
            commands: [ShellCommand(.s3apiGetBucketLogging, ["--bucket", "BUCKET"])])
    }

    var flow: LogSource {
        LogSource(
            kind: .flow, purpose: "whether packets to port 443 were rejected.",
            commands: [ShellCommand(.ec2DescribeFlowLogs, ShellWord.region(region))])
    }

    var resolver: LogSource {
        LogSource(
            kind: .resolver, purpose: "which address the host resolved to.",
            commands: [
                ShellCommand(.route53resolverListResolverQueryLogConfigs, ShellWord.region(region))
            ])
    }

    /// The API's id, of a host such as `abc123.execute-api.us-east-1.amazonaws.com` or of the method's ARN.
    private var apiID: String? {
        let host = error.host.flatMap { $0.contains(".execute-api.") ? String($0.prefix { $0 != "." }) : nil }
        let arn = error.message.resource.flatMap(ARN.init).flatMap {
            $0.service == "execute-api" ? String($0.resource.prefix { $0 != "/" }) : nil
        }
        let id = host ?? arn
        return id.flatMap { id in
            id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) } && id.utf8.count <= 16
                ? id : nil
        }
    }

    private func logEvents(_ group: String) -> ShellCommand {
        var words: [ShellWord] = ["--log-group-name", .ours(group)]
        if let time = error.time {
            words += ["--start-time", .ours("\((time - 300) * 1000)"), "--end-time", .ours("\((time + 300) * 1000)")]
        }
        return ShellCommand(.logsFilterLogEvents, words + ShellWord.region(region))
    }
}
