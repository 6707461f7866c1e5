import AccessDenial
import IAMPolicy
import TrailStore

/// Denials that begin with the archive: what caused them lies before it, and the log files that would tell are to be fetched.
enum ArchiveBegin {
    /// Seconds behind the archive's begin up to which a first denial may be one of many before it.
    private static let nearness = 3600...86_400
    /// Days before the archive that are worth fetching first.
    private static let days = 14

    /// Whether nothing in the archive can tell since when the calls are refused.
    static func hides(_ facts: GroupFacts) -> Bool {
        guard facts.group.category == .authorization, let from = facts.coverage.from,
            facts.lastSuccessBefore == nil, facts.group.lastSuccessBefore == nil,
            PermissionsChanged.seconds(from: from, to: facts.firstDenial) <= span(facts)
        else { return false }
        // Who or what was made within the archive has no history before it.
        return !facts.changes.contains { change in
            change.time <= facts.firstDenial && PermissionsChanged.concerns(change, facts)
        }
    }

    /// How long calls that were refused before the archive's begin may have paused at it, by the group's own rhythm.
    private static func span(_ facts: GroupFacts) -> Int {
        let whole = PermissionsChanged.seconds(from: facts.firstDenial, to: facts.group.lastDenial)
        let pause = facts.group.denials > 1 ? whole / (facts.group.denials - 1) : 0
        // A time that cannot be read is ages away.
        let clamped = min(max(pause, 0), nearness.upperBound)
        return min(max(3 * clamped, nearness.lowerBound), nearness.upperBound)
    }

    /// The remedy with what is to be fetched in front: no Allow comes first where the cause is not known.
    static func lead(_ remedy: Remedy, for rootCause: Finding, _ facts: GroupFacts) -> Remedy {
        switch rootCause.code {
        case .missingAllow, .explicitDeny, .reasonUnstated, .neverSucceeded, .readWorksWriteDenied: break
        case .serviceEnded, .notSubscribed, .accountState, .mfaFailed, .credentialsExpired, .credentialsInvalid,
            .signatureInvalid, .permissionsChanged, .principalRecreated, .cognitoGuestSessionPolicy, .wrongIAMPrefix,
            .resourceTooNarrow, .conditionUnmet, .passRoleMissing, .notYetEffective, .mfaAbsent, .networkPathChanged,
            .regionMismatch, .refusedByService, .environmentDifference, .crossAccount, .messageTruncated,
            .clientChanged, .viaAPIGateway, .viaAWSService, .networkRejected, .endpointDNSPublic, .dnsFailed,
            .dnsFirewall, .proxyAnswered, .cloudFrontRefused, .loadBalancerRefused, .wafBlocked, .gatewayNoSuchRoute,
            .gatewayUnsigned, .gatewayAPIKey, .gatewayAuthorizerDenied, .gatewayResourcePolicy, .gatewayIAMDenied,
            .gatewayUnauthenticated, .gatewayIntegrationRole, .gatewayRefused, .gatewayIntegrationDenied,
            .gatewayStatusMasked, .gatewayPassed, .networkCleared, .signatureRefused, .seenByApplicationOnly,
            .s3RefusedUnseen:
            return remedy
        }
        guard remedy.edit == nil, hides(facts) else { return remedy }
        var remedy = remedy
        remedy.text = story(facts) + remedy.text
        remedy.commands = commands(facts) + remedy.commands
        return remedy
    }

    /// The first line: where the cause lies, and what would show it.
    static func story(_ facts: GroupFacts) -> Prose {
        guard let from = facts.coverage.from else { return "" }
        return
            "The calls were refused from the archive's beginning on (\(time: from)), so what caused it lies before: ingest the \(days) days before it, too."
    }

    /// The commands that fetch them: the caller's account, its Regions and us-east-1, where IAM and Organizations record.
    static func commands(_ facts: GroupFacts) -> [ShellCommand] {
        guard let from = facts.coverage.from, let begin = Timestamp.seconds(from) else { return [] }
        let accounts = Set(facts.group.accounts.map(\.value) + [facts.principal.account]).filter(ValueForm.isAccount)
        let regions = Set(facts.group.regions.map(\.value)).union(["us-east-1"])
        let months = Set((0...days).map { Timestamp.text(max(0, begin - Int64($0) * 86_400)).prefix(7) }).sorted()
        var commands: [ShellCommand] = []
        for account in accounts.sorted() {
            for region in regions.sorted() {
                for month in months {
                    let place = month.replacing("-", with: "/")
                    commands.append(
                        ShellCommand(
                            .s3Sync,
                            [
                                ShellWord([
                                    .ours("s3://TRAIL-BUCKET/AWSLogs/"), .value(account, .account),
                                    .ours("/CloudTrail/"),
                                    .value(region, .region), .ours("/\(place)/"),
                                ]),
                                ShellWord([
                                    .ours("AWSLogs/"), .value(account, .account), .ours("/CloudTrail/"),
                                    .value(region, .region), .ours("/\(place)/"),
                                ]),
                            ]))
                }
            }
        }
        return commands
    }
}
