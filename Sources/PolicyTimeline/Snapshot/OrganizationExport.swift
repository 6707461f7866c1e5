import OrderedJSON

/// What the commands of `aws organizations` print: policies with their text, where they are attached, who stands below whom.
///
/// Source: DescribePolicy, ListTargetsForPolicy, ListPoliciesForTarget, ListParents and DescribeOrganization in the AWS
/// Organizations API reference. What a list was asked for stands in no output of it: `ListPoliciesForTarget` and
/// `ListParents` need the id of the target or child, which the file's name gives.
struct OrganizationExport {
    private let value: JSONValue
    /// A root, unit or account that the file's name names.
    private let subject: String?

    /// The export in a value; `nil` where it is none.
    init?(_ value: JSONValue, fileName: String) {
        let isOrganizations =
            value["Policy"]?["PolicySummary"] != nil || value["Parents"] != nil || value["Organization"]?["Id"] != nil
            || (value["Policies"]?.elements.first?["AwsManaged"] != nil
                && value["Policies"]?.elements.first?["Type"] != nil)
            || value["Targets"]?.elements.first?["TargetId"] != nil
        guard isOrganizations else { return nil }
        self.value = value
        subject = fileName.organizationID
    }

    func observe(in snapshot: inout Snapshot) {
        if let summary = value["Policy"]?["PolicySummary"], let id = ChangeReading.text(summary["Id"]) {
            let policy = Holder.organizationPolicy(id)
            snapshot.observe(policy, .existence, ["": .present], complete: true)
            snapshot.observe(
                policy, .policy, ["": .document(DocumentText(value["Policy"]?["Content"]))], complete: true)
            observeType(summary, of: policy, in: &snapshot)
        }
        for summary in value["Policies"]?.elements ?? [] {
            guard let id = ChangeReading.text(summary["Id"]) else { continue }
            observeType(summary, of: .organizationPolicy(id), in: &snapshot)
        }
        // `--filter` names one type, so that a list of policies says nothing of the others, and an empty one nothing at all.
        if let subject, let list = value["Policies"] {
            let ids = list.elements.compactMap { ChangeReading.text($0["Id"]) }
            snapshot.observe(
                .organizationTarget(subject), .organizationPolicies,
                Dictionary(ids.map { ($0, Value.present) }) { first, _ in first }, complete: value["NextToken"] == nil)
        }
        if let subject, subject.hasPrefix("p-"), let targets = value["Targets"] {
            for target in targets.elements.compactMap({ ChangeReading.text($0["TargetId"]) }) {
                snapshot.observe(
                    .organizationTarget(target), .organizationPolicies, [subject: .present], complete: false)
            }
        }
        if let subject, let parent = ChangeReading.text(value["Parents"]?.elements.first?["Id"]) {
            snapshot.observe(.organizationTarget(subject), .parent, ["": .text(parent)], complete: true)
        }
        if let id = ChangeReading.text(value["Organization"]?["Id"]),
            let account = ChangeReading.text(value["Organization"]?["MasterAccountId"])
        {
            snapshot.observe(
                .account(account), .organization, ["": .text(id), "management": .present], complete: true)
        }
    }

    private func observeType(_ summary: JSONValue, of policy: Holder, in snapshot: inout Snapshot) {
        var settings: [String: Value] = [:]
        settings["type"] = ChangeReading.text(summary["Type"]).map(Value.text)
        settings["name"] = ChangeReading.text(summary["Name"]).map(Value.text)
        snapshot.observe(policy, .settings, settings, complete: false)
    }
}

extension String {
    /// The id of a root, a unit, an account or a policy of AWS Organizations in a file's name; `nil` where there is none, or more.
    var organizationID: String? {
        let words = split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init)
        let ids = words.filter { word in
            word.hasPrefix("r-") || word.hasPrefix("ou-") || word.hasPrefix("p-")
                || (word.utf8.count == 12 && word.utf8.allSatisfy { (0x30...0x39).contains($0) })
        }
        return ids.count == 1 ? ids[0] : nil
    }
}
