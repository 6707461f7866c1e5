import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A container image that a service pulls by itself: the policy of its repository must name the service, whatever the caller and the
/// accounts may do.
///
/// Source: "Create a Lambda function using a container image", permissions for images in Amazon ECR, in the AWS Lambda developer guide.
struct ContainerImage {
    /// The repository's ARN.
    package let repository: ARN
    /// Its name, which may have parts.
    package let name: String

    /// The image that the refused calls name; `nil` where they name none, and for any other refusal.
    init?(_ group: DenialGroup) {
        guard group.reason.slug == "image-permissions" else { return nil }
        let partition = PrincipalName(group.principal).partition
        let found = group.requests.lazy.map { RecordedCall($0) }.compactMap { call in
            (call.parameterText("code", "imageUri") ?? call.parameterText("imageUri")).flatMap {
                Self.repository($0, partition)
            }
        }.first
        guard let found else { return nil }
        (repository, name) = found
    }

    /// Whom changes of its policy are made on.
    package var subjects: [TrailChange.Subject] { [.resource(repository.description), .resource(name)] }

    /// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG`
    private static func repository(_ image: String, _ partition: String) -> (ARN, String)? {
        guard let slash = image.firstIndex(of: "/") else { return nil }
        let host = image[..<slash].split(separator: ".").map(String.init)
        let name = String(image[image.index(after: slash)...].prefix { $0 != ":" && $0 != "@" })
        guard host.count > 4, host[1] == "dkr", host[2] == "ecr", host[0].count == 12, !name.isEmpty else { return nil }
        let arn = ARN(
            partition: partition, service: "ecr", region: host[3], account: host[0], resource: "repository/\(name)")
        return (arn, name)
    }

    /// What is known of the refusal.
    package func known(_ facts: GroupFacts) -> KnownRefusal.Known {
        let service = facts.group.eventSource
        let account = facts.principal.account
        let written = facts.changes.last {
            $0.rule?.target == .resource && $0.isMade(on: repository.description)
                && $0.time <= facts.group.lastSeen
        }
        var story: Prose =
            "\(service) pulls it on its own behalf, not with the caller's permissions: the policy of repository \(name) in account \(repository.account) must name the service."
        if let written, let document = written.document, !names(service, document) {
            story +=
                "The policy that \(written.author) wrote at \(time: written.time) does not. An entry for account \(account) lets that account's principals in, and no service."
        }
        return KnownRefusal.Known(
            title: "", story: story,
            remedy: Remedy(
                .policy,
                "Add the statement below to the policy of repository \(name) in account \(repository.account). No policy of the caller is at fault.",
                commands: [
                    ShellCommand(
                        .ecrGetRepositoryPolicy,
                        [
                            "--registry-id", .value(repository.account, .account), "--repository-name",
                            .value(name, .name("the repository's name")),
                        ] + ShellWord.region(repository.region))
                ], policy: statement(service, account)), evidence: written.map { [$0.evidence] } ?? [])
    }

    private func names(_ service: String, _ document: PolicyDocument) -> Bool {
        document.statements.contains { statement in
            statement.effect == .allow
                && statement.principals?.patterns.contains { $0.text.lowercased() == service } ?? false
        }
    }

    private func statement(_ service: String, _ account: String) -> PolicyDocument {
        // A repository's policy names no resource: it is that of the repository.
        let sources = "arn:\(repository.partition):lambda:\(repository.region):\(account):function:*"
        return .allowing(
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], to: [PrincipalPattern(kind: "Service", service)],
            where: account.isEmpty ? [] : [.init("StringLike", "aws:SourceArn", [sources])])
    }
}
