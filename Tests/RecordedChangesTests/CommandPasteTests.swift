import AccessDenial
import Foundation
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedChanges
import TestSupport
import Testing
import TrailStore
import Wording

/// Every command of every change, made of what an attacker may name things, pasted into real shells.
@Suite struct CommandPasteTests {
    /// Names that would run something, be taken for an option, hide, or end early.
    static let hostileTexts = [
        "$(>pwned)", "`>pwned`", "a'; >pwned; '", "'\"'\"'$(>pwned)", "x'''$(>pwned) #''''", "\"; >pwned; \"",
        "a\n>pwned\n",
        "a\r>pwned", "a && >pwned", "a|>pwned", "!!", "a'!b", "~root", "*", "?[a-z]*", "{a,b}", "#x", "%s\\n", "\\",
        "\\'",
        "a\\", "-x", "--debug", "--", "-", "file:///etc/passwd", "fileb://x", "https://evil.example/x", "@x", "=a",
        "a=b,c=d",
        "[\"x\"]", "{\"a\":1}", "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "'\u{301}; >pwned; '",
        "a\u{202E}b\u{2066}",
        "\u{430}dmin", "zero\u{200B}width\u{FEFF}", "\u{E9}", "日本語 🙂🏽", "\u{7F}\u{1B}[2J\u{7}", "\u{85}\u{2028}",
        "a\0b", "lost \u{FFFD} bytes", "", " ", "\t", String(repeating: "A", count: 3_000),
        String(repeating: "$(>pwned) #x'''", count: 34), "$'\\x41'", "\"$'", "``` ````", "arn:aws:iam::1:role/x",
        "arn:aws:iam::111122223333:policy/$(>pwned)", "arn:aws:s3:::bucket/'$(>pwned)'",
        "arn:evil:kms:us-east-1:111122223333:key/x",
        "vpce-0abc$(>pwned)", "p-abc;>pwned", "https://sqs.evil.example/111122223333/q",
        "https://sqs.us-east-1.amazonaws.com.evil.example/111122223333/q",
    ]

    /// What records call things; every name that a rule asks for.
    private static let parameterNames = [
        "roleName", "userName", "groupName", "policyArn", "policyName", "permissionsBoundary", "versionId", "clientID",
        "openIDConnectProviderArn", "sAMLProviderArn", "policyId", "targetId", "accountId", "instanceProfileName",
        "identityPoolId", "stateMachineArn", "clusterName", "cluster", "service", "family", "taskDefinition",
        "functionName",
        "instanceId", "bucketName", "keyId", "topicArn", "queueUrl", "resourceArn", "secretId", "vpcEndpointId",
        "servicePrincipal", "instanceArn", "permissionSetArn", "managedPolicyArn", "granteePrincipal", "tableName",
        "repositoryName", "name", "streamName", "eventBusName", "fileSystemId", "emailIdentity", "image", "grantId",
    ]

    /// A record that calls everything by one text.
    private static func record(_ text: String) -> String {
        var members = parameterNames.map { JSONValue.Member($0, .string(text)) }
        members.append(.init("principal", .members(("dataLakePrincipalIdentifier", .string(text)))))
        members.append(.init("tags", .array([.members(("key", .string(text)), ("value", .string(text)))])))
        return JSONValue.members(("requestParameters", .object(members))).prettyText()
    }

    /// A change whose record is told where it is whole.
    private static func change(_ source: String, _ name: String, _ text: String, record: String?) -> TrailChange {
        TrailChange(
            PermissionChange(
                eventID: "e", eventTime: "2026-11-09T10:12:00Z", eventSource: source, eventName: name, actor: text,
                targetType: record == nil ? "role" : nil, target: text, policyARN: text, accountId: "111122223333",
                awsRegion: record == nil ? text : "us-east-1", record: record))
    }

    /// The commands of every change in the catalogue, each with every text.
    private static let commands: [(command: ShellCommand, text: String)] = {
        var commands: [(ShellCommand, String)] = []
        let records = hostileTexts.map(record)
        let events = ChangeCatalogue.events.filter { ChangeCatalogue.rule(source: $0.source, name: $0.name) != nil }
        for event in events.sorted(by: { ($0.source, $0.name) < ($1.source, $1.name) }) {
            for (text, record) in zip(hostileTexts, records) {
                for record in [record, nil] {
                    let change = change(event.source, event.name, text, record: record)
                    commands += ChangeCommands.commands(for: change).map { ($0, text) }
                }
            }
        }
        return commands
    }()

