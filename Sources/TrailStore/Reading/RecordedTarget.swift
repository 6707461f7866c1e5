import AccessDenial
import GRDB
import OrderedJSON
import RecordedCalls

/// Whether successes of calls whose target is not kept were on what was refused, by what their records name.
///
/// A record of a launch names its subnet, and none of the columns does: that a launch in another subnet worked proves nothing about
/// the one that was refused.
struct RecordedTarget {
    private var query: RequestQuery
    /// By the group's id how many records were left in their log files, where any was.
    private(set) var unread: [String: Int] = [:]

    /// - Parameter fileLimit: how many log files may be read.
    init(fileLimit: Int) { query = RequestQuery(fileLimit: fileLimit) }

    /// Counts what was left in log files of what a group was asked about.
    mutating func finish(_ group: DenialGroup) {
        let left = query.takeUnread()
        if left > 0 { unread[group.id] = left }
    }

    /// What the denials of a group name and their record names, too: the ids at the end of the resources, else what the words of a
    /// service and the call's parameters have in common; `nil` where a record that names nothing of this would prove nothing.
    func names(of group: DenialGroup, _ db: Database) throws -> [String]? {
        guard !CallTarget.isTold(action: group.successAction), !Self.makes(group.action),
            group.resources.allSatisfy({ $0.value.hasPrefix("arn:") && !$0.value.contains("*") }),
            let denial = group.evidence.first, let key = try RecordQuery.key(ofEventID: denial.eventID, db),
            let record = try RecordQuery.kept(key, path: "", db)
        else { return nil }
        if group.resources.isEmpty {
            let names = Self.names(in: group, record)
            return names.isEmpty ? nil : names
        }
        let names = group.resources.map { resource in
            String(
                resource.value[(resource.value.lastIndex { $0 == "/" || $0 == ":" } ?? resource.value.startIndex)...])
        }.filter { $0.utf8.count > 1 }.map { String($0.dropFirst()) }
        return names.contains { Self.names($0, record) } ? names : nil
    }

    /// What every message of a service names that its record has as a parameter: "Insufficient Lake Formation permission(s): Required
    /// Describe on orders_daily".
    private static func names(in group: DenialGroup, _ record: String) -> [String] {
        let messages = group.evidence.compactMap(\.errorMessage)
        guard messages.count == group.evidence.count, group.inferredResources.isEmpty, group.category == .authorization,
            !messages.contains(where: { $0.contains("User: ") })
        else { return [] }
        let words = messages.map { message in
            Set(
                message.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" && $0 != "-" }.map(
                    String.init))
        }
        var names: Set<String> = []
        RecordedCall(record: record, isWhole: true).parameters?.forEachText { text in
            if text.utf8.count > 2, words.allSatisfy({ $0.contains(text) }) { names.insert(text) }
        }
        return names.sorted()
    }

    /// Whether the record of a success names one of these; `nil` where it is not to be had.
    mutating func isNamed(_ names: [String], by key: Int64, _ db: Database) throws -> Bool? {
        guard let request = try query.request(key, readsLogFiles: true, db), request.isWhole else { return nil }
        return names.contains { Self.names($0, request.record) }
    }

    /// Whether an action makes what it is on, under another name each time. What EC2 makes has no name yet: an ARN of EC2 that ends in an
    /// id is of what was there.
    private static func makes(_ action: String) -> Bool {
        let parts = action.split(separator: ":")
        guard parts.count == 2, parts[0] != "ec2" else { return false }
        return ["Create", "Register", "Import", "Restore", "Copy", "Allocate"].contains { parts[1].hasPrefix($0) }
    }

    /// Whether a text of a record is the name, or ends in it behind a slash or a colon.
    private static func names(_ name: String, _ record: String) -> Bool {
        ["\"", "/", ":"].contains { record.contains($0 + name + "\"") }
    }
}
