import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
package import Wording

/// What is granted outside of policies: Block Public Access, shares of images, Lake Formation, delegated administrators.
extension ChangeCommands {
    /// The command that shows the settings of a bucket.
    package static func showBucket(_ name: String, region: String?) -> ShellCommand {
        ShellCommand(
            .s3apiGetPublicAccessBlock, ["--bucket", .bucket(name)] + ShellWord.region(region))
    }

    /// The command that shows the settings that a change wrote.
    package static func publicAccess(_ change: TrailChange) -> ShellCommand {
        if case .resource(let bucket)? = change.publicAccessSubject {
            return showBucket(bucket, region: change.change.awsRegion)
        }
        return ShellCommand(
            .s3controlGetPublicAccessBlock,
            [
                "--account-id", .value(change.account, .account),
            ])
    }

    /// The commands that show what a change left behind, and that undo it.
    package static func grantCommands(for change: TrailChange) -> [ShellCommand] {
        let region = ShellWord.region(change.change.awsRegion)
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            guard let grantee = change.grantee else { return [] }
            let principal = ShellWord.Field(
                name: "DataLakePrincipalIdentifier", value: grantee,
                form: .nameOrARN("the grantee", service: nil))
            return [
                ShellCommand(
                    .lakeformationListPermissions, ["--principal", .structures([[principal]])] + region)
            ]
        case "ec2.amazonaws.com":
            guard let image = change.change.target else { return [] }
            let id = ShellWord.value(image, .id("the image's id", prefix: "ami-"))
            let show = ShellCommand(
                .ec2DescribeImageAttribute,
                ["--image-id", id, "--attribute", "launchPermission"]
                    + region)
            let accounts = change.sharingEnded.filter(ValueForm.isAccount)
            guard !accounts.isEmpty else { return [show] }
            let users: [ShellWord.Piece] = accounts.enumerated().flatMap { index, account -> [ShellWord.Piece] in
                [.ours(index == 0 ? "{UserId=" : ",{UserId="), .value(account, .account), .ours("}")]
            }
            return [
                show,
                ShellCommand(
                    .ec2ModifyImageAttribute,
                    [
                        "--image-id", id, "--launch-permission",
                        ShellWord([.ours("Add=[")] + users + [.ours("]")]),
                    ] + region),
            ]
        default:
            guard let account = change.organizationTarget else { return [] }
            let show = ShellCommand(.organizationsListDelegatedAdministrators)
            guard change.rule?.direction == .takes, let service = change.parameter("servicePrincipal") else {
                return [show]
            }
            return [
                show,
                ShellCommand(
                    .organizationsRegisterDelegatedAdministrator,
                    [
                        "--account-id",
                        .value(account, .account), "--service-principal",
                        .value(service, .name("the service's principal")),
                    ]),
            ]
        }
    }
}
