import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
package import RecordedChanges
package import TrailStore
import Wording

/// Identities of Amazon SES that fail its check, and addresses that cannot exist.
extension KnownRefusal {
    private static let failedCheck = "identities failed the check in region "

    /// The identities that are not verified, as AWS lists them.
    static func failedIdentities(_ facts: GroupFacts) -> [String] {
        var identities: [String] = []
        for message in facts.group.evidence.compactMap(\.errorMessage) {
            guard let words = message.lowercased().firstRange(of: failedCheck) else { continue }
            let offset = message.lowercased().distance(from: message.lowercased().startIndex, to: words.upperBound)
            let list = message.dropFirst(offset).split(separator: ":", maxSplits: 1).last ?? ""
            for identity in list.split(whereSeparator: { ", ".contains($0) }).map(String.init)
            where identity.contains(where: { "@.".contains($0) }) && !identities.contains(identity) {
                identities.append(identity)
            }
        }
        return identities
    }

    /// An address that cannot exist is what a library sends from to see whether it may send at all.
    static func probe(_ facts: GroupFacts) -> Known? {
        let addresses = facts.refusedResources.compactMap { ARN($0) }.filter { $0.service == "ses" }.map {
            String($0.resource.drop { $0 != "/" }.dropFirst())
        }
        guard let first = addresses.first, addresses.count == facts.refusedResources.count,
            addresses.allSatisfy(isNoAddress)
        else { return nil }
        return Known(
            title: "The message is a library's probe",
            story:
                "\(first) is no address that anybody has: a mail library sends from it to verify its connection, and expects another refusal than this one. Mail of the application's own is not concerned.",
            remedy: Remedy(
                .setting,
                "Switch the probe off: Nodemailer's verify() and the connection tests of frameworks that call it do not work with SES. Allow nothing for \(first)."
            ))
    }

    /// Whether the domain of an address is one that cannot be registered. Source: RFC 2606, RFC 6761.
    private static func isNoAddress(_ address: String) -> Bool {
        guard address.contains("@"), let domain = address.split(separator: "@").last?.lowercased() else { return false }
        return !domain.contains(".") || domain.hasSuffix(".invalid")
    }

    package static func identities(_ facts: GroupFacts) -> Known? {
        let failed = failedIdentities(facts)
        guard !failed.isEmpty else { return nil }
        let region: Prose = "\(list: facts.group.regions.map(\.value), limit: 3)"
        let sandbox: Prose =
            "a recipient's: then the account is in the SES sandbox in \(region), where recipients must be verified, too"
        // Where mail went out before, its sender is verified: what fails is somebody else.
        let hasSent = facts.sameActionHere.contains { $0.successes > 0 }
        if hasSent {
            return Known(
                title: "",
                story:
                    "\(list: failed, limit: 3) is not verified in \(region). The same caller has sent mail there, so its sender's identity is verified; the address is most likely \(sandbox).",
                remedy: Remedy(
                    .setting,
                    "Ask for production access to leave the sandbox, or verify the recipient \(list: failed, limit: 3). If it is another sender's address, verify that or its domain. No policy is to be changed."
                ))
        }
        let owned = identityPolicies(failed, facts)
        var story: Prose =
            "\(list: failed, limit: 3) is not verified as an identity of account \(list: facts.group.accounts.map(\.value), limit: 2) in \(region), nor is its domain. It is the sender's address, or \(sandbox)."
        var text: Prose =
            "If the sender's identity is verified in another account that lets this one send, the request must name it: SourceArn (for raw mail FromArn and ReturnPathArn, too; in SMTP the header X-SES-SOURCE-ARN)."
        let senders = owned.isEmpty ? otherRegions(facts) : []
        if !senders.isEmpty {
            let regions: Prose = "\(list: senders, limit: 3)"
            let point: Prose =
                "An identity belongs to one Region: mail of this account goes out from \(regions), and none from \(region)."
            return Known(
                title: "", story: point + story,
                remedy: Remedy(
                    .setting,
                    "Set the client's Region to \(regions), or verify the identity in \(region) as well. No policy is to be changed."
                ), point: point)
        }
        for change in owned {
            story +=
                "\(change.summary.capitalised) at \(time: change.time): the identity belongs to account \(change.account)."
        }
        if let arn = owned.first.flatMap({ identityARN($0, facts) }) { text += "Here that is \(arn)." }
        text +=
            owned.isEmpty
            ? "Else verify the address or its domain in this account and Region, or leave the sandbox if it is a recipient's."
            : "Verifying the address again in this account is not the point."
        return Known(title: "", story: story, remedy: Remedy(.setting, text))
    }

    /// The Regions from which mail of the caller's account goes out, where none does from those of the refused calls.
    private static func otherRegions(_ facts: GroupFacts) -> [String] {
        let sends = facts.actionUsage.rows.filter { $0.accountId == facts.caller.account && $0.successes > 0 }
        let here = Set(facts.group.regions.map(\.value))
        return sends.contains { here.contains($0.awsRegion) } ? [] : Set(sends.map(\.awsRegion)).sorted()
    }

    /// Policies that other accounts wrote for these identities or their domains.
    private static func identityPolicies(_ failed: [String], _ facts: GroupFacts) -> [TrailChange] {
        let names = Set(failed.flatMap(namesOfIdentity))
        return facts.changes.filter { change in
            change.change.eventSource == "ses.amazonaws.com" && change.account != facts.principal.account
                && change.change.target.map { names.contains(String($0.split(separator: "/").last ?? "")) } == true
        }
    }

    private static func identityARN(_ change: TrailChange, _ facts: GroupFacts) -> String? {
        guard let name = change.change.target?.split(separator: "/").last, let region = change.change.awsRegion else {
            return nil
        }
        return "arn:aws:ses:\(region):\(change.account):identity/\(name)"
    }

    /// An address and its domain.
    private static func namesOfIdentity(_ address: String) -> [String] {
        [address] + (address.split(separator: "@").last.map { [String($0)] } ?? [])
    }

    /// Whom changes are made on that such a refusal is about, by what its requests passed.
    package static func requestedSubjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        if ServiceRoleRefusal.slugs.contains(group.reason.slug) { return subjectsOfServiceRoles(group) }
        if group.reason.slug == "kms-behind-service" { return KeyChoice.subjects(behind: group) }
        if group.action.hasPrefix("kms:") { return KeyChoice.subjects(group) }
        if ServiceSetting.isNamed(group.reason.slug) { return ServiceSetting.subjects(group) }
        if PoolTrigger.isReason(group) { return [.resource(PermissionChangeTarget.userPoolName)] }
        return ContainerImage(group)?.subjects ?? Destination(group)?.subjects ?? []
    }

    /// Whom changes are made on that such a refusal is about.
    package static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        if ServiceRoleRefusal.slugs.contains(group.reason.slug) { return subjectsOfServiceRoles(group) }
        if let role = linkedRole(group), let account = group.accounts.first?.value {
            return [.holder(.role(role.name, account: account))]
        }
        guard group.reason.slug == "message-rejected" else { return [] }
        return group.evidence.compactMap(\.errorMessage).flatMap { message in
            message.split(whereSeparator: { " ,".contains($0) }).filter { $0.contains("@") }.flatMap {
                namesOfIdentity(String($0)).map { .resource($0) }
            }
        }
    }
}
