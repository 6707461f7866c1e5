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
            explains: ["no earlier success", "on what was refused"]),
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
            tells: ["No later success on what was refused", "1 success", "not certainly on it"]),
        Case(
            name: "between the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "reader")], confidence: "inferred",
            tells: ["No later success on what was refused", "1 success", "on something else"]),
        Case(
            name: "between the denials the same role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin")], confidence: "inferred",
            status: "intermittent", tells: ["alternate"]),
        Case(
            name: "between the denials one that is not told, and no other",
            calls: refusals + [assume("18T12:30", nil)], confidence: "possible", status: "intermittent",
            tells: ["None of them is known to be on what was refused"]),
        Case(
            name: "after the denials one that is not told",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", nil)], confidence: "inferred",
            tells: ["may work again", "role/admin"]),
        Case(
            name: "after the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", "reader")], confidence: "inferred",
            tells: ["No later success on what was refused", "on something else"]),
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
}
