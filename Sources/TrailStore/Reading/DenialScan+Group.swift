import AccessDenial
import CloudTrail
import GRDB
import IAMPolicy

extension DenialScan {
    /// A group with all that its denials tell.
    func group(
        _ key: GroupKeys.Key, _ tally: DenialTally, _ texts: TextReader, _ db: Database
    ) throws -> DenialGroup {
        var group = try outline(key, tally.count, texts)
        group.quietSpells = tally.quietSpells
        group.calledAction = operations[tally.count.operation].flatMap { $0.action == key.action ? nil : $0.action }
        if tally.wholeFirst < tally.count.first || tally.wholeLast > tally.count.last {
            group.wholeSpan = ClosedSpan(
                first: Timestamp.text(EventKey.time(of: tally.wholeFirst)),
                last: Timestamp.text(EventKey.time(of: tally.wholeLast)))
        }
        group.places = tally.places.map { place, known in
            var place = place
            place.first = EventKey.time(of: known.first)
            place.last = EventKey.time(of: known.last)
            place.resource = known.resource
            return place
        }.sorted { ($0.region, $0.account, $0.target) < ($1.region, $1.account, $1.target) }
        group.policyARNs = try texts.counted(tally.policies, limit: listLimit)
        group.resources = try texts.counted(tally.resources, limit: listLimit)
        group.inferredResources = try texts.counted(tally.inferredResources, limit: listLimit)
        group.sourceIPAddresses = try texts.counted(tally.addresses, limit: listLimit)
        group.userAgents = try texts.counted(tally.agents, limit: listLimit)
        group.vpcEndpointIds = try texts.counted(tally.endpoints, limit: listLimit)
        group.invokedBy = try texts.counted(tally.services, limit: listLimit)
        group.regions = try texts.counted(tally.regions, limit: listLimit)
        group.accounts = try texts.counted(tally.accounts, limit: listLimit)
        group.errorCodes = try texts.counted(tally.codes, limit: listLimit)
        let traits = try IdentityTraits.read(tally.identities.mapValues(\.denials), db)
        group.principalIds = traits.principalIds
        group.mfaAuthenticated = traits.mfaAuthenticated
        group.callers = traits.callers
        group.sourceIdentities = traits.sourceIdentities
        group.sessionStarts = traits.sessionStarts
        group.issuingResources = traits.issuingResources
        group.truncatedDenials = tally.truncated
        group.encodedMessages = tally.encoded
        group.authorizationIDs = tally.authorizationIDs
        var evidence = tally.evidence
        if let last = tally.lastEvidence { evidence.append(last) }
        for row in evidence {
            // Policies that bind the resource's account say nothing without it.
            if group.reason.policyType == .resourceControl {
                group.resourceAccounts.formUnion(try ResourceOwner.accounts(of: row.key, db))
            }
            // Only a Deny asks how the call came, and reading a record costs more than all else of it.
            try RawCursor.forEach(
                db,
                """
                SELECT eventID, eventTime, errorMessage, CASE WHEN ? THEN (SELECT json FROM record WHERE key = eventRow.key) END
                FROM eventRow WHERE key = ?
                """, [group.reason.effect == .explicit, row.key]
            ) { event in
                var denial = DenialEvidence(
                    eventID: try event.text(0), eventTime: try event.text(1),
                    eventName: operations[row.operation]?.eventName ?? "", awsRegion: try texts.text(row.region),
                    resource: try texts.text(row.resource), errorCode: try texts.text(row.errorCode),
                    errorMessage: try event.optionalText(2),
                    tlsVersion: event.optionalRecord(3).flatMap {
                        JSONFragment($0).string(at: "tlsDetails", "tlsVersion")
                    })
                denial.key = row.key
                group.evidence.append(denial)
            }
        }
        return group
    }
}
