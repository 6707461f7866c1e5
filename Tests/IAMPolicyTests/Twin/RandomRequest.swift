import OrderedJSON

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Random requests with policies of every kind, from a vocabulary so small that policies and requests often meet.
struct RandomRequest {
    private var random: SeededGenerator

    init(seed: Int) { random = SeededGenerator(seed: seed) }

    private static let account = "111122223333"
    private static let other = "444455556666"

    private static let targets: [(action: String, resources: [String])] = [
        ("s3:GetObject", ["arn:aws:s3:::b/Ann/x", "arn:aws:s3:::b/red/x", "arn:aws:s3:::c/x"]),
        ("s3:PutObject", ["arn:aws:s3:::b/Ann/x"]),
        ("sqs:SendMessage", ["arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:444455556666:q"]),
        ("kms:Decrypt", ["arn:aws:kms:us-east-1:111122223333:key/k", "arn:aws:kms:us-east-1:444455556666:key/k"]),
        ("sts:AssumeRole", ["arn:aws:iam::111122223333:role/Target", "arn:aws:iam::444455556666:role/Target"]),
        ("mobiletargeting:SendMessages", ["arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b/messages"]),
        ("iam:ListRoles", ["*"]),
    ]
    private static let principals: [JSONValue] =
        [
            "arn:aws:iam::111122223333:user/Ann", "arn:aws:iam::111122223333:user/Ann",
            "arn:aws:sts::111122223333:assumed-role/Sender/s1",
            "arn:aws:sts::111122223333:assumed-role/Sender/s1",
            "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x",
            "arn:aws:sts::111122223333:federated-user/Fay", "arn:aws:iam::111122223333:root", "sns.amazonaws.com",
        ].map(JSONValue.string) + [.members(("type", .string("Anonymous")))]
    private static let root = JSONValue.string("arn:aws:iam::111122223333:root")
    private static let roles = [
        "arn:aws:sts::111122223333:assumed-role/Sender/s1": "arn:aws:iam::111122223333:role/app/Sender",
        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/x":
            "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    ]
    private static let named: [JSONValue] = [
        .string("*"), .members(("AWS", .string("*"))), .members(("AWS", .string("111122223333"))),
        .members(("AWS", .string("arn:aws:iam::111122223333:root"))),
        .members(("AWS", .string("arn:aws:iam::111122223333:user/Ann"))),
        .members(("AWS", .string("arn:aws:iam::111122223333:role/app/Sender"))),
        .members(("AWS", .string("arn:aws:sts::111122223333:assumed-role/Sender/s1"))),
        .members(("AWS", .string("arn:aws:sts::111122223333:federated-user/Fay"))),
        .members(("AWS", .string("arn:aws:iam::444455556666:root"))),
        .members(("Service", .string("sns.amazonaws.com"))),
        .members(("AWS", .array([.string("AROAEXAMPLEID123456789"), .string("arn:aws:iam::111122223333:user/Ann")]))),
    ]
    private static let spared: JSONValue = .members(
        (
            "AWS",
            .array(
                [
                    "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app/Sender",
                    "arn:aws:sts::111122223333:assumed-role/Sender/s1", "arn:aws:iam::111122223333:user/Ann",
                ].map(JSONValue.string))
        ))

    /// Keys with the values that they may have and the operators that suit them.
    private static let keys: [(key: String, values: [JSONValue], operators: [String], wanted: [String])] = [
        (
            "aws:username", ["Ann", "Bob", "*"].map(JSONValue.string),
            ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"],
            ["Ann", "ann", "A*", "?nn", "*"]
        ),
        (
            "aws:PrincipalTag/t", ["red", "blue", ""].map(JSONValue.string),
            ["StringEquals", "StringNotEquals", "StringNotLike", "Null", "ForAnyValue:StringEquals"],
            ["red", "r*", "${aws:ResourceTag/t}", "true", "false"]
        ),
        (
            "aws:ResourceTag/t", ["red", "blue"].map(JSONValue.string),
            ["StringEquals", "StringNotEquals", "StringLike", "StringEqualsIgnoreCase", "Null"],
            ["red", "${aws:PrincipalTag/t}", "${aws:PrincipalTag/t, 'blue'}", "${aws:username}*", "true"]
        ),
        (
            "aws:SourceIp", ["203.0.113.7", "2001:db8::1"].map(JSONValue.string), ["IpAddress", "NotIpAddress"],
            ["203.0.113.0/24", "203.0.113.8", "2001:db8::/32", "0.0.0.0/0"]
        ),
        (
            "aws:CurrentTime", ["2026-07-01T00:00:00Z", "1782864000"].map(JSONValue.string),
            ["DateLessThan", "DateGreaterThanEquals", "DateEquals", "DateNotEquals"],
            ["2026-07-01T00:00:00Z", "2026-07-01", "1782864000", "2026-07-01T02:00:00+02:00"]
        ),
        (
            "s3:max-keys", [.integer(10), .string("9.99"), .string("10.0")],
            ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"],
            ["10", "9.99", "10.00", "-3"]
        ),
        (
            "aws:MultiFactorAuthPresent", [.bool(true), .string("false")], ["Bool", "Null"], ["true", "false"]
        ),
        (
            "aws:PrincipalArn",
            ["arn:aws:iam::111122223333:role/app/Sender", "arn:aws:iam::111122223333:user/Ann"].map(JSONValue.string),
            ["ArnEquals", "ArnLike", "ArnNotLike", "ArnNotEquals", "StringLike"],
            [
                "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/Ann", "arn:aws:iam::111122223333:*",
                "arn:aws:iam::*:user/${aws:username}",
            ]
        ),
        (
            "aws:TagKeys", [.array([.string("a")]), .array([.string("a"), .string("b")])],
            [
                "ForAllValues:StringEquals", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals",
                "ForAnyValue:StringNotEquals",
                "ForAnyValue:StringLike",
            ], ["a", "b", "*", "true", "false"]
        ),
    ]

    private mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// A request as `simulate` takes it.
    mutating func request() -> JSONValue {
        let target = one(of: Self.targets)
        let resource = one(of: target.resources)
        let owner = resource.contains(Self.other) || resource.contains(":::") && chance(20) ? Self.other : Self.account
        var principal = one(of: Self.principals)
        if target.action == "sts:AssumeRole", principal == Self.root { principal = Self.principals[0] }
        var members: [JSONValue.Member] = [.init("principal", principal)]
        if let text = principal.stringValue, let role = Self.roles[text] {
            members.append(.init("principalArn", .string(role)))
        }
        members.append(.init("action", .string(target.action)))
        members.append(.init("resource", .members(("resource", .string(resource)), ("accountId", .string(owner)))))

        var context: [JSONValue.Member] = []
        var unknown: [JSONValue] = []
        for key in Self.keys {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<2: break
            case 2, 3: unknown.append(.string(key.key))
            default: context.append(.init(key.key, one(of: key.values)))
            }
        }
        members.append(.init("context", .object(context)))
        if !unknown.isEmpty { members.append(.init("unknownContextKeys", .array(unknown))) }

        members.append(.init("identityPolicies", documents(0...3, target.action, resource)))
        if chance(30), principal != Self.root {
            members.append(.init("permissionBoundaries", documents(1...1, target.action, resource)))
        }
        if chance(25), principal.stringValue?.contains(":sts:") == true {
            members.append(.init("sessionPolicy", document(target.action, resource)))
        }
        if chance(50), !["iam:ListRoles", "mobiletargeting:SendMessages"].contains(target.action) {
            members.append(
                .init("resourcePolicy", document(target.action, resource, principals: Self.named, notPrincipal: true)))
        }
        if chance(30) {
            members.append(.init("serviceControlPolicies", levels(target.action, resource, principals: nil)))
        }
        if chance(20) {
            members.append(
                .init("resourceControlPolicies", levels(target.action, resource, principals: [.string("*")])))
        }
        if chance(15) {
            members.append(
                .init("endpointPolicies", .array([document(target.action, resource, principals: [.string("*")])])))
        }
        if chance(8) {
            let layers = [
                "service-control", "permissions-boundary", "identity-based", "vpc-endpoint",
                "resource-control",
            ]
            members.append(.init("unknownPolicyTypes", .array([.string(one(of: layers))])))
        }
        return .object(members)
    }

