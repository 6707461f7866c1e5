package import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// What is found out about a group's refusals, once somebody asks.
package final class CauseMemo: Sendable {
    /// The changes that can be blamed.
    package let suspects = Once<[BlamedChange]>()
    /// The policies and the calls as they were at the first denial.
    let viewAtDenial = Once<Replay.View>()
    let requestsAtDenial = Once<[AuthorizationRequest]>()
    let policiesAtDenial = Once<StandingPolicies>()
    /// The tags that policies ask for.
    let askedTags = Once<Set<ConditionTag>>()
    /// The refused requests under the policies of the archive's end.
    let answersAtEnd = Once<[Standing.Answer]>()
    let firstAnswerAtEnd = Once<Standing.Answer?>()
    /// The caller's policy that allows the calls as the archive ends, and the one that was granted just before.
    let allowingAtEnd = Once<HeldPolicy?>()
    package let granted = Once<(policy: HeldPolicy, change: TrailChange)?>()
    fileprivate let refusal = Once<Refusal.Found?>()
    fileprivate let agreement = Once<Agreement>()
    /// The resources of the least statement that would allow the calls.
    package let leastResources = Once<[String]>()
    /// Whether no success before the denials asked for what is refused.
    let asksForMore = Once<Bool>()
    /// Who bore the principal's name under another path.
    let predecessor = Once<GroupFacts.Predecessor?>()
    /// The type of policy that refuses by itself.
    package let lacking = Once<PolicyType?>()
    private let settled = Once<String>()

    /// What came before this time was there long enough to have held at the last denial; empty where that is no time.
    fileprivate func settledBefore(_ facts: GroupFacts) -> String {
        settled.value {
            Timestamp.seconds(facts.group.lastSeen).map { Timestamp.text($0 - Int64(TimeSpan.settling)) } ?? ""
        }
    }
}

extension GroupFacts {
    package var causeMemo: CauseMemo { ofCauses.part(CauseMemo.init) }

    /// The policies and the calls as they were at the first denial.
    package var scene: DenialScene { DenialScene(facts: self) }

    /// What came before this time was there long enough to have held at the last denial; empty where that is no time.
    var settledBefore: String { causeMemo.settledBefore(self) }

    /// Whether what AWS did and what the replay says go together.
    package var agreement: Agreement { causeMemo.agreement.value { Agreement(self) } }

    /// The statement that refuses, or that nearly allows.
    package var failing: Refusal.Found? { causeMemo.refusal.value { Refusal.statement(self) } }
}
