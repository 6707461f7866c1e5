import OrderedJSON
import TestSupport
import Testing

@testable import PolicyTimeline

/// An organization as AWS Organizations keeps it, written the plain way: the oracle of the timeline.
private struct PlainOrganization {
    static let root = "r-abcd"
    static let full = "p-FullAWSAccess"

    /// Of units and accounts.
    var parents: [String: String] = [:]
    var attached: [String: Set<String>] = [root: [full]]
    /// Texts of the customer's policies.
    var texts: [String: String] = [:]

    var accounts: [String] { parents.keys.filter { !$0.hasPrefix("ou-") }.sorted() }
    var units: [String] { parents.keys.filter { $0.hasPrefix("ou-") }.sorted() }

    func chain(of account: String) -> [String] {
        var chain = [account]
        while let parent = parents[chain[chain.count - 1]] { chain.append(parent) }
        return chain
    }
}

/// Writes the history of an organization at random, with the records that CloudTrail would have written.
private struct OrganizationWriter {
    var organization = PlainOrganization()
    var records: [ChangeRecord] = []
    var states: [PlainOrganization] = []
    var generator: SeededGenerator
    private var made = 0

    init(seed: UInt64) {
        generator = SeededGenerator(state: seed)
        record("CreateOrganization", #"{"featureSet":"ALL"}"#, #"{"organization":{"id":"o-example"}}"#)
        record("EnablePolicyType", #"{"rootId":"r-abcd","policyType":"SERVICE_CONTROL_POLICY"}"#)
    }

    mutating func write(_ count: Int) {
        while records.count < count { step() }
    }

    private mutating func record(_ name: String, _ request: String, _ response: String? = nil) {
        records.append(
            Records.record(
                name, request, response: response, at: records.count, id: "e\(records.count)",
                source: "organizations.amazonaws.com", account: "444455556666"))
        states.append(organization)
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &generator) }

    private mutating func step() {
        let places = [PlainOrganization.root] + organization.units
        let targets = places + organization.accounts
        switch Int.random(in: 0..<12, using: &generator) {
        case 0 where organization.units.count < 6:
            guard let parent = pick(places), organization.chain(of: parent).count < 5 else { return }
            made += 1
            let unit = "ou-abcd-\(10_000_000 + made)"
            organization.parents[unit] = parent
            organization.attached[unit] = [PlainOrganization.full]
            record(
                "CreateOrganizationalUnit", #"{"parentId":"\#(parent)","name":"u\#(made)"}"#,
                #"{"organizationalUnit":{"id":"\#(unit)"}}"#)
        case 1 where organization.accounts.count < 4:
            made += 1
            let account = "\(100_000_000_000 + made)"
            organization.parents[account] = PlainOrganization.root
            organization.attached[account] = [PlainOrganization.full]
            record(
                "CreateAccountResult", "null",
                #"{"createAccountStatus":{"accountId":"\#(account)","state":"SUCCEEDED"}}"#)
        case 2...3:
            guard let account = pick(organization.accounts), let place = pick(places),
                let former = organization.parents[account], former != place
            else { return }
            organization.parents[account] = place
            record(
                "MoveAccount",
                #"{"accountId":"\#(account)","sourceParentId":"\#(former)","destinationParentId":"\#(place)"}"#)
        case 4 where organization.texts.count < 4:
            made += 1
            let id = "p-policy\(made)"
            write(id, "CreatePolicy", #""type":"SERVICE_CONTROL_POLICY","name":"n""#)
        case 5:
            guard let id = pick(organization.texts.keys.sorted()) else { return }
            write(id, "UpdatePolicy", #""policyId":"\#(id)""#)
        case 6...8:
            guard let target = pick(targets),
                let id = pick(organization.texts.keys.sorted() + [PlainOrganization.full]),
                organization.attached[target, default: []].insert(id).inserted
            else { return }
            record("AttachPolicy", #"{"policyId":"\#(id)","targetId":"\#(target)"}"#)
        case 9...10:
            guard let target = pick(targets), let id = pick((organization.attached[target] ?? []).sorted()) else {
                return
            }
            organization.attached[target]?.remove(id)
            record("DetachPolicy", #"{"policyId":"\#(id)","targetId":"\#(target)"}"#)
        default:
            guard let unit = pick(organization.units), !organization.parents.values.contains(unit) else { return }
            organization.parents[unit] = nil
            organization.attached[unit] = nil
            record("DeleteOrganizationalUnit", #"{"organizationalUnitId":"\#(unit)"}"#)
        }
    }

    private mutating func write(_ id: String, _ event: String, _ rest: String) {
        made += 1
        let text = Records.document("s3:Action\(made)", effect: "Deny")
        organization.texts[id] = text
        record(
            event, #"{\#(rest),"content":\#(Records.quoted(text))}"#,
            #"{"policy":{"policySummary":{"id":"\#(id)"}}}"#)
    }
}

/// The timeline of an organization against the organization itself.
@Suite struct OrganizationModelTests {
    @Test(arguments: UInt64(1)...10) func aTrailFromTheBeginningTellsTheOrganizationAtEveryMoment(_ seed: UInt64) throws
    {
        var writer = OrganizationWriter(seed: seed)
        writer.write(120)
        let timeline = PolicyTimeline(writer.records.shuffled(using: &writer.generator))
        for (number, plain) in writer.states.enumerated().dropFirst() {
            let moment = Moment.at(writer.records[number].eventTime)
            for account in plain.accounts {
                let state = try #require(
                    timeline.state(at: moment, of: PolicySubject(accounts: [account])).organization[account])
                let place = "\(account) after \(number), seed \(seed)"
                #expect(state.levels.map(\.id) == plain.chain(of: account), "\(place)")
                #expect(state.isComplete && !state.isAlone, "\(place)")
                for level in state.levels {
                    let slot = level.serviceControl
                    #expect(slot.isComplete, "\(level.id) of \(place)")
                    #expect(Set(slot.policies.map(\.name)) == plain.attached[level.id], "\(level.id) of \(place)")
                    for policy in slot.policies where policy.name != PlainOrganization.full {
                        #expect(
                            policy.text == plain.texts[policy.name].map { .json(.string($0)) },
                            "\(policy.name) of \(place)")
                    }
                }
            }
        }
    }
}