    private mutating func levels(_ action: String, _ resource: String, principals: [JSONValue]?) -> JSONValue {
        .array(
            (0..<Int.random(in: 1...3, using: &random)).map { number in
                .members(
                    ("orgIdentifier", .string("level-\(number)")),
                    ("policies", documents(0...2, action, resource, principals: principals, generous: true))
                )
            })
    }

    private mutating func documents(
        _ count: ClosedRange<Int>, _ action: String, _ resource: String, principals: [JSONValue]? = nil,
        generous: Bool = false
    ) -> JSONValue {
        .array(
            (0..<Int.random(in: count, using: &random)).map { _ in
                document(action, resource, principals: principals, generous: generous)
            })
    }

    private mutating func document(
        _ action: String, _ resource: String, principals: [JSONValue]? = nil, notPrincipal: Bool = false,
        generous: Bool = false
    ) -> JSONValue {
        var statements = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            statement(action, resource, principals: principals, notPrincipal: notPrincipal)
        }
        if generous, chance(60) {
            var members: [JSONValue.Member] = [.init("Effect", .string("Allow"))]
            if let principals { members.append(.init("Principal", principals[0])) }
            members += [.init("Action", .string("*")), .init("Resource", .string("*"))]
            statements.append(.object(members))
        }
        let version: [JSONValue.Member] = chance(85) ? [.init("Version", .string("2012-10-17"))] : []
        return .object(version + [.init("Statement", .array(statements))])
    }

    /// A statement that often has to do with this action and this resource.
    mutating func statement(
        _ action: String, _ resource: String, principals: [JSONValue]? = nil, notPrincipal: Bool = false,
        effect: String? = nil
    ) -> JSONValue {
        let effect = effect ?? (chance(80) ? "Allow" : "Deny")
        var members: [JSONValue.Member] = [.init("Effect", .string(effect))]
        if let principals {
            if notPrincipal, effect == "Deny", chance(15) {
                members.append(.init("NotPrincipal", chance(60) ? Self.spared : Self.named[8]))
            } else {
                members.append(.init("Principal", one(of: principals)))
            }
        }
        let service = String(action.prefix { $0 != ":" })
        let actions = [
            action, service + ":*", "*", action.uppercased(), service + ":?e*", "ec2:*", "*:*", service + ":Nothing",
        ]
        members.append(.init(chance(12) ? "NotAction" : "Action", list(actions)))
        var resources = [
            "*", resource, String(resource.dropLast()) + "*", "arn:aws:" + service + ":*:*:*", "arn:aws:s3:::other/*",
        ]
        if service == "s3" {
            resources += [
                "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'red'}/x", "arn:aws:s3:::?/*",
            ]
        }
        members.append(.init(chance(12) ? "NotResource" : "Resource", list(resources)))
        if chance(45) {
            var operators: [JSONValue.Member] = []
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let key = one(of: Self.keys)
                var name = one(of: key.operators)
                if name != "Null", chance(25) { name += "IfExists" }
                let values = name == "Null" ? .string(chance(50) ? "true" : "false") : list(key.wanted)
                if !operators.contains(where: { $0.key == name }) {
                    operators.append(.init(name, .members((chance(20) ? key.key.uppercased() : key.key, values))))
                }
            }
            members.append(.init("Condition", .object(operators)))
        }
        return .object(members)
    }

    private mutating func list(_ texts: [String]) -> JSONValue {
        if chance(60) { return .string(one(of: texts)) }
        return .array((0..<Int.random(in: 1...2, using: &random)).map { _ in .string(one(of: texts)) })
    }

    /// The request with everything in another order in which order means nothing.
    mutating func shuffled(_ value: JSONValue, key: String = "") -> JSONValue {
        switch value {
        case .object(let members):
            let changed = members.map { JSONValue.Member($0.key, shuffled($0.value, key: $0.key)) }
            return .object(key == "document" || key.isEmpty ? changed : changed.shuffled(using: &random))
        case .array(let values):
            let changed = values.map { shuffled($0, key: "") }
            return .array(
                key == "serviceControlPolicies" || key == "resourceControlPolicies"
                    ? changed : changed.shuffled(using: &random))
        default: return value
        }
    }

    /// The request with each of some unknown keys resolved: absent, or with a value.
    mutating func resolved(_ request: JSONValue, only chosen: [String]? = nil) -> JSONValue {
        guard case .object(var members) = request, let unknown = request.last("unknownContextKeys")?.texts,
            case .object(var context) = request.last("context")
        else { return request }
        var left: [JSONValue] = []
        for name in unknown {
            if let chosen, !chosen.contains(where: { $0.lowercased() == name.lowercased() }) {
                left.append(.string(name))
            } else if !chance(35), let key = Self.keys.first(where: { $0.key == name }) {
                context.append(.init(name, one(of: key.values)))
            }
        }
        members.removeAll { $0.key == "unknownContextKeys" || $0.key == "context" }
        members.append(.init("context", .object(context)))
        if !left.isEmpty { members.append(.init("unknownContextKeys", .array(left))) }
        return .object(members)
    }

    /// The request with one more statement in one of its policies, and where that is: nil where it has no place for one.
    mutating func adding(effect: String, to request: JSONValue) -> JSONValue? {
        guard case .object(var members) = request else { return nil }
        let places = [
            "identityPolicies", "permissionBoundaries", "sessionPolicy", "resourcePolicy", "endpointPolicies",
        ]
        let index = members.indices.filter { places.contains(members[$0].key) }.shuffled(using: &random)[0]
        let key = members[index].key
        let action = request.last("action")?.stringValue ?? ""
        let resource = request.last("resource")?.last("resource")?.stringValue ?? ""
        let new = statement(
            action, resource,
            principals: key == "resourcePolicy" ? Self.named : key == "endpointPolicies" ? [.string("*")] : nil,
            effect: effect)
        func added(_ document: JSONValue) -> JSONValue {
            guard case .object(let parts) = document else { return document }
            return .object(
                parts.map { part in
                    part.key == "Statement" ? JSONValue.Member(part.key, .array(part.value.elements + [new])) : part
                })
        }
        switch members[index].value {
        case .array(let documents):
            guard let first = documents.first else {
                members[index].value = .array([.members(("Statement", .array([new])))])
                return .object(members)
            }
            members[index].value = .array([added(first)] + documents.dropFirst())
        case let document: members[index].value = added(document)
        }
        return .object(members)
    }
}
