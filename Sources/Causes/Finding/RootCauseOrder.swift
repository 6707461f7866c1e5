/// Which finding explains a denial best.
///
/// The first row that a finding meets wins. Three ideas order the rows: a refusal outside of policies comes first, because no
/// policy can fix it; then what changed or what is provably wrong, because it says why *now*; then what AWS stated; last what
/// only describes the denial. A finding that is merely `possible` never outranks what AWS stated.
package enum RootCauseOrder {
    /// One rank: a code, and how sure its finding must be.
    package struct Row: Sendable {
        package var code: Finding.Code
        package var atLeast: Confidence
    }

    package static let rows: [Row] = [
        // What stands in front of the service refused: in the order in which a call meets it.
        rows(
            .possible, .networkRejected, .proxyAnswered, .cloudFrontRefused, .loadBalancerRefused, .wafBlocked,
            .gatewayNoSuchRoute, .gatewayUnsigned, .gatewayAPIKey, .gatewayAuthorizerDenied, .gatewayResourcePolicy,
            .gatewayIAMDenied, .gatewayUnauthenticated, .gatewayIntegrationRole, .gatewayRefused, .signatureRefused),
        // No policy can fix these.
        rows(.inferred, .serviceEnded),
        rows(
            .possible, .notSubscribed, .accountState, .mfaFailed, .credentialsExpired, .credentialsInvalid,
            .signatureInvalid),
        // Why now, or what exactly is wrong.
        rows(
            .inferred, .permissionsChanged, .principalRecreated, .cognitoGuestSessionPolicy, .wrongIAMPrefix,
            .resourceTooNarrow, .notYetEffective, .conditionUnmet, .passRoleMissing),
        // The action works under other conditions: that says which condition to look at, also where AWS named a Deny.
        rows(.inferred, .mfaAbsent, .networkPathChanged),
        // AWS named a Deny: what else differs matters less.
        rows(.simulated, .explicitDeny),
        // What differs from a call that works. KMS names a wrong Region among its causes; to every other refusal in a service's own
        // words a Region is no more than possible.
        rows(.inferred, .regionMismatch),
        rows(.stated, .refusedByService),
        rows(
            .inferred, .refusedByService, .environmentDifference, .crossAccount, .readWorksWriteDenied, .missingAllow),
        // Nothing is stated: the best guess, and then what is not known.
        rows(.possible, .serviceEnded, .permissionsChanged),
        // Another log than CloudTrail's tells of the refusal, and no more of its cause.
        rows(.possible, .s3RefusedUnseen, .seenByApplicationOnly),
        rows(.inferred, .neverSucceeded),
        rows(.possible, .messageTruncated, .reasonUnstated),
    ].flatMap(\.self)

    /// Ranks behind one another, of findings that must be as sure.
    private static func rows(_ atLeast: Confidence, _ codes: Finding.Code...) -> [Row] {
        codes.map { Row(code: $0, atLeast: atLeast) }
    }

    /// The place of a finding among the rows; `nil` where it meets none.
    private static func rank(_ finding: Finding) -> Int? {
        let (code, confidence) = (finding.code, finding.confidence)
        return rows.firstIndex { $0.code == code && confidence <= $0.atLeast }
    }

    /// The finding of the first row that any finding meets; `nil` when none does.
    package static func rootCause(of findings: [Finding]) -> Finding? {
        let ranks = findings.map(rank)
        let best = ranks.indices.min { ranks[$0] ?? rows.count < ranks[$1] ?? rows.count }
        return best.flatMap { ranks[$0] == nil ? nil : findings[$0] }
    }

    /// The findings, root cause first, then by rank; findings that are never a root cause come last, in the order of their codes.
    package static func sorted(_ findings: [Finding]) -> [Finding] {
        guard findings.count > 1 else { return findings }
        let codes = Finding.Code.allCases
        let ranks = findings.enumerated().map { place, finding in
            (rank(finding) ?? rows.count, codes.firstIndex(of: finding.code) ?? codes.count, place)
        }
        return ranks.sorted(by: <).map { findings[$0.2] }
    }
}
