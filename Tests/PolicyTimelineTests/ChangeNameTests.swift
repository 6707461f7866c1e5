import Testing

@testable import PolicyTimeline

@Suite struct ChangeNameTests {
    @Test func everyNameIsInTheTable() {
        let known = Set(ChangeCatalogue.events.map(\.name))
        for name in ChangeName.allCases { #expect(known.contains(name.rawValue), "\(name.rawValue)") }
    }

    @Test(arguments: [
        ("RemoveLayerVersionPermission20181031", ChangeName.removeLayerVersionPermission),
        ("UpdateFunctionConfiguration20150331v2", .updateFunctionConfiguration), ("PutRolePolicy", .putRolePolicy),
        ("GetRole", nil), ("", nil), ("PutRolePolicy2", nil),
    ])
    func versionsSayNothing(_ text: String, _ name: ChangeName?) {
        #expect(ChangeName(eventName: text) == name)
    }
}
