import Testing

/// What a success proves about a refusal depends on what it was on.
@Suite struct SuccessProofTests {
    typealias Call = HonestReportTests.Call

    /// Calls around `DetachRolePolicy` at 09:00 on the 18th, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var calls: [Call]
        /// How sure the blame of the change is; `nil` where it is not blamed.
        var confidence: String?
        var status = "ongoing"
        /// Parts of the finding's explanation.
        var explains: [String] = []
        /// Parts of the status in words.
        var tells: [String] = []
        var testDescription: String { name }
    }

    private static func assume(_ time: String, _ role: String?, isRefused: Bool = false) -> Call {
        .assume("2026-11-\(time):00Z", role: role ?? "admin", isRefused: isRefused, isNamed: role != nil)
    }

    /// Refused on `admin` after the change.
    private static let refusals = [
        assume("18T12:00", "admin", isRefused: true), assume("18T13:00", "admin", isRefused: true),
    ]

    static let roles: [Case] = [
        Case(
            name: "the same role before the change, none after it",
            calls: refusals + [assume("17T08:00", "admin")], confidence: "inferred", explains: ["last at 2026-11-17"]),
        Case(
            name: "the same role after the change",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", "admin")]),
        Case(
            name: "another role after the change",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", "reader")], confidence: "inferred",
            explains: ["last at 2026-11-17", "On something else", "last at 2026-11-18 11:00:00"]),
        Case(
            name: "another role alone, before and after the change",
            calls: refusals + [assume("17T08:00", "reader"), assume("18T11:00", "reader")], confidence: "possible",
            explains: ["no earlier success", "on the refused resource"]),
        Case(
            name: "the same role before the change, one that is not told after it",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", nil)], confidence: "possible",
            explains: ["last at 2026-11-17", "18 11:00:00 UTC followed even so", "not the cause"]),
        Case(
            name: "the same role before the change, one that is not told right after it",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T09:02", nil)], confidence: "inferred",
            explains: ["followed even so"]),
        Case(
            name: "one that is not told after the change, and the same role after that",
            calls: refusals + [
                assume("17T08:00", "admin"), assume("18T10:00", nil), assume("18T11:00", "admin"),
            ]),
        Case(
            name: "roles that are not told alone, before and after the change",
            calls: refusals + [assume("17T08:00", nil), assume("18T11:00", nil)]),
        Case(
            name: "roles that are not told alone, before the change",
            calls: refusals + [assume("17T08:00", nil)], confidence: "inferred"),
        Case(
            name: "not told after the change, and the same role only after the denials",
            calls: refusals + [assume("18T11:00", nil), assume("19T11:00", "admin")], status: "resolved"),
        Case(
            name: "between the denials one that is not told, and the same role earlier",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", nil)], confidence: "inferred",
            tells: ["No later success on the refused resource", "1 success", "not certainly on it"]),
        Case(
            name: "between the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "reader")], confidence: "inferred",
            tells: ["No later success on the refused resource", "1 success", "on something else"]),
        Case(
            name: "between the denials the same role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin")], confidence: "inferred",
            status: "intermittent", tells: ["alternate"]),
        Case(
            name: "between the denials the same role, and after them",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin"), assume("19T08:00", "admin")],
            confidence: "inferred", status: "intermittent",
            tells: ["alternate", "The last denial was at 2026-11-18 13:00:00", "followed at 2026-11-19 08:00:00"]),
        Case(
            name: "in the second of the first denial the same role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:00", "admin")]),
        Case(
            name: "in the second of the first denial another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:00", "reader")], confidence: "inferred"),
        Case(
            name: "between the denials one that is not told, and no other",
            calls: refusals + [assume("18T12:30", nil)], confidence: "possible", status: "intermittent",
            tells: ["None of them is known to be on the refused resource"]),
        Case(
            name: "after the denials one that is not told",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", nil)], confidence: "inferred",
            tells: ["may work again", "role/admin"]),
        Case(
            name: "after the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", "reader")], confidence: "inferred",
            tells: ["No later success on the refused resource", "on something else"]),
        Case(
            name: "days after a first denial one that is not told ends no outage",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", nil),
            ]),
        Case(
            name: "days after a first denial the same role ends an outage",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", "admin"),
            ], confidence: "inferred", tells: ["1 other since 2026-11-10"]),
        Case(
            name: "in the second outage too only the same role acquits",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", "admin"), assume("18T11:00", nil),
            ], confidence: "possible", explains: ["last at 2026-11-17", "followed even so"]),
    ]

    @Test(arguments: roles) func `Only a success on what was refused acquits and heals`(_ row: Case) throws {
        try Self.check(row)
    }

    /// Refused again and again, long before and after the change.
    private static let neverWorked = [
        assume("10T08:00", "auditor", isRefused: true), assume("16T08:00", "auditor", isRefused: true),
        assume("18T14:00", "auditor", isRefused: true),
    ]

    static let beside: [Case] = [
        Case(
            name: "what never worked does not hide an outage of what did",
            calls: neverWorked + refusals + [assume("17T08:00", "admin")], confidence: "inferred",
            explains: ["last at 2026-11-17"],
            tells: ["role/admin had worked before and is refused since 2026-11-18 12:00:00", "since 2026-11-10"]),
        Case(
            name: "worked between the change and its first denial",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("18T11:00", "admin")],
            tells: ["had worked before"]),
        Case(
            name: "works by turns since its first denial",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin")],
            status: "intermittent"),
        Case(
            name: "works again",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("19T08:00", "admin")]),
        Case(name: "had never been tried", calls: neverWorked + refusals + [assume("17T08:00", "reader")]),
        Case(
            name: "had worked only before the other was refused",
            calls: neverWorked + refusals + [assume("09T08:00", "admin")]),
        Case(
            name: "worked in the minutes in which the other began to be refused",
            calls: [assume("18T11:58", "auditor", isRefused: true)] + refusals + [assume("18T11:59", "admin")],
            confidence: "possible"),
    ]

    @Test(arguments: beside) func `What something that never worked tells is not taken for the rest`(_ row: Case) throws
    {
        try Self.check(row)
    }

    private static func check(_ row: Case) throws {
        for calls in [row.calls + [HonestReportTests.detach], [HonestReportTests.detach] + row.calls.reversed()] {
            let group = try #require(HonestReportTests.groups(calls).first)
            let findings = try #require(group["findings"] as? [[String: Any]])
            let finding = findings.first { $0["code"] as? String == "permissions-changed" }
            #expect(finding?["confidence"] as? String == row.confidence, "\(finding ?? [:])")
            for part in row.explains {
                #expect((finding?["explanation"] as? String)?.contains(part) == true, "\(part): \(finding ?? [:])")
            }
            let text = group["statusText"] as? String ?? ""
            #expect(group["status"] as? String == row.status, "\(text)")
            for part in row.tells { #expect(text.contains(part), "\(part): \(text)") }
        }
    }

    // MARK: - Objects

    private static func get(_ time: String, _ key: String, isRefused: Bool = false) -> Call {
        Call(
            time: "2026-11-\(time):00Z", source: "s3", name: "GetObject", isRefused: isRefused,
            resource: "arn:aws:s3:::data/\(key)", parameters: ["bucketName": "data", "key": key])
    }

    private static let readRefusals = [
        get("18T12:00", "private/y", isRefused: true), get("18T13:00", "private/y", isRefused: true),
    ]

    static let objects: [Case] = [
        Case(
            name: "the same object before the change, another one after it",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T11:00", "public/x")], confidence: "possible",
            explains: ["last at 2026-11-17", "followed even so"]),
        Case(
            name: "the same object after the change",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T11:00", "private/y")]),
        Case(
            name: "objects that are read once, before and after the change",
            calls: readRefusals + [get("17T08:00", "private/w"), get("18T11:00", "private/x")]),
        Case(
            name: "objects that are read once, before the change",
            calls: readRefusals + [get("16T08:00", "private/v"), get("17T08:00", "private/w")], confidence: "inferred"),
        Case(
            name: "between the denials another object, where the same one was read before",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T12:30", "public/x")], confidence: "inferred",
            tells: ["No later success on the refused resource"]),
        Case(
            name: "between the denials another object, where each is read once",
            calls: readRefusals + [get("18T12:30", "private/z")], confidence: "possible", status: "intermittent",
            tells: ["None of them is known to be on the refused resource"]),
        Case(
            name: "after the denials another object",
            calls: readRefusals + [get("17T08:00", "private/y"), get("19T08:00", "public/x")], confidence: "inferred",
            tells: ["may work again", "data/private/y"]),
        Case(
            name: "after the denials the same object",
            calls: readRefusals + [get("17T08:00", "private/y"), get("19T08:00", "private/y")], confidence: "inferred",
            status: "resolved"),
        Case(
            name: "of very many objects one works again",
            calls: (0..<300).map { get("18T1\($0 / 60):\(10 + $0 % 60 * 49 / 59)", "k\($0)", isRefused: true) } + [
                get("17T08:00", "k1"), get("19T08:00", "k1"),
            ], confidence: "inferred", tells: ["in part"]),
    ]

    @Test(arguments: objects) func `An object's neighbour proves little`(_ row: Case) throws {
        try Self.check(row)
    }
}
