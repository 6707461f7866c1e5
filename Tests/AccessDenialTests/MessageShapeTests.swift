import Testing

@testable import AccessDenial

struct MessageShapeTests {
    @Test(arguments: [
        ("Account 111122223333 is closed.", "Account ACCOUNT is closed."),
        ("User arn:aws:iam::111122223333:user/a, may not  do it", "User ARN, may not do it"),
        ("Key [AKIAIOSFODNN7EXAMPLE] of someone@example.com", "Key [ID] of ADDRESS"),
        (#"Object "a b c" isn't yours; see https://example.com/x."#, #"Object "..." isn't yours; see URL."#),
        ("Type='Build' takes 3 of 4", "Type='Build' takes NUMBER of NUMBER"), ("", ""), (#"""#, #"""#), ("'", "'"),
    ]) func masksWhatDiffers(message: String, shape: String) {
        #expect(DenialMessage.shape(of: message) == shape)
    }

    @Test func shortWayReadsAsTheLongOne() {
        #expect(DenialMessage("Access Denied") == DenialMessage("Access Denied", isTruncated: false))
        #expect(DenialMessage(nil) == DenialMessage("", isTruncated: false))
        #expect(DenialMessage(" \n") == DenialMessage(nil))
    }

    @Test func messagesOfOneWordingHaveOneShape() {
        #expect(
            DenialMessage.shape(of: "Not for arn:aws:s3:::b/k of 111122223333")
                == DenialMessage.shape(of: "Not for arn:aws:s3:::c/l of 444455556666"))
    }
}