    @Test func `A command is one line of printable ASCII, or absent with the reason`() {
        #expect(Self.commands.count > 3_000)
        for (command, text) in Self.commands {
            guard let line = command.line else {
                #expect(!command.leftOut.isEmpty && [command].leftOut.plain.contains(command.title))
                #expect(text.count < 8 || !command.leftOut.plain.contains(text), "the reason tells the text")
                continue
            }
            #expect(command.leftOut.isEmpty && line.hasPrefix("aws "))
            #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && line.utf8.count <= ShellCommand.lineLimit)
        }
    }

    @Test func `What is shown, redacted, is a command all the same`() {
        for (command, _) in Self.commands.prefix(2_000) {
            let redacted = command.replacingValues { _ in "name-1" }
            #expect((redacted.line == nil) == (command.line == nil) && redacted.title == command.title)
        }
    }

    @Test(arguments: ["bash", "dash", "zsh", "ksh", "mksh"])
    func `A shell hands on the words and runs nothing else`(_ shell: String) throws {
        guard let path = ["/bin/", "/usr/bin/"].map({ $0 + shell }).first(where: FileManager.default.isExecutableFile)
        else {
            return
        }
        // dash knows no `$'…'`, which is why the README names the others.
        let commands = Self.commands.map(\.command).filter { shell != "dash" || !($0.line ?? "").contains("$'") }
        let extra = Self.hostileTexts.filter { !$0.contains("\0") }.map { ["aws", "x", $0] }
            .filter { shell != "dash" || !ShellQuoting.quoted($0[2]).hasPrefix("$'") }
        let lines =
            Array(Set(commands.compactMap(\.line))).sorted()
            + extra.map { $0.map(ShellQuoting.quoted).joined(separator: " ") }
        let expected = Dictionary(
            commands.compactMap { command in command.line.map { ($0, command.arguments) } },
            uniquingKeysWith: { first, _ in first })
        let wanted = lines.prefix(lines.count - extra.count).flatMap { expected[$0] ?? [] } + extra
        #expect(try Shell.paste(lines, into: path) == wanted)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var word: ShellWord
        var line: String?
        var testDescription: String { line ?? "left out: \(word)" }
    }

