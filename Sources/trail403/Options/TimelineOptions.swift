import ArgumentParser
import Foundation
import PolicyTimeline
import TrailStore

/// The archive and the exports that policies are read from, and the moment they are wanted for.
struct TimelineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("As of this time (default: the archive's end), as --from takes it.", valueName: "time"),
        transform: TimeArgument.upper)
    var at: TimeArgument?

    @Option(
        help: ArgumentHelp(
            "An export of policies: what aws iam get-account-authorization-details, aws organizations or aws ec2 describe-vpc-endpoints prints, or a file of AWS Config; with @TIME when it was taken. May be repeated.",
            valueName: "file[@time]"),
        completion: .file())
    var snapshot: [String] = []

    @OptionGroup var database: DatabaseOption

    /// Whether any of the options was given.
    var isGiven: Bool { at != nil || !snapshot.isEmpty || database.database != nil }

    /// What the archive and the exports tell.
    struct Answer {
        var timeline: PolicyTimeline
        var moment: Moment
        /// The access key of the session that was asked for.
        var session: String?
        /// What is to be said of the moment.
        var notes: [String]
    }

    /// The timeline of some holders and, where its ARN is given, of a session.
    func answer(of holders: [Holder], sessionARN: String? = nil) throws -> Answer {
        let snapshots = try snapshot.flatMap(Self.snapshots)
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        let coverage = try store.coverage()
        let end = ([coverage.to] + snapshots.map(\.reference.time)).compactMap(\.self).max()
        let time = at.map { Timestamp.text($0.seconds) } ?? end ?? "9999-12-31T23:59:59Z"
        let session = try sessionARN.flatMap { try store.sessionKey(ofARN: $0, at: time) }
        let all = holders + [session.map(Holder.session)].compactMap(\.self)
        let timeline = try store.policyTimeline(of: all, snapshots: snapshots)
        try store.close()
        return Answer(
            timeline: timeline, moment: .at(time), session: session, notes: Self.notes(time, coverage, end: end))
    }

    private static func notes(_ time: String, _ coverage: Coverage, end: String?) -> [String] {
        guard let from = coverage.from else { return ["the archive holds no event"] }
        if time < from {
            return ["\(time) is before the archive begins (\(from)): only what later events show of that time is known"]
        }
        if let end, time > end {
            return ["\(time) is after the archive ends (\(end)): what was changed in between is not known"]
        }
        return []
    }

    /// The exports in a file; what stands behind its last `@` is its time, where it is one.
    private static func snapshots(_ argument: String) throws -> [Snapshot] {
        var path = argument
        var time: String?
        if let mark = argument.lastIndex(of: "@"), !FileManager.default.fileExists(atPath: argument) {
            do {
                time = Timestamp.text(try TimeArgument.upper(String(argument[argument.index(after: mark)...])).seconds)
                path = String(argument[..<mark])
            } catch is ValidationError {
                // The file's name has the mark, and no time behind it.
                time = nil
            }
        }
        do {
            return try Snapshot.reading(file: path, at: time)
        } catch {
            throw Failure(description: "\(error)")
        }
    }
}
