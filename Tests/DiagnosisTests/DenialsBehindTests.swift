import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import Remedies
import Testing
import TrailStore
import Wording

@Suite struct DenialsBehindTests {
    private static let key = "arn:aws:kms:us-east-1:111122223333:key/k-1"

    private static func secret(at time: String = Facts.firstSeen, principal: String = Facts.role) -> DenialGroup {
        Facts.group(
            Facts.slug("kms-behind-service"), principal: principal, action: "secretsmanager:GetSecretValue",
            resource: nil, source: "secretsmanager.amazonaws.com"
        ) {
            $0.id = "7c1f09ab0002"
            $0.evidence[0].eventTime = time
        }
    }

    private static let decrypt = Facts.group(
        .missingAllow(.identityBased), action: "kms:Decrypt", resource: key, source: "kms.amazonaws.com"
    ) {
        $0.invokedBy = [Counted("secretsmanager.amazonaws.com", denials: 12)]
    }

    private static func told(_ groups: [DenialGroup]) -> [DiagnosedGroup] {
        Diagnoser(usage: [], changes: [], coverage: Facts.coverage, reportTime: "2026-11-23T00:00:00Z").diagnose(groups)
    }

    @Test func theKeyThatTheServiceCouldNotUseIsNamed() throws {
        for groups in [[Self.secret(), Self.decrypt], [Self.decrypt, Self.secret(at: "2026-11-10T12:00:01Z")]] {
            let group = try #require(
                Self.told(groups).first { $0.group.action == "secretsmanager:GetSecretValue" })
            #expect(group.rootCause.explanation.plain.contains("refused kms:Decrypt"))
            #expect(group.rootCause.explanation.plain.contains(Self.key))
            #expect(group.remedy.text.plain.contains("kms:Decrypt on the key \(Self.key)"))
            #expect(group.remedy.policy?.text.contains(Self.key) == true)
        }
    }

    @Test(arguments: [
        [secret(at: "2026-11-10T12:00:09Z"), decrypt],
        [secret(principal: "arn:aws:iam::111122223333:role/app/order-notifier2"), decrypt],
        [secret()],
    ])
    func whatWasRefusedElsewhereIsNotBehindIt(_ groups: [DenialGroup]) throws {
        let group = try #require(Self.told(groups).first { $0.group.action == "secretsmanager:GetSecretValue" })
        #expect(!group.rootCause.explanation.plain.contains(Self.key))
        #expect(group.remedy.policy == nil)
    }

    /// Whatever the order of the groups: the one whose policies are at fault leads, and its remedy is the incident's.
    @Test func bothAreOneIncident() throws {
        for groups in [[Self.secret(), Self.decrypt], [Self.decrypt, Self.secret()]] {
            let incidents = Incident.incidents(of: Self.told(groups))
            let incident = try #require(incidents.first)
            #expect(incidents.count == 1)
            #expect(incident.groups == [Self.decrypt.id, Self.secret().id])
            #expect(incident.dependents == [Self.secret().id])
            #expect(incident.denials == Self.decrypt.denials + Self.secret().denials)
            #expect(incident.headline.plain == "No identity-based policy allows kms:Decrypt")
            #expect(incident.remedy.text.plain.hasPrefix("Allow kms:Decrypt on \(Self.key)"))
        }
    }

    /// What a report leaves out explains nothing in it.
    @Test func withoutTheOneBehindItStaysByItself() throws {
        let told = Self.told([Self.secret(), Self.decrypt]).filter { $0.group.action != "kms:Decrypt" }
        let incident = try #require(Incident.incidents(of: told).first)
        #expect(incident.groups == [Self.secret().id] && incident.dependents.isEmpty)
    }
}
