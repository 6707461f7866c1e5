import IAMPolicy
import PolicyTimeline
import Testing

/// Control policies: their types switched on and off, accounts that join, move and leave.
@Suite struct OrganizationTests {
    private static let account = "111122223333"
    private static let management = "444455556666"

    private static func change(_ name: String, _ request: String, _ response: String? = nil, at second: Int)
        -> ChangeRecord
    {
        Records.record(
            name, request, response: response, at: second, source: "organizations.amazonaws.com", account: management)
    }

    private static func policy(_ id: String, _ type: String, _ effect: String, at second: Int) -> ChangeRecord {
        change(
            "CreatePolicy",
            #"{"content":"{\"Statement\":[{\"Effect\":\"\#(effect)\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}","name":"x","type":"\#(type)"}"#,
            #"{"policy":{"policySummary":{"id":"\#(id)"}}}"#, at: second)
    }

    /// An account that was created, moved into a unit, and left; a policy of each type at the unit; service control policies off
    /// and on again.
    private static let story = [
        change(
            "CreateOrganization", #"{"featureSet":"ALL"}"#, #"{"organization":{"id":"o-example"}}"#, at: 0),
        change("EnablePolicyType", #"{"rootId":"r-abcd","policyType":"SERVICE_CONTROL_POLICY"}"#, at: 1),
        change(
            "CreateOrganizationalUnit", #"{"parentId":"r-abcd","name":"apps"}"#,
            #"{"organizationalUnit":{"id":"ou-abcd-11111111"}}"#, at: 2),
        change(
            "CreateAccountResult", "null",
            #"{"createAccountStatus":{"accountId":"\#(account)","state":"SUCCEEDED"}}"#, at: 3),
        policy("p-deny", "SERVICE_CONTROL_POLICY", "Deny", at: 4),
        policy("p-rcp", "RESOURCE_CONTROL_POLICY", "Deny", at: 5),
        policy("p-tags", "TAG_POLICY", "Deny", at: 6),
        change("AttachPolicy", #"{"policyId":"p-deny","targetId":"ou-abcd-11111111"}"#, at: 7),
        change("AttachPolicy", #"{"policyId":"p-rcp","targetId":"ou-abcd-11111111"}"#, at: 8),
        change("AttachPolicy", #"{"policyId":"p-tags","targetId":"ou-abcd-11111111"}"#, at: 9),
        change(
            "MoveAccount",
            #"{"accountId":"\#(account)","sourceParentId":"r-abcd","destinationParentId":"ou-abcd-11111111"}"#, at: 10),
        change("DisablePolicyType", #"{"rootId":"r-abcd","policyType":"SERVICE_CONTROL_POLICY"}"#, at: 11),
        change("EnablePolicyType", #"{"rootId":"r-abcd","policyType":"SERVICE_CONTROL_POLICY"}"#, at: 12),
        change("DetachPolicy", #"{"policyId":"p-FullAWSAccess","targetId":"\#(account)"}"#, at: 13),
        change("RemoveAccountFromOrganization", #"{"accountId":"\#(account)"}"#, at: 14),
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        var second: Int
        var levels: [String]
        /// Service control policies, level by level.
        var service: [String]
        var decision: Decision
        var testDescription: String { "second \(second)" }
    }

    private static let full = "p-FullAWSAccess"
    static let rows = [
        Row(second: 3, levels: [account, "r-abcd"], service: [full, full], decision: .allowed),
        Row(second: 9, levels: [account, "r-abcd"], service: [full, full], decision: .allowed),
        Row(
            second: 10, levels: [account, "ou-abcd-11111111", "r-abcd"], service: [full, "\(full) p-deny", full],
            decision: .explicitlyDenied),
        Row(
            second: 11, levels: [account, "ou-abcd-11111111", "r-abcd"], service: ["", "", ""], decision: .allowed),
        Row(
            second: 12, levels: [account, "ou-abcd-11111111", "r-abcd"], service: [full, full, full],
            decision: .allowed),
        Row(
            second: 13, levels: [account, "ou-abcd-11111111", "r-abcd"], service: ["", full, full],
            decision: .implicitlyDenied),
        Row(second: 14, levels: [account], service: [""], decision: .allowed),
    ]

    @Test(arguments: rows) func controlPoliciesBindAsLongAsTheyAreOn(_ row: Row) throws {
        let timeline = PolicyTimeline(Self.story)
        let state = timeline.state(at: .at(Records.time(row.second)), of: PolicySubject(accounts: [Self.account]))
        let organization = try #require(state.organization[Self.account])
        #expect(organization.levels.map(\.id) == row.levels)
        let names = organization.levels.map { $0.serviceControl.policies.map(\.name).joined(separator: " ") }
        #expect(names == row.service)
        #expect(organization.levels.allSatisfy { $0.serviceControl.isKnown })
        var policies = state.policySet(callerAccount: Self.account, resourceAccount: nil)
        policies.resource = PolicySet.Slot()
        let allow = #"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        policies.identity.policies = [try Policy(name: "all", json: allow, as: .identityBased)]
        let caller = try #require(RequestPrincipal("arn:aws:iam::\(Self.account):user/ann"))
        let request = try #require(
            AuthorizationRequest(principal: caller, action: "s3:ListAllMyBuckets", resource: "*"))
        #expect(Evaluator(policies).evaluation(of: request).decision == row.decision)
    }

    @Test func whatTheRootHasBindsAnAccountWhoseUnitsAreNotKnown() throws {
        let timeline = PolicyTimeline([
            Self.policy("p-deny", "SERVICE_CONTROL_POLICY", "Deny", at: 1),
            Self.change("AttachPolicy", #"{"policyId":"p-deny","targetId":"r-abcd"}"#, at: 2),
            Self.change("MoveAccount", #"{"accountId":"\#(Self.account)","destinationParentId":"ou-abcd-1"}"#, at: 3),
        ])
        func root(_ account: String) throws -> HeldPolicy? {
            let state = timeline.state(at: .at(Records.time(9)), of: PolicySubject(accounts: [account]))
            let organization = try #require(state.organization[account])
            #expect(!organization.isComplete)
            return organization.levels.last?.serviceControl.policies.first
        }
        #expect(try root(Self.account)?.isCertain == true)
        // Nothing tells that this one is in the organization.
        #expect(try root("777788889999")?.isCertain == false)
    }

    @Test func theManagementAccountIsBoundByNothing() throws {
        let timeline = PolicyTimeline(Self.story)
        let state = timeline.state(at: .at(Records.time(9)), of: PolicySubject(accounts: [Self.management]))
        let policies = state.policySet(callerAccount: Self.management, resourceAccount: nil)
        #expect(policies.managementAccount == Self.management)
    }
}
