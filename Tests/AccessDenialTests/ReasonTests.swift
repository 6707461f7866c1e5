import IAMPolicy
import Testing

@testable import AccessDenial

struct ReasonTests {
    @Test(arguments: Reason.allReasons) func everyReasonIsRebuiltFromItsSlug(_ reason: Reason) {
        #expect(Reason(slug: reason.slug) == reason)
        #expect(!reason.title.isEmpty && !reason.meaning.isEmpty)
        #expect(!reason.title.hasSuffix("."), "a title stands in a sentence")
        #expect(reason.meaning.hasSuffix("."), "a meaning is a sentence")
        #expect([.authorization, .authentication, .account].contains(reason.category))
    }

    @Test func everySentenceLeadsToItsReason() {
        for (words, slug) in FixedSentence.slugs {
            #expect(Reason(slug: slug) != nil, "\(slug)")
            #expect(DenialMessage("\(words) x").reason.slug == slug, "an earlier row takes \(words)")
        }
    }

    @Test(arguments: ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets", "Other"])
    func everyBlockPublicAccessSettingHasAReason(_ setting: String) {
        let message = DenialMessage(
            "User: anonymous is not authorized to perform: s3:PutObject because public access is prevented by the "
                + "\(setting) setting in S3 Block Public Access.")
        #expect(message.reason.slug.hasPrefix("block-public-access:") == (setting != "Other"))
        #expect(message.reason.slug.hasPrefix("block-public-access"))
    }

    @Test func slugsAreDistinct() {
        #expect(Set(Reason.allReasons.map(\.slug)).count == Reason.allReasons.count)
    }

    @Test(arguments: PolicyType.allCases) func everyPolicyTypeHasBothReasons(_ type: PolicyType) {
        #expect(Reason.missingAllow(type).slug == "missing-allow:\(type.rawValue)")
        #expect(Reason.missingAllow(type).effect == .implicit)
        #expect(Reason.missingAllow(type).policyType == type)
        #expect(Reason.explicitDeny(type).slug == "explicit-deny:\(type.rawValue)")
        #expect(Reason.explicitDeny(type).effect == .explicit)
        #expect(Reason.explicitDeny(type).policyType == type)
    }

    @Test func unknownSlugIsNoReason() {
        #expect(Reason(slug: "of-a-newer-version") == nil)
        #expect(Reason.explicitDeny(nil).slug == "explicit-deny")
        #expect(Reason.explicitDeny(nil).effect == .explicit)
        #expect(Reason.missingAllow(nil).effect == .implicit)
    }
}
