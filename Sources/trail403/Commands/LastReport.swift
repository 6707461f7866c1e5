import Diagnosis
import Foundation
import Reporting

/// The numbers of the report that the user saw last, so that `explain 2` means what they saw.
struct LastReport {
    /// The ids of the groups of each incident.
    private let incidents: [[String]]

    private static let fileName = "last-report"
    /// A report of more incidents has no numbers that anybody types.
    private static let limit = 10_000

    /// Remembers a report's numbers; where that cannot be done, nothing is lost but a convenience.
    static func remember(_ report: Report, of database: String) {
        guard let file = StateFolder.file(fileName) else { return }
        let lines = [absolute(database)] + report.incidents.prefix(limit).map { $0.groups.joined(separator: " ") }
        do {
            try WholeFile.replace(file, mode: 0o600) { descriptor in
                try Output.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: descriptor)
            }
        } catch {
            return
        }
    }

    /// What was remembered of a database; `nil` where the last report was of another one, or nothing is remembered.
    init?(of database: String) {
        guard let file = StateFolder.file(Self.fileName), let data = FileManager.default.contents(atPath: file) else {
            return nil
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first == Self.absolute(database) else { return nil }
        incidents = lines.dropFirst().filter { !$0.isEmpty }.map { $0.split(separator: " ").map(String.init) }
    }

    /// The numbers of a report.
    init(_ report: Report) { incidents = report.incidents.map(\.groups) }

    /// How many incidents there were.
    var count: Int { incidents.count }

    /// The group that a number such as `2` or `2.1` stands for: an incident's is the one that leads it.
    func group(_ number: String) -> String? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard let incident = parts.first ?? nil, incidents.indices.contains(incident - 1) else { return nil }
        guard parts.count > 1 else { return incidents[incident - 1].first }
        guard parts.count == 2, let place = parts[1], incidents[incident - 1].indices.contains(place - 1) else {
            return nil
        }
        return incidents[incident - 1][place - 1]
    }

    /// Whether a text is written like a number of a report: no id of a group has so few digits.
    static func isNumber(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy {
                !$0.isEmpty && $0.utf8.count <= 5 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// The database's path, the same from every folder.
    private static func absolute(_ path: String) -> String {
        if let real = realpath(path, nil) {
            defer { free(real) }
            return String(cString: real)
        }
        return path
    }
}
