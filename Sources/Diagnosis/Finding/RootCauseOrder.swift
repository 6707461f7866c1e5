/// Which finding explains a denial best.
///
/// The first row that a finding meets wins. Three ideas order the rows: a refusal outside of policies comes first, because no
/// policy can fix it; then what changed or what is provably wrong, because it says why *now*; then what AWS stated; last what
/// only describes the denial. A finding that is merely `possible` never outranks what AWS stated.
enum RootCauseOrder {
    /// One rank: a code, and how sure its finding must be.
    struct Row: Sendable {
        var code: Finding.Code
        var atLeast: Confidence
    }

    static let rows: [Row] = [
        // What stands in front of the service refused: in the order in which a call meets it.
        Row(code: .networkRejected, atLeast: .possible),
        Row(code: .proxyAnswered, atLeast: .possible),
        Row(code: .cloudFrontRefused, atLeast: .possible),
        Row(code: .loadBalancerRefused, atLeast: .possible),
        Row(code: .wafBlocked, atLeast: .possible),
        Row(code: .gatewayNoSuchRoute, atLeast: .possible),
        Row(code: .gatewayUnsigned, atLeast: .possible),
        Row(code: .gatewayAPIKey, atLeast: .possible),
        Row(code: .gatewayAuthorizerDenied, atLeast: .possible),
        Row(code: .gatewayResourcePolicy, atLeast: .possible),
        Row(code: .gatewayIAMDenied, atLeast: .possible),
        Row(code: .gatewayUnauthenticated, atLeast: .possible),
        Row(code: .gatewayIntegrationRole, atLeast: .possible),
        Row(code: .gatewayRefused, atLeast: .possible),
        Row(code: .signatureRefused, atLeast: .possible),
        // No policy can fix these.
        Row(code: .serviceEnded, atLeast: .inferred),
        Row(code: .notSubscribed, atLeast: .possible),
        Row(code: .accountState, atLeast: .possible),
        Row(code: .mfaFailed, atLeast: .possible),
        Row(code: .credentialsExpired, atLeast: .possible),
        Row(code: .credentialsInvalid, atLeast: .possible),
        Row(code: .signatureInvalid, atLeast: .possible),
        // Why now, or what exactly is wrong.
        Row(code: .permissionsChanged, atLeast: .inferred),
        Row(code: .principalRecreated, atLeast: .inferred),
        Row(code: .cognitoGuestSessionPolicy, atLeast: .inferred),
        Row(code: .wrongIAMPrefix, atLeast: .inferred),
        Row(code: .resourceTooNarrow, atLeast: .inferred),
        Row(code: .conditionUnmet, atLeast: .inferred),
        Row(code: .passRoleMissing, atLeast: .inferred),
        Row(code: .notYetEffective, atLeast: .inferred),
        // The action works under other conditions: that says which condition to look at, also where AWS named a Deny.
        Row(code: .mfaAbsent, atLeast: .inferred),
        Row(code: .networkPathChanged, atLeast: .inferred),
        // AWS named a Deny: what else differs matters less.
        Row(code: .explicitDeny, atLeast: .simulated),
        // What differs from a call that works. KMS names a wrong Region among its causes; to every other refusal in a service's own
        // words a Region is no more than possible.
        Row(code: .regionMismatch, atLeast: .inferred),
        Row(code: .refusedByService, atLeast: .stated),
        Row(code: .refusedByService, atLeast: .inferred),
        Row(code: .environmentDifference, atLeast: .inferred),
        Row(code: .crossAccount, atLeast: .inferred),
        Row(code: .readWorksWriteDenied, atLeast: .inferred),
        Row(code: .missingAllow, atLeast: .inferred),
        // Nothing is stated: the best guess, and then what is not known.
        Row(code: .serviceEnded, atLeast: .possible),
        Row(code: .permissionsChanged, atLeast: .possible),
        // Another log than CloudTrail's tells of the refusal, and no more of its cause.
        Row(code: .s3RefusedUnseen, atLeast: .possible),
        Row(code: .seenByApplicationOnly, atLeast: .possible),
        Row(code: .neverSucceeded, atLeast: .inferred),
        Row(code: .messageTruncated, atLeast: .possible),
        Row(code: .reasonUnstated, atLeast: .possible),
    ]

    /// The finding of the first row that any finding meets; `nil` when none does.
    static func rootCause(of findings: [Finding]) -> Finding? {
        for row in rows {
            if let finding = findings.first(where: { $0.code == row.code && $0.confidence <= row.atLeast }) {
                return finding
            }
        }
        return nil
    }

    /// The findings, root cause first, then by rank; findings that are never a root cause come last, in the order of their codes.
    static func sorted(_ findings: [Finding]) -> [Finding] {
        let codes = Finding.Code.allCases
        func rank(_ finding: Finding) -> (Int, Int) {
            let row = rows.firstIndex { $0.code == finding.code && finding.confidence <= $0.atLeast }
            return (row ?? rows.count, codes.firstIndex(of: finding.code) ?? codes.count)
        }
        return findings.enumerated()
            .sorted { left, right in
                let (first, second) = (rank(left.element), rank(right.element))
                return first == second ? left.offset < right.offset : first < second
            }
            .map(\.element)
    }
}
