public import IAMPolicy

/// What the text of a denial says: who, what action, on what, by which kind of policy.
///
/// The grammar of AWS's common authorization layer:
/// ```
/// User: PRINCIPAL is not authorized to perform: ACTION [on resource: RESOURCE] [CONTEXT][. TRAILER]
/// CONTEXT = because no TYPE allows the ACTION action
///         | with an explicit deny [in a TYPE [transitively through a TYPE]][: POLICY-ARN]
/// ```
/// Around it stand EC2's first sentence and its encoded text, IAM's authorization id, and the prefixes of services that
/// pass another's message on. What does not follow the grammar is looked up in ``FixedSentence``.
/// Source: "Troubleshoot access denied error messages" in the AWS IAM user guide, and real records.
public struct DenialMessage: Sendable, Equatable {
    /// The principal as the message gives it, a session's ARN unfolded; `nil` where it gives none.
    public var principal: String?
    /// The action, its service prefix in lower case; `nil` where the message gives none or was cut in it.
    public var action: String?
    /// The resource as the message gives it, without quotes or closing full stop; `nil` where it gives none or was cut
    /// in it.
    public var resource: String?
    /// The reason. ``Reason/unstated`` where there is no message.
    public var reason: Reason
    /// The kind of policy on the way to the one that denied: the message says "in a VPC endpoint policy transitively
    /// through a service control policy" where the service control policy denied.
    public var passedThrough: PolicyType?
    /// The policy that denied; `nil` where the message names none or was cut in its ARN.
    public var policyARN: String?
    /// IAM's authorization id; `nil` where the message gives none or was cut in it.
    public var authorizationID: String?
    /// EC2's encoded authorization message.
    public var encodedMessage: EncodedMessage
    /// Whether CloudTrail cut the message at 1 KB.
    public var isTruncated: Bool
    /// Whether the wording alone shows a refusal, so that it counts under an error code that does not.
    public var showsRefusal: Bool

    /// Whether a message holds an encoded authorization message, which only `sts:DecodeAuthorizationMessage` can read.
    public enum EncodedMessage: Sendable {
        case absent, whole, cut
    }

    /// Reads a message; `nil`, an empty text and one of blanks are a message that states nothing. Never fails: what is not
    /// understood gives ``Reason/unrecognised``.
    public init(_ text: String?) {
        // S3's bare answer is most of what real archives hold.
        guard let text, text != "Access Denied" else {
            self.init()
            return
        }
        self.init(MessageText(text))
    }

    /// A message that states nothing.
    private init() {
        reason = .unstated
        encodedMessage = .absent
        isTruncated = false
        showsRefusal = false
    }

    /// Reads a message of which the caller knows whether it was cut.
    init(_ text: String, isTruncated: Bool) {
        self.init(MessageText(text, isTruncated: isTruncated))
    }

    /// The names of policy types, and of S3's settings, for ``DenialVocabulary``.
    static var policyTypes: [(Needle, PolicyType)] { MessageWords.policyTypes }
    static var publicAccessSettings: [(setting: Needle, slug: String)] { MessageWords.publicAccessSettings }

    private init(_ text: MessageText) {
        self.init()
        isTruncated = text.isTruncated
        guard text.count > 0 else { return }
        var reader = MessageReader(text)
        reader.read(into: &self)
    }
}
