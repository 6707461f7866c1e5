import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// The change since which what the refused calls encrypt for has the refused key: every use of it needs the key since then.
///
/// Sources: "Setting default server-side encryption behavior for Amazon S3 buckets"; "Enable Amazon EBS encryption by default"; the
/// API references of Amazon SQS, Amazon SNS, AWS Lambda and Amazon Data Firehose.
struct KeyChoice {
    /// What has the key.
    private let owner: Prose
    package let change: TrailChange

    /// `nil` where the trail shows none before the first denial, and where the call worked since.
    init?(_ facts: GroupFacts) {
        guard facts.servicePrefix == "kms",
            let key = facts.askedResource.flatMap({ ARN($0) }), key.resource.hasPrefix("key/")
        else { return nil }
        let names: Set<String> = [key.description, key.resource, key.name]
        let since = facts.lastSuccessBefore ?? ""
        let changes = facts.changes.filter { $0.time <= facts.group.firstSeen && $0.time > since }
        for owner in Self.owners(facts.group) {
            let places = Self.names(owner)
            let given = changes.last { change in
                change.change.eventSource.hasPrefix(owner.service + ".") && change.keyGiven != nil
                    && !change.texts.isDisjoint(with: places)
            }
            if let change = given,
                !change.texts.isDisjoint(with: names) || Self.standsForRefused(change.keyGiven, of: owner, facts)
            {
                self.owner = "\(Self.shown(owner))"
                self.change = change
                return
            }
        }
        guard Self.isOfVolume(facts.group),
            let change = changes.last(where: { Self.defaults.contains($0.changeName) })
        else { return nil }
        owner = "Every new volume of \(facts.principal.accountShown)"
        self.change = change
    }

    /// Whether an alias that was given stands for the refused key, which the record of the choice does not name. What was encrypted before
    /// has the former key, and an object of S3 may be given another.
    private static func standsForRefused(_ key: String?, of owner: ARN, _ facts: GroupFacts) -> Bool {
        guard let key, key.hasPrefix("alias/") || key.contains(":alias/"), owner.service != "s3" else { return false }
        return facts.group.action != "kms:Decrypt" || facts.group.principalType == "AWSService"
    }

    /// The same where a service tells that it may not use the key of what was called, and not which: `nil` where the trail shows none
    /// that it was given since the call worked.
    init?(behind facts: GroupFacts) {
        let places = Self.names(calledBy: facts.group)
        guard let owner = places.max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
        let since = facts.lastSuccessBefore ?? facts.group.lastSuccessBefore ?? ""
        let change = facts.changes.last { change in
            change.change.eventSource == facts.group.eventSource && change.keyGiven != nil
                && change.time <= facts.group.firstSeen && change.time > since
                && !change.texts.isDisjoint(with: places)
        }
        guard let change else { return nil }
        (self.owner, self.change) = ("\(owner)", change)
    }

    /// The key's ARN, id or alias; `nil` where the change names none.
    package var key: String? { change.keyGiven }

    package var story: Prose {
        "\(owner) has this key since \(time: change.time), when \(change.author) called \(change.change.eventName): every use of it needs the key since then."
    }

    /// The names of what the refused calls are on, as these give them: a secret's ARN and its name.
    private static func names(calledBy group: DenialGroup) -> Set<String> {
        let asked = group.requests.prefix(3).compactMap { request in
            let call = RecordedCall(request)
            return call.parameterText("secretId") ?? call.parameterText("name")
        }
        return Set(asked.flatMap { [$0] + (ARN($0)?.secretName.map { [$0] } ?? []) })
    }

    /// Whom the changes are made on that give what was called its key.
    package static func subjects(behind group: DenialGroup) -> [TrailChange.Subject] {
        names(calledBy: group).sorted().map { .resource($0) }
    }

    /// Whom such changes are made on.
    package static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        guard group.action.hasPrefix("kms:") else { return [] }
        let accounts = isOfVolume(group) ? group.accounts.map { TrailChange.Subject.resource($0.value) } : []
        return accounts
            + owners(group).flatMap { owner -> [TrailChange.Subject] in
                names(owner).sorted().map { .resource($0) } + [
                    .workload(
                        account: owner.account, source: "\(owner.service).amazonaws.com",
                        name: CallTarget.name(in: owner.description))
                ]
            }
    }

    /// What the refused calls encrypt for, and what those were on behind which KMS was refused.
    private static func owners(_ group: DenialGroup) -> [ARN] {
        var found = KnownRefusal.encryptedFor(group)
        guard let action = group.calledAction else { return found }
        let partition = PrincipalName(group.principal).partition
        for call in group.requests.prefix(3).map({ RecordedCall($0) }) {
            guard let arn = call.resource(of: action, partition: partition).flatMap({ ARN($0) }), !found.contains(arn)
            else { continue }
            found.append(arn)
        }
        return found
    }

    /// What is encrypted, of an object the bucket that has the key.
    private static func shown(_ owner: ARN) -> String {
        guard owner.service == "s3" else { return owner.description }
        var bucket = owner
        bucket.resource = String(owner.resource.prefix { $0 != "/" })
        return bucket.description
    }

    private static func names(_ owner: ARN) -> Set<String> {
        var names: Set<String> = [owner.description, owner.name, CallTarget.name(in: owner.description)]
        // An object's bucket.
        if let name = owner.secretName { names.insert(name) }
        if owner.service == "s3", let bucket = owner.resource.split(separator: "/").first { names = [String(bucket)] }
        return names
    }

    /// Whether the key was to encrypt a volume of EC2.
    private static func isOfVolume(_ group: DenialGroup) -> Bool {
        group.requests.prefix(3).contains { request in
            let call = RecordedCall(request)
            // A grant tells for what it is by its constraints.
            return [["encryptionContext"], ["constraints", "encryptionContextSubset"]].contains { path in
                guard case .value(.object(let members)) = call.parameter(path) else { return false }
                return members.contains { $0.key == "aws:ebs:id" }
            }
        }
    }

    /// What sets the key of volumes that are made without one.
    private static let defaults: Set<ChangeName?> = [.modifyEbsDefaultKmsKeyId, .enableEbsEncryptionByDefault]
}

extension TrailChange {
    /// Every text of the parameters, and the last part of each that is a path.
    fileprivate var texts: Set<String> {
        var texts: Set<String> = []
        parameters?.forEachText { text in
            texts.insert(text)
            if let last = text.split(separator: "/").last { texts.insert(String(last)) }
        }
        return texts
    }
}
