import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

extension Finding {
    /// The finding with its cause as a value: the one that its family gave, else what follows from its code alone.
    package func withCause(_ facts: GroupFacts) -> Finding {
        guard cause == nil else { return self }
        var finding = self
        let holder = facts.principal.arn
        let type = facts.group.reason.policyType
        let service = facts.servicePrefix
        switch code {
        case .explicitDeny:
            finding.cause =
                facts.group.policyARNs.first.map { .policy(arn: $0.value) }
                ?? .deny(type, holder: Self.holder(of: type, facts), service: service)
        case .missingAllow: finding.cause = .missingAllow(type, holder: Self.holder(of: type, facts), service: service)
        case .serviceEnded: finding.cause = .serviceEnded(service: service)
        case .notSubscribed, .accountState:
            finding.cause = .account(code, account: facts.caller.account, service: service)
        case .mfaFailed, .credentialsExpired, .credentialsInvalid, .signatureInvalid:
            finding.cause = .credentials(code, holder: holder)
        case .regionMismatch:
            let works = facts.ownUsage.of(action: facts.group.successAction).filter { $0.successes > 0 }
            finding.cause = .region(
                had: facts.group.regions.map(\.value).sorted(), wanted: Set(works.map(\.awsRegion)).sorted(),
                service: service)
        case .principalRecreated: finding.cause = .principalRecreated(arn: holder)
        case .refusedByService:
            finding.cause = .service(service, reason: facts.group.reason.slug, holder: holder)
        case .passRoleMissing: finding.cause = .missingAllow(type, holder: holder, service: "iam")
        case .cognitoGuestSessionPolicy: finding.cause = .missingAllow(.session, holder: holder, service: service)
        default: break
        }
        return finding
    }

    /// The finding with the sentence that the first screen adds to its title: where no family gave one, the first, unless that only
    /// says when something was changed or that AWS said so.
    package var withPoint: Finding {
        guard point.isEmpty, code != .permissionsChanged else { return self }
        if confidence == .stated, code == .explicitDeny || code == .missingAllow { return self }
        var finding = self
        finding.point = explanation.firstSentence
        return finding
    }

    /// The finding with the statement that refuses, or that nearly allows, in words and as data.
    package func withStatement(_ found: Refusal.Found?, _ facts: GroupFacts) -> Finding {
        guard self.statement == nil, let found = found ?? nearest(facts) else { return self }
        let statement = found.statement
        var finding = self
        switch code {
        case .explicitDeny, .missingAllow:
            guard facts.group.reason.policyType != nil else { break }
            finding.statement = statement
            finding.cause = statement.cause
            // What the principal's own policies lack is a finding by itself.
            guard code == .explicitDeny || statement.name.type != .identityBased || lacksCondition(statement, facts)
            else { break }
            let story = statement.story(facts)
            finding.explanation += story
            if KeyChoice(facts) == nil {
                finding.point = story
                finding.evidence = found.evidence(facts) + finding.evidence
            } else {
                // Since when the key is needed comes before what its policy says.
                finding.point += story
                finding.evidence += found.evidence(facts)
            }
        case .passRoleMissing:
            finding.statement = statement
            finding.point = statement.story(facts)
            finding.explanation += finding.point
        case .refusedByService where facts.group.reason.policyType != nil:
            finding.statement = statement
            finding.cause = statement.cause
            finding.point = statement.story(facts)
            finding.explanation += finding.point
            finding.evidence = found.evidence(facts) + finding.evidence
        case .permissionsChanged:
            let isWritten = evidence.contains { $0.eventID == found.event?.eventID }
            guard isWritten || facts.group.reason.policyType != nil else { break }
            finding.statement = statement
            let story = statement.story(facts)
            finding.point = finding.keepsPoint ? finding.point : story
            finding.explanation += story
        case .resourceTooNarrow, .wrongIAMPrefix, .conditionUnmet:
            finding.statement = statement
            finding.cause = cause ?? statement.cause
        default: break
        }
        return finding
    }

    /// The Allow that a finding about one is about, or that a blamed change left, where AWS does not say of which type of policy none
    /// is.
    private func nearest(_ facts: GroupFacts) -> Refusal.Found? {
        guard facts.group.reason.effect != .explicit else { return nil }
        if code == .permissionsChanged {
            guard let blamed = PermissionsChanged.candidates(facts).first, let found = blamed.counterfactual,
                confidence == .simulated || found.verdict == .lacking || found.verdict == .conditional,
                found.question.effect == .allow
            else { return nil }
            return Refusal.nearest(as: found.question.type, facts)
        }
        guard code == .resourceTooNarrow || code == .conditionUnmet else { return nil }
        return Refusal.nearest(as: facts.roleToAssume == nil ? .identityBased : .roleTrust, facts)
    }

    /// Whether it is a condition that keeps the nearest Allow from the calls, and no finding by itself tells it.
    private func lacksCondition(_ statement: FailingStatement, _ facts: GroupFacts) -> Bool {
        statement.resources.isEmpty && statement.conditions.contains { $0.matches != .yes }
            && ConditionalAllow.own(facts) == nil && PermissionsChanged.candidates(facts).isEmpty
    }

    /// Whose policies of a type AWS asked: of an organization's the account, of a resource's the resource.
    private static func holder(of type: PolicyType?, _ facts: GroupFacts) -> String {
        switch type {
        case .serviceControl?: facts.principal.account
        case .resourceControl?: facts.resourceAccount ?? ""
        case .resourceBased?, .roleTrust?: facts.refusedResources.first ?? ""
        case .vpcEndpoint?: facts.group.vpcEndpointIds.first?.value ?? ""
        case .identityBased?, .permissionsBoundary?, .session?, nil: facts.principal.arn
        }
    }
}

extension FailingStatement {
    /// The statement as a cause: by the condition that decides, where one does.
    package var cause: Cause {
        let deciding = conditions.filter { effect == .deny ? $0.matches != .no : $0.matches != .yes }
        guard resources.isEmpty, principals.isEmpty, deciding.count == 1, let condition = deciding.first else {
            return .statement(name)
        }
        return .context(
            Cause.Difference(
                statement: name, key: condition.key, conditionOperator: condition.conditionOperator,
                wanted: condition.wanted, had: condition.had))
    }
}
