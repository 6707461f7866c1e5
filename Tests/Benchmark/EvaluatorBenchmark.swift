import Foundation
import IAMPolicy

// Measures the policy evaluator on one core; see Scripts/benchmark-evaluator, which compiles it apart from the package.
//
// Prints one line of JSON a measurement: what, times a second, and what the requests were answered (so that nothing is optimised away).

/// A document of `count` statements, of which the last one allows what is asked for.
func document(_ count: Int, index: Int) -> String {
    let services = ["ec2", "dynamodb", "sqs", "sns", "lambda", "kms", "logs", "events", "states", "s3"]
    var statements = (0..<count - 1).map { number -> String in
        let service = services[(number + index) % services.count]
        let condition =
            number % 3 == 0
            ? #", "Condition": {"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}"# : ""
        return """
            {"Sid": "S\(number)", "Effect": "Allow", "Action": ["\(service):Get*", "\(service):List*", "\(service):Describe*"],
             "Resource": ["arn:aws:\(service):*:111122223333:*team-\(number)*", "arn:aws:\(service):*:111122223333:shared/*"]\(condition)}
            """
    }
    statements.append(
        """
        {"Effect": "Allow", "Action": ["mobiletargeting:Send*", "mobiletargeting:Get*"],
         "Resource": "arn:aws:mobiletargeting:us-east-1:111122223333:apps/*",
         "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}, "StringLike": {"aws:PrincipalTag/team": "r*"}}}
        """)
    return #"{"Version": "2012-10-17", "Statement": ["# + statements.joined(separator: ",") + "]}"
}

let boundary = """
    {"Version": "2012-10-17", "Statement": [
     {"Effect": "Allow", "Action": ["mobiletargeting:*", "sms-voice:*", "s3:*", "sqs:*", "logs:*"], "Resource": "*"},
     {"Effect": "Deny", "Action": ["iam:*", "organizations:*"], "Resource": "*"}]}
    """
let fullAccess = #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#
let regions = """
    {"Version": "2012-10-17", "Statement": [
     {"Sid": "Regions", "Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*", "support:*", "cloudfront:*"], "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]},
       "ArnNotLike": {"aws:PrincipalARN": "arn:aws:iam::*:role/break-glass-*"}}},
     {"Sid": "NoLeaving", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]}
    """

func policy(_ name: String, _ text: String, _ type: PolicyType) -> Policy {
    do {
        return try Policy(name: name, json: text, as: type)
    } catch {
        fatalError("\(name): \(error)")
    }
}

func request(_ action: String, _ resource: String, context changes: [String: String] = [:]) -> AuthorizationRequest {
    var context = RequestContext()
    let usual = [
        "aws:SourceIp": "203.0.113.7", "aws:RequestedRegion": "us-east-1", "aws:PrincipalTag/team": "red",
        "aws:userid": "AROA:s1",
        "aws:PrincipalArn": "arn:aws:iam::111122223333:role/app/Sender", "aws:SecureTransport": "true",
    ]
    for (key, value) in usual.merging(changes, uniquingKeysWith: { $1 }) { context.set(key, value) }
    guard
        let principal = RequestPrincipal(
            "arn:aws:sts::111122223333:assumed-role/Sender/s1",
            principalARN: "arn:aws:iam::111122223333:role/app/Sender"),
        let request = AuthorizationRequest(
            principal: principal, action: action, resource: resource, resourceAccount: "111122223333", context: context)
    else { fatalError("the request is none") }
    return request
}

/// Times a second that `work` can be done, over at least half a second.
func rate(_ work: () -> Decision) -> (rate: Double, decisions: [String: Int]) {
    var decisions: [String: Int] = [:]
    var done = 0
    let start = ContinuousClock.now
    var elapsed = Duration.zero
    while elapsed < .milliseconds(500) {
        for _ in 0..<64 { decisions["\(work())", default: 0] += 1 }
        done += 64
        elapsed = start.duration(to: .now)
    }
    return (Double(done) / (elapsed / .seconds(1)), decisions)
}

func report(_ name: String, _ work: () -> Decision) {
    _ = rate(work)
    let (rate, decisions) = rate(work)
    let answers = decisions.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
    print("{\"what\": \"\(name)\", \"perSecond\": \(Int(rate)), \"answers\": {\(answers)}}")
}

func policies(statements: Int) -> PolicySet {
    var set = PolicySet()
    set.identity = .init((0..<3).map { policy("Identity\($0)", document(statements, index: $0), .identityBased) })
    set.boundary = .init([policy("Boundary", boundary, .permissionsBoundary)])
    set.serviceControl = .init(
        ["r-1", "ou-1", "111122223333"].map { level in
            .init(
                id: level,
                [policy("FullAWSAccess", fullAccess, .serviceControl), policy("Regions", regions, .serviceControl)])
        })
    return set
}

let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c/messages"
let mixed = [
    request("mobiletargeting:SendMessages", app),
    request("mobiletargeting:SendMessages", app, context: ["aws:SourceIp": "198.51.100.9"]),
    request("mobiletargeting:DeleteApp", app),
    request("sqs:GetQueueUrl", "arn:aws:sqs:us-east-1:111122223333:team-3-orders"),
    request("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/x"),
    request("mobiletargeting:SendMessages", app, context: ["aws:RequestedRegion": "ap-south-1"]),
]
for statements in [10, 20, 40, 80, 160] {
    let evaluator = Evaluator(policies(statements: statements))
    var turn = 0
    report("3 identity documents of \(statements) statements, boundary, 3 levels of 2 service control policies") {
        turn = turn == mixed.count - 1 ? 0 : turn + 1
        return evaluator.decision(on: mixed[turn])
    }
}
do {
    let evaluator = Evaluator(policies(statements: 10))
    var turn = 0
    report("the same, of 10 statements, with reasons, trace and notes") {
        turn = turn == mixed.count - 1 ? 0 : turn + 1
        return evaluator.evaluation(of: mixed[turn]).decision
    }
}
for length in [500, 1000, 2000] {
    let pattern = "arn:aws:s3:::b/" + String(repeating: "a*", count: 8) + "b"
    let text =
        #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "\#(pattern)"}}"#
    var set = PolicySet()
    set.identity = .init([policy("Stars", text, .identityBased)])
    let evaluator = Evaluator(set)
    let long = request("s3:GetObject", "arn:aws:s3:::b/" + String(repeating: "a", count: length))
    report("a*a*a*a*a*a*a*a*b against \(length) characters") { evaluator.decision(on: long) }
}
