import Testing
import TrailStore

@Suite struct NamePatternTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var name: String
        var matches: Bool

        var testDescription: String { "\(pattern) \(name)" }
    }

    private static let role = "arn:aws:iam::111122223333:role/messaging/order-notifier"

    static let cases = [
        Case(pattern: role, name: role, matches: true),
        Case(pattern: "order-notifier", name: role, matches: true),
        Case(pattern: "ORDER-notifier", name: role, matches: true),
        Case(pattern: "messaging/*", name: role, matches: true),
        Case(pattern: "role/messaging/order-notifier", name: role, matches: true),
        Case(pattern: "*notifier", name: role, matches: true),
        Case(pattern: "notifier", name: role, matches: false),
        Case(pattern: "order-notifie", name: role, matches: false),
        Case(pattern: "order-notifier2", name: role, matches: false),
        Case(pattern: "mobiletargeting:Send*", name: "mobiletargeting:SendMessages", matches: true),
        Case(pattern: "SendMessages", name: "mobiletargeting:SendMessages", matches: true),
        Case(pattern: "explicit-deny:*", name: "explicit-deny:service-control", matches: true),
        Case(pattern: "explicit-deny", name: "explicit-deny:service-control", matches: false),
        Case(pattern: "*", name: "", matches: true), Case(pattern: "", name: "x", matches: false),
        Case(pattern: "a*b*c", name: "aXbYbZc", matches: true), Case(pattern: "a*b*c", name: "aXbYbZ", matches: false),
        Case(pattern: "**x", name: "yyx", matches: true),
    ]

    @Test(arguments: cases)
    func `A pattern matches the whole name or its last part`(row: Case) {
        #expect(NamePattern(row.pattern).matches(row.name) == row.matches)
    }

    @Test func `A hostile pattern takes no hostile time`() {
        let pattern = NamePattern(String(repeating: "*a", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
