public import CloudTrail

extension Denial {
    /// Reads an event's refusal; `nil` where AWS did not refuse: a success, throttling, invalid input, a dry run.
    ///
    /// The error code decides, and where it is ambiguous or unknown, the message. ``EventClass`` tells beforehand, and
    /// cheaply, which events need not be asked.
    public init?(reading event: Event) {
        let signIn = SignInResult(event)
        guard event.errorCode != nil || event.errorMessage != nil || signIn == .failure else { return nil }
        let message = DenialMessage(event.errorMessage)
        guard let verdict = Verdict(event: event, message: message, signIn: signIn) else { return nil }

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

    /// Who was refused: the identity's ARN, its session folded into the role, or the service's host name; where the identity
    /// has none, the ARN in the message; else what little the identity says.
    private static func principal(of identity: UserIdentity, message: DenialMessage) -> String {
        let own = identity.principal
        if let own, own.hasPrefix("arn:") || identity.type == "AWSService" { return own }
        if let named = message.principal, named.hasPrefix("arn:") { return RoleARN.folding(named) }
        return own ?? message.principal ?? "unknown"
    }
}

/// Whether an event is a denial, of which category and for which reason: the error code and the message together.
private struct Verdict {
    var category: Category
    var reason: Reason

    init?(event: Event, message: DenialMessage, signIn: SignInResult) {
        if signIn == .failure {
            let isTold = message.reason.category == .authentication
            self.init(.authentication, isTold ? message.reason : .named("sign-in-failed"))
            return
        }
        let reads = message.reason != .unstated && message.reason != .unrecognised
        guard let code = event.errorCode else {
            guard message.showsRefusal else { return nil }
            self.init(message.reason.category, message.reason)
            return
        }
        switch ErrorCode(code) {
        case .denial(let category, let fallback):
            if let state = AccountState(event) {
                self.init(.account, state.reason)
            } else if reads, message.reason != .named("message-cut") || fallback == nil {
                self.init(message.reason.category, message.reason)
            } else if let fallback {
                self.init(category, fallback)
            } else {
                self.init(category, message.reason)
            }
        case .ambiguous:
            self.init(reads ? message.reason.category : .authorization, message.reason)
        case .noDenial(.validation), .unknown:
            guard message.showsRefusal else { return nil }
            self.init(message.reason.category, message.reason)
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

    init(_ event: Event) {
        guard let name = event.eventName, EventClass.namesSignIn(name) else {
            self = .none
            return
        }
        switch event.responseElements?.string(at: name) {
        case "Failure": self = .failure
        case "Success": self = .success
        default: self = event.errorMessage == nil ? .none : .failure
        }
    }
}

/// An account's state that AWS End User Messaging gives as the `Reason` of an AccessDeniedException.
/// Source: the API model of PinpointSMSVoiceV2.
private enum AccountState {
    case insufficientReputation, disabled

    init?(_ event: Event) {
        guard event.eventSource == "sms-voice.amazonaws.com" else { return nil }
        switch event.responseElements?.text(at: ["reason"]) {
        case "INSUFFICIENT_ACCOUNT_REPUTATION": self = .insufficientReputation
        case "ACCOUNT_DISABLED": self = .disabled
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
