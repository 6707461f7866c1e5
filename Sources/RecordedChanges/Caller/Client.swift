package import TrailStore

/// What a change was made with, told by the caller's agent, by the service that called, and by where the credentials come from.
public struct Client: Sendable, Hashable {
    /// The kind of client.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// The AWS console, in a browser.
        case console
        /// The AWS CLI, CloudShell or the PowerShell tools.
        case cli
        /// A program that uses an AWS SDK.
        case sdk
        /// Terraform, CloudFormation and their like, or a pipeline.
        case iac
        /// An AWS service on its own account.
        case service
    }

    /// The kind of client.
    public var kind: Kind
    /// Its name for a sentence: `the AWS CLI`, `Terraform`, `GitHub Actions`.
    public var name: String

    /// A client.
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// The client of a caller; `nil` where nothing tells it.
    package init?(_ caller: ChangeCaller) {
        let services = [caller.invokedBy, caller.sourceIPAddress, caller.userAgent].compactMap(\.self)
        if let host = services.first(where: { $0.hasSuffix(".amazonaws.com") && !Self.consoleHosts.contains($0) }) {
            self = Self.services.first { host == $0.text }?.client ?? Client(.service, host)
            return
        }
        let agent = (caller.userAgent ?? "").lowercased()
        let agentBytes = Array(agent.utf8)
        // A tool that calls through an SDK names both: the rows of tools come first.
        let known = Self.agents.first { $0.stands(in: agentBytes) }
        if let known, known.client.kind == .iac {
            self = known.client
            return
        }
        let provider = Array((caller.federatedProvider ?? "").utf8)
        if let row = Self.providers.first(where: { $0.stands(in: provider) }) {
            self = row.client
            return
        }
        let session = caller.arn?.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
        if let row = Self.sessions.first(where: { session.hasPrefix($0.text) }) {
            self = row.client
            return
        }
        if let known {
            self = known.client
            return
        }
        guard caller.isFromConsole || Self.consoleHosts.contains(agent) else { return nil }
        self = .console
    }

    /// The AWS console.
    package static let console = Client(.console, "the AWS console")

    private struct Row: Sendable {
        var text: String
        var client: Client
        private var bytes: [UInt8]

        init(_ text: String, _ kind: Kind, _ name: String) {
            self.text = text
            client = Client(kind, name)
            bytes = Array(text.utf8)
        }

        /// Whether the text stands anywhere in another one, byte by byte.
        func stands(in other: [UInt8]) -> Bool {
            guard let first = bytes.first, other.count >= bytes.count else { return false }
            return (0...(other.count - bytes.count)).contains { start in
                other[start] == first && other[start..<(start + bytes.count)].elementsEqual(bytes)
            }
        }
    }

    /// Agents and addresses under which the console itself calls. Source: "CloudTrail record contents", field userAgent.
    private static let consoleHosts: Set<String> = ["console.amazonaws.com", "signin.amazonaws.com", "aws internal"]

    /// Services that act by what somebody wrote down. Source: "CloudTrail record contents", fields invokedBy and sourceIPAddress.
    private static let services = [
        Row("cloudformation.amazonaws.com", .iac, "CloudFormation"),
        Row("proton.amazonaws.com", .iac, "AWS Proton"),
        Row("servicecatalog.amazonaws.com", .iac, "Service Catalog"),
        Row("codepipeline.amazonaws.com", .iac, "CodePipeline"),
        Row("codebuild.amazonaws.com", .iac, "CodeBuild"),
        Row("sso.amazonaws.com", .service, "IAM Identity Center"),
        Row("controltower.amazonaws.com", .service, "Control Tower"),
    ]

    /// Parts of agents, in lower case; the first that fits decides. Sources: the agent strings that the tools' own documentation
    /// names, and "User agent" in the AWS SDKs and tools reference guide (`exec-env/CloudShell`).
    private static let agents = [
        Row("terraform", .iac, "Terraform"), Row("opentofu", .iac, "OpenTofu"), Row("pulumi", .iac, "Pulumi"),
        Row("aws-cdk", .iac, "the AWS CDK"), Row("aws-sam-cli", .iac, "the AWS SAM CLI"),
        Row("crossplane", .iac, "Crossplane"), Row("ansible", .iac, "Ansible"),
        Row("configure-aws-credentials-for-github-actions", .iac, "GitHub Actions"),
        Row("exec-env/cloudshell", .cli, "CloudShell"), Row("aws-cli/", .cli, "the AWS CLI"),
        Row("awspowershell", .cli, "the AWS Tools for PowerShell"),
        Row("aws-internal/", .console, "the AWS console"), Row("[s3console/", .console, "the S3 console"),
        Row("mozilla/", .console, "the AWS console"),
        Row("boto3/", .sdk, "the AWS SDK for Python"), Row("botocore/", .sdk, "the AWS SDK for Python"),
        Row("aws-sdk-java", .sdk, "the AWS SDK for Java"), Row("aws-sdk-go", .sdk, "the AWS SDK for Go"),
        Row("aws-sdk-nodejs", .sdk, "the AWS SDK for JavaScript"),
        Row("aws-sdk-js", .sdk, "the AWS SDK for JavaScript"),
        Row("aws-sdk-ruby", .sdk, "the AWS SDK for Ruby"), Row("aws-sdk-php", .sdk, "the AWS SDK for PHP"),
        Row("aws-sdk-dotnet", .sdk, "the AWS SDK for .NET"), Row("aws-sdk-net", .sdk, "the AWS SDK for .NET"),
        Row("aws-sdk-rust", .sdk, "the AWS SDK for Rust"), Row("aws-sdk-cpp", .sdk, "the AWS SDK for C++"),
        Row("aws-sdk-kotlin", .sdk, "the AWS SDK for Kotlin"), Row("aws-sdk-swift", .sdk, "the AWS SDK for Swift"),
        Row("aws-sdk-", .sdk, "an AWS SDK"),
    ]

    /// Identity providers of pipelines. Source: the OpenID Connect pages of each.
    private static let providers = [
        Row("token.actions.githubusercontent.com", .iac, "GitHub Actions"), Row("gitlab.com", .iac, "GitLab CI/CD"),
        Row("app.terraform.io", .iac, "HCP Terraform"), Row("oidc.circleci.com", .iac, "CircleCI"),
        Row("agent.buildkite.com", .iac, "Buildkite"), Row("api.bitbucket.org", .iac, "Bitbucket Pipelines"),
        Row("vstoken.dev.azure.com", .iac, "Azure Pipelines"),
    ]

    /// Names that tools give their sessions unless told otherwise. Sources: aws-actions/configure-aws-credentials
    /// (`role-session-name`), and what CodeBuild, CloudFormation and HCP Terraform call theirs.
    private static let sessions = [
        Row("GitHubActions", .iac, "GitHub Actions"), Row("AWSCodeBuild-", .iac, "CodeBuild"),
        Row("AWSCloudFormation", .iac, "CloudFormation"), Row("terraform-run-", .iac, "HCP Terraform"),
    ]
}
