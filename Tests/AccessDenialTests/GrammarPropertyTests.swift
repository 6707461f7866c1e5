import IAMPolicy
import Testing

@testable import AccessDenial

/// Messages built from the grammar are read back, whole and cut; bytes that are no message never trap.
struct GrammarPropertyTests {
    /// SplitMix64: the same messages on every machine.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func pick<T>(_ values: [T]) -> T { values[Int(next() % UInt64(values.count))] }
        mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }
    }

    /// A message and what it says.
    struct Built {
        var text: String
        var principal: String?
        var action: String
        var resource: String?
        var reason: Reason
        var passedThrough: PolicyType?
        var policyARN: String?
        var authorizationID: String?
        var encoded: DenialMessage.EncodedMessage
        /// Where the words begin of which a cut can leave a part that reads like the whole.
        var isHostile: Bool
    }

    static let principals = [
        "arn:aws:iam::111122223333:user/team/mail-er", "arn:aws:sts::111122223333:assumed-role/app+x=y,z.@-_/i-0abc",
        "arn:aws-us-gov:sts::444455556666:federated-user/vault-1", "arn:aws-cn:iam::444455556666:root", "anonymous",
        "arn:aws-eusc:sts::123456789012:assumed-role/app_unauth/CognitoIdentityCredentials",
    ]
    static let actions = [
        "mobiletargeting:SendMessages", "SNS:Publish", "s3:GetObject", "apigateway:GET", "ec2:RunInstances",
        "ec2-instance-connect:SendSSHPublicKey", "sms-voice:SendTextMessage", "ES:ESHttpGet",
    ]
    static let plainResources = [
        "*", "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0123abcd/messages",
        "arn:aws:sqs:us-east-1:111122223333:", "user", "user NAME", "instance profile web server",
        "policy arn:aws:iam::111122223333:policy/P version v2", "MyRule", "access key AKIAIOSFODNN7EXAMPLE",
        "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/*", "+15555550100",
    ]
    static let hostileResources = [
        "arn:aws:s3:::b/k because no session policy allows the s3:GetObject action",
        "arn:aws:s3:::b/k with an explicit deny in a service control policy: arn:aws:iam::aws:policy/X",
        "arn:aws:s3:::b/is not authorized to perform: iam:PassRole on resource: \"x\" because no",
        "arn:aws:s3:::b/\" with an explicit deny", "arn:aws:s3:::b/日本語 on resource: y",
        "arn:aws:s3:::b/k. Encoded authorization failure message: AAAA because",
    ]
    static let types: [(name: String, article: String, type: PolicyType)] = [
        ("identity-based policy", "an", .identityBased), ("resource-based policy", "a", .resourceBased),
        ("service control policy", "a", .serviceControl), ("resource control policy", "a", .resourceControl),
        ("permissions boundary", "a", .permissionsBoundary), ("session policy", "a", .session),
        ("VPC endpoint policy", "a", .vpcEndpoint), ("role trust policy", "the", .roleTrust),
    ]
    static let policies = [
        "arn:aws:iam::111122223333:policy/path/Deny.One", "arn:aws:iam::aws:policy/AWSDenyAll",
        "arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-examplepolicyid",
    ]

    static func build(_ random: inout Generator) -> Built {
        let principal = random.pick(principals)
        let action = random.pick(actions)
        let colon = action.firstIndex(of: ":") ?? action.endIndex
        var built = Built(
            text: "", principal: principal, action: action[..<colon].lowercased() + action[colon...], reason: .unstated,
            encoded: .absent, isHostile: false)
        var text = "User: \(principal) is not authorized to perform: \(action)"
        switch random.next() % 6 {
        case 0: break
        case 1: text += random.pick([" on this resource", " on the specified resource"])
        case 2, 3:
            let resource = random.pick(plainResources)
            built.resource = resource
            text += " on resource: \(resource)"
        case 4:
            let resource = random.pick(plainResources)
            built.resource = resource
            text += " on resource: \"\(resource)\""
        default:
            let resource = random.pick(hostileResources)
            built.resource = resource
            built.isHostile = true
            text += " on resource: \"\(resource)\""
        }
        switch random.next() % 10 {
        case 0...3:
            let type = random.pick(types)
            built.reason = .missingAllow(type.type)
            text += " because no \(type.name) allows the \(action) action"
        case 4...7:
            let type = random.pick(types)
            built.reason = .explicitDeny(type.type)
            text += " with an explicit deny in \(type.article) \(type.name)"
            if random.chance(15) {
                let deciding = random.pick(types)
                built.passedThrough = type.type
                built.reason = .explicitDeny(deciding.type)
                text += " transitively through \(deciding.article) \(deciding.name)"
            }
            if random.chance(50) {
                let policy = random.pick(policies)
                built.policyARN = policy
                text += random.pick([": ", ", with policy ARN: "]) + policy
            }
        case 8:
            built.reason = .explicitDeny(nil)
            text += " with an explicit deny"
        default: break
        }
        switch random.next() % 6 {
        case 0:
            let id = String((0..<25).map { _ in random.pick(Array("abcdefghijklmnopqrstuvwxyz0123456789")) })
            built.authorizationID = id
            text +=
                ". Go to https://eu-west-1.console.aws.amazon.com/iam/home?region=eu-west-1#/authorization-details/\(id) "
                + "for complete details, or call the GetRequestAuthorizationDetails API with the following authorization "
                + "id: \(id)"
        case 1:
            built.encoded = .whole
            text = "You are not authorized to perform this operation. " + text
            text += ". Encoded authorization failure message: " + String(repeating: "aZ0_-", count: 20)
        case 2: text = "KMS key access denied error: com.example.AWSKMSException: " + text
        case 3: text = "An error occurred (AccessDenied) when calling the GetObject operation: " + text
        default: break
        }
        built.text = text
        return built
    }

    /// Any case of letters outside of names would do; whole messages in one case come out of no service, but old ones mix.
    static func respaced(_ text: String, _ random: inout Generator) -> String {
        var result = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == " ", !isQuoted, random.chance(20) {
                result += random.pick(["  ", "\n", " \t ", "\r\n"])
            } else {
                result.append(character)
            }
        }
        return result
    }

    @Test(arguments: 0..<40) func readsBackWhatTheGrammarBuilds(seed: UInt64) {
        var random = Generator(state: seed)
        for _ in 0..<50 {
            let built = Self.build(&random)
            expect(DenialMessage(built.text, isTruncated: false), says: built, in: built.text)
            guard !built.isHostile else { continue }
            let spaced = Self.respaced(built.text, &random)
            expect(DenialMessage(spaced, isTruncated: false), says: built, in: spaced)
        }
    }

    private func expect(_ message: DenialMessage, says built: Built, in text: String) {
        #expect(message.principal == built.principal, "\(text)")
        #expect(message.action == built.action, "\(text)")
        #expect(message.resource == built.resource, "\(text)")
        #expect(message.reason == built.reason, "\(text)")
        #expect(message.passedThrough == built.passedThrough, "\(text)")
        #expect(message.policyARN == built.policyARN, "\(text)")
        #expect(message.authorizationID == built.authorizationID, "\(text)")
        #expect(message.encodedMessage == built.encoded, "\(text)")
        #expect(message.showsRefusal, "\(text)")
    }

    @Test(arguments: 0..<20) func saysNothingWrongWhereTheMessageIsCut(seed: UInt64) {
        var random = Generator(state: 1_000 + seed)
        for _ in 0..<10 {
            let built = Self.build(&random)
            let bytes = Array(built.text.utf8)
            for length in bytes.indices {
                let text = String(decoding: bytes[..<length], as: UTF8.self)
                let message = DenialMessage(text + (random.chance(50) ? "..." : ""), isTruncated: true)
                #expect(message.isTruncated)
                if built.isHostile { continue }
                // Each part is read right or not at all.
                #expect(message.principal == nil || message.principal == built.principal, "\(text)")
                #expect(message.action == nil || message.action == built.action, "\(text)")
                #expect(message.resource == nil || message.resource == built.resource, "\(text)")
                #expect(message.policyARN == nil || message.policyARN == built.policyARN, "\(text)")
                #expect(message.authorizationID == nil, "\(text)")
                #expect(message.encodedMessage != .whole, "\(text)")
                let isPart =
                    [.unstated, .named("message-cut"), built.reason].contains(message.reason)
                    || message.reason.effect == built.reason.effect && message.reason.policyType == nil
                    || message.reason == .explicitDeny(built.passedThrough)
                #expect(isPart, "\(message.reason): \(text)")
            }
        }
    }

    @Test(arguments: 0..<20) func neverTrapsOnRandomBytes(seed: UInt64) {
        var random = Generator(state: 2_000 + seed)
        let words = [
            "User: ", " is not authorized to ", "perform: ", "perform", "access ", " on resource: ", "\"", "`", "'",
            " ",
            " because ", "no ", " with an explicit deny", " in a ", "policy", ": arn:", ".", "...", ":", "[", "]",
            "\u{301}",
            " Go to https://", " for complete details, or call the ", "Encoded authorization failure message:", "é",
            "\u{0}",
            "Principal [", "is not allowed to execute [", "Access to the resource ", " is denied", "not authorized to ",
        ]
        for _ in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(random.next() % 24) {
                if random.chance(70) {
                    bytes += Array(random.pick(words).utf8)
                } else {
                    bytes.append(UInt8(truncatingIfNeeded: random.next()))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for isTruncated in [false, true] {
                let message = DenialMessage(text, isTruncated: isTruncated)
                #expect(Reason(slug: message.reason.slug) == message.reason)
            }
        }
    }

    @Test func readsNoMoreThanItsLimit() {
        let key = String(repeating: "a because no ", count: 100_000)
        let message = DenialMessage("User: x is not authorized to perform: s3:GetObject on resource: \"\(key)\"")
        #expect(message.isTruncated)
        #expect(message.action == "s3:GetObject")
        #expect(message.resource == nil)
    }
}
