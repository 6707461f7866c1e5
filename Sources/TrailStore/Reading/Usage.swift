/// How often one principal called one operation in one Region of one account, and how that went.
///
/// Kept while ingesting, over the whole database, so that a report need not read every event. Rows are many and stand in many an
/// index: each exists once.
public final class Usage: Sendable {
    /// Who called: a role rather than its sessions.
    public let principal: String
    /// The IAM action that the operation maps to.
    public let action: String
    /// CloudTrail's `eventSource`, such as `pinpoint.amazonaws.com`.
    public let eventSource: String
    /// CloudTrail's `eventName`, such as `SendMessages`.
    public let eventName: String
    /// Whether the operation only reads; `nil` where the record does not say.
    public let readOnly: Bool?
    /// The Region that recorded the event.
    public let awsRegion: String
    /// The account that recorded the event.
    public let accountId: String
    /// How many calls succeeded.
    public let successes: Int
    /// Time of the first success; `nil` without any.
    public let firstSuccess: String?
    /// Time of the last success; `nil` without any.
    public let lastSuccess: String?
    /// How many denials.
    public let denials: Int

    /// One row of usage.
    public init(
        principal: String, action: String, eventSource: String, eventName: String, readOnly: Bool?, awsRegion: String,
        accountId: String, successes: Int, firstSuccess: String?, lastSuccess: String?, denials: Int
    ) {
        self.principal = principal
        self.action = action
        self.eventSource = eventSource
        self.eventName = eventName
        self.readOnly = readOnly
        self.awsRegion = awsRegion
        self.accountId = accountId
        self.successes = successes
        self.firstSuccess = firstSuccess
        self.lastSuccess = lastSuccess
        self.denials = denials
    }
}
