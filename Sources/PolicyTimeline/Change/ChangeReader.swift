/// What reads the records of one service.
protocol ChangeReader: SendableMetatype {
    /// The services, by IAM's prefixes.
    static var services: [String] { get }
    /// By the operation, without a version behind its name: what finds the edits in a record.
    static var events: [String: @Sendable (inout ChangeReading) -> Void] { get }
    /// Whether a service has an event, of those that several share a reader.
    static func isEvent(_ name: String, of service: String) -> Bool
}

extension ChangeReader {
    static func isEvent(_ name: String, of service: String) -> Bool { true }
}