    @Test(arguments: [
        Case(word: .role("order-notifier"), line: "aws iam get-role --role-name order-notifier"),
        Case(word: .role("--debug"), line: "aws iam get-role --role-name=--debug"),
        Case(word: .role("-x y"), line: "aws iam get-role '--role-name=-x y'"),
        Case(word: .role("it's"), line: #"aws iam get-role --role-name 'it'\''s'"#),
        Case(word: .role("Größe"), line: #"aws iam get-role --role-name $'Gr\303\266\303\237e'"#),
        Case(word: .role("a\u{301}'\\!"), line: #"aws iam get-role --role-name $'a\314\201\047\134\041'"#),
        Case(word: .role("a\nb"), line: #"aws iam get-role --role-name $'a\012b'"#),
        Case(word: .role(""), line: nil), Case(word: .role("a\0b"), line: nil),
        Case(word: .role("\u{FFFD}"), line: nil),
        Case(word: .role("file:///etc/passwd"), line: nil), Case(word: .role("FILE://x"), line: nil),
        Case(word: .role("arn:aws:iam::111122223333:role/x"), line: nil),
        Case(word: .role(String(repeating: "x", count: 3_000)), line: nil),
    ]) func `Names may be any text`(_ row: Case) {
        #expect(ShellCommand(["aws", "iam", "get-role", "--role-name", row.word]).line == row.line)
    }

    struct Form: Sendable, CustomTestStringConvertible {
        var form: ValueForm
        var text: String
        var isGood: Bool
        init(_ form: ValueForm, _ text: String, _ isGood: Bool) {
            self.form = form
            self.text = text
            self.isGood = isGood
        }
        var testDescription: String { "\(text) \(isGood)" }
    }

    static let forms: [Form] =
        [
            "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
            "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/a",
            "https://us-west-2.queue.amazonaws.com/111122223333/a.fifo", "https://queue.amazonaws.com/111122223333/a",
            "https://sqs-fips.us-gov-west-1.amazonaws.com/111122223333/a",
            "https://sqs.eu-west-1.api.aws/111122223333/a_b-c",
        ].map { Form(.queueURL, $0, true) }
        + [
            "https://evil.example/111122223333/orders",
            "https://sqs.us-east-1.amazonaws.com.evil.example/111122223333/a",
            "http://sqs.us-east-1.amazonaws.com/111122223333/a", "https://sqs.us-east-1.amazonaws.com/1/a",
            "https://x@evil.example/111122223333/a", "https://sqs.us-east-1.amazonaws.com/111122223333/a?b",
            "https://sqs.us-east-1.amazonaws.com:444/111122223333/a", "https://sqs..amazonaws.com/111122223333/a",
            "https://sqs.us-east-1.amazonaws.com/111122223333/a/b", "https://sqs.us-east-1.amazonaws.com/111122223333/",
            "https://sqs.evil.example#.amazonaws.com/111122223333/a", "orders", "",
        ].map { Form(.queueURL, $0, false) }
        + ["us-east-1", "eu-central-2", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1"].map {
            Form(.region, $0, true)
        }
        + ["us-east-1;", "us", "US-EAST-1", "us-east-", "a--1", "../1"].map { Form(.region, $0, false) }
        + [
            Form(.arn(service: "iam"), "arn:aws:iam::111122223333:policy/x", true),
            Form(.arn(service: "iam"), "arn:aws:iam::aws:policy/x", true),
            Form(.arn(service: "iam"), "arn:aws-us-gov:iam::111122223333:policy/x", true),
            Form(.arn(service: "iam"), "arn:aws:s3:::x", false),
            Form(.arn(service: "iam"), "arn:evil:iam::111122223333:policy/x", false),
            Form(.arn(service: "iam"), "arn:aws:iam::12:policy/x", false),
            Form(.arn(service: "iam"), "arn:aws:iam::111122223333:", false),
            Form(.arn(service: nil), "arn:aws:s3:::bucket/a key", true),
            Form(.arn(service: nil), "arn:aws:a b:::x", false),
            Form(.account, "111122223333", true), Form(.account, "11112222333", false),
            Form(.account, "１１１１２２２２３３３３", false),
            Form(.organizationTarget, "ou-ab12-cd34", true), Form(.organizationTarget, "r-ab12", true),
            Form(.organizationTarget, "x-1", false), Form(.id("", prefix: "i-"), "i-0abc", true),
            Form(.id("", prefix: "i-"), "i-", false),
            Form(.id("", prefix: "i-"), "i-0,Name=x", false), Form(.action, "s3:GetObject", true),
            Form(.action, "s3:Get*", false),
            Form(.action, "s3:", false), Form(.policyVersion, "v12", true), Form(.policyVersion, "v", false),
            Form(.policyVersion, "v1 ", false), Form(.encodedMessage, "ab_-=", true),
            Form(.encodedMessage, "a b", false),
            Form(.nameOrARN("", service: "kms"), "alias/x", true),
            Form(.nameOrARN("", service: "kms"), "arn:aws:s3:::x", false),
            Form(.text(""), "", true), Form(.text(""), "arn:x", true),
        ]

    @Test(arguments: forms) func `What a service writes is used in that form alone`(_ row: Form) {
        #expect((row.form.fault(row.text) == nil) == row.isGood)
    }

    @Test func `A structure's values cannot end it`() {
        func word(_ value: String) -> ShellCommand {
            ShellCommand([
                "aws", "iam", "tag-role", "--tags",
                .structures([
                    [
                        .init(name: "Key", value: "k", form: .text("")),
                        .init(name: "Value", value: value, form: .text("")),
                    ]
                ]),
            ])
        }
        #expect(word("prod").line == "aws iam tag-role --tags Key=k,Value=prod")
        #expect(word("a,Key=b").line == #"aws iam tag-role --tags '{"Key": "k","Value": "a,Key=b"}'"#)
    }
}
