/// The prefixes of services in policies.
enum IAMPrefix {
    /// Prefixes that people write for Pinpoint and its successors, and IAM's own.
    static let miswritten: [String: Set<String>] = [
        "pinpoint": ["mobiletargeting", "sms-voice", "social-messaging"],
        "pinpoint-email": ["ses"],
        "pinpoint-sms-voice": ["sms-voice"],
        "pinpoint-sms-voice-v2": ["sms-voice"],
        "sms-voice-v2": ["sms-voice"],
        "smsvoice": ["sms-voice"],
        "sms": ["sms-voice"],
        "end-user-messaging": ["sms-voice", "social-messaging"],
        "end-user-messaging-social": ["social-messaging"],
        "whatsapp": ["social-messaging"],
    ]

    /// Whether somebody who writes a prefix most likely means a service that IAM calls otherwise.
    static func isMiswritten(_ prefix: String, of service: String) -> Bool {
        miswritten[prefix]?.contains(service) ?? false
    }
}
