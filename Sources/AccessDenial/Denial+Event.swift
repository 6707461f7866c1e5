public import CloudTrail
import IAMPolicy

extension Denial {
    /// Reads an event's refusal; `nil` where AWS did not refuse: a success, throttling, invalid input, a dry run.
    ///
    /// The error code decides, and where it is ambiguous or unknown, the message. ``EventClass`` tells beforehand, and
    /// cheaply, which events need not be asked.
    public init?(reading event: Event) {
        guard event.errorCode == nil, event.errorMessage == nil,
            let code = event.responseElements?.string(at: "errorCode")
        else {
            self.init(told: event)
            return
        }
        // Some services answer 200 and tell of the refusal in the answer.
        var told = event
        told.errorCode = code
        told.errorMessage = event.responseElements?.string(at: "errorMessage")
        self.init(told: told)
    }

    private init?(told event: Event) {
        let signIn = SignInResult.of(event)
        guard event.errorCode != nil || event.errorMessage != nil || signIn == .failure else { return nil }
        let message = DenialMessage(event.errorMessage)
        guard let verdict = Verdict.of(event, message: message, signIn: signIn) else { return nil }

        principal = Denial.principal(of: event.userIdentity, message: message)
        principalType = event.userIdentity.type ?? "Unknown"
        action =
            message.action
            ?? IAMAction.name(eventSource: event.eventSource ?? "", eventName: event.eventName ?? "")
        resource = message.resource
        inferredResource = message.resource == nil ? InferredResource.arn(of: event) : nil
        category = verdict.category
        reason = verdict.reason
        passedThrough = message.passedThrough
        policyARN = message.policyARN
        authorizationID = message.authorizationID
        isTruncated = message.isTruncated
        hasEncodedMessage = message.encodedMessage == .whole
    }

    /// Who was refused: the caller as the identity tells it, so that a denial and a success of one caller meet; where it tells
    /// nothing, the one in the message.
    private static func principal(of identity: UserIdentity, message: DenialMessage) -> String {
        if let own = identity.principal { return own }
        if let named = message.principal, named.hasPrefix("arn:") { return RoleARN.folding(named) }
        return message.principal ?? "unknown"
    }
}

/// Whether an event is a denial, of which category and for which reason: the error code and the message together.
private struct Verdict {
    var category: Category
    var reason: Reason

    /// `nil` where AWS did not refuse. A function, since an initializer would be handed a copy of the event.
    static func of(_ event: Event, message: DenialMessage, signIn: SignInResult) -> Verdict? {
        if signIn == .failure {
            let isTold = message.reason.category == .authentication
            return Verdict(.authentication, isTold ? message.reason : .named("sign-in-failed"))
        }
        let reads = message.reason != .unstated && message.reason != .unrecognised
        guard let code = event.errorCode else {
            return message.showsRefusal ? Verdict(message.reason.category, message.reason) : nil
        }
        switch ErrorCode(code) {
        case .denial(let category, let fallback):
            if let state = AccountState.of(event) { return Verdict(.account, state.reason) }
            if let told = ServiceSentence.reason(of: event) { return Verdict(told.category, told) }
            if reads, message.reason != .named("message-cut") || fallback == nil {
                return Verdict(message.reason.category, message.reason)
            }
            return Verdict(category, fallback ?? message.reason)
        case .ambiguous:
            return Verdict(reads ? message.reason.category : .authorization, message.reason)
        case .noDenial(.validation), .unknown:
            return message.showsRefusal ? Verdict(message.reason.category, message.reason) : nil
        case .noDenial:
            return nil
        }
    }

    private init(_ category: Category, _ reason: Reason) {
        self.category = category
        self.reason = reason
    }
}

/// What an event that reports its result in `responseElements` says there.
private enum SignInResult {
    case none, success, failure

    static func of(_ event: Event) -> SignInResult {
        guard let name = event.eventName, EventClass.namesSignIn(name) else { return .none }
        switch event.responseElements?.string(at: name) {
        case "Failure": return .failure
        case "Success": return .success
        default: return event.errorMessage == nil ? .none : .failure
        }
    }
}

/// An account's state that AWS End User Messaging gives as the `Reason` of an AccessDeniedException.
/// Source: the API model of PinpointSMSVoiceV2.
private enum AccountState {
    case insufficientReputation, disabled

    static func of(_ event: Event) -> AccountState? {
        guard event.eventSource == "sms-voice.amazonaws.com" else { return nil }
        switch event.responseElements?.text(at: ["reason"]) {
        case "INSUFFICIENT_ACCOUNT_REPUTATION": return .insufficientReputation
        case "ACCOUNT_DISABLED": return .disabled
        default: return nil
        }
    }

    var reason: Reason {
        switch self {
        case .insufficientReputation: .named("insufficient-reputation")
        case .disabled: .named("account-disabled")
        }
    }
}
