import TestSupport
import CloudTrail
import Foundation

/// What reading one file gave: the summary, the records and the issues.
struct Reading: Equatable {
    struct Row: Equatable {
        var number: Int
        var byteOffset: Int
        var length: Int
        var isNested: Bool
        var kind: RecordKind
        var eventName: String?
        var json: [UInt8]
    }

    var summary = ContainerSummary(kind: .unrecognised, records: 0, broken: 0, uncompressedBytes: 0)
    var rows: [Row] = []
    var issues: [IngestIssue] = []

    var names: [String] { rows.map { $0.eventName ?? "-" } }
    var codes: [IngestIssue.Code] { issues.map(\.code) }
    /// Whether every record is accounted for.
    var addsUp: Bool { summary.records == rows.count + summary.broken }

    /// Reads bytes as one log file.
    init(
        _ bytes: [UInt8], chunkSize: Int = .max, fault: SourceFault? = nil, limits: ReaderLimits = ReaderLimits()
    ) throws {
        var reader = RecordReader(limits: limits)
        try self.init(bytes, chunkSize: chunkSize, fault: fault, reader: &reader)
    }

    /// Reads bytes with a reader that has read other files before.
    init(
        _ bytes: [UInt8], chunkSize: Int = .max, fault: SourceFault? = nil, reader: inout RecordReader
    ) throws {
        var source = MemoryByteSource(bytes, chunkSize: chunkSize, fault: fault)
        var rows: [Row] = []
        var issues: [IngestIssue] = []
        summary = try reader.read(&source, file: "test.json") { fields, bytes, position in
            rows.append(
                Row(
                    number: position.number, byteOffset: position.byteOffset, length: position.length,
                    isNested: position.isNested, kind: fields.kind, eventName: fields.string(.eventName, in: bytes),
                    json: Array(bytes)))
        } issue: {
            issues.append($0)
        }
        self.rows = rows
        self.issues = issues
    }

    init(_ text: String, limits: ReaderLimits = ReaderLimits()) throws {
        try self.init(Array(text.utf8), limits: limits)
    }
}

/// A record in small, of the shape that trails deliver.
func record(_ name: String, _ more: String = "") -> String {
    #"{"eventVersion":"1.08","userIdentity":{"type":"Root","accountId":"111122223333"},"#
        + #""eventTime":"2026-11-02T10:15:00Z","eventSource":"iam.amazonaws.com","eventName":"\#(name)","#
        + #""awsRegion":"us-east-1","requestParameters":{"list":[{"a":1},{"b":[2]}]},"#
        + #""eventID":"\#(name)-0000"\#(more)}"#
}

/// The text as a JSON string literal.
func literal(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
}

/// Test data from outside the project, which may be absent.
enum SharedInput {
    static let root: URL? = sharedData("")

    static var isPresent: Bool { root != nil }

    /// The files below a folder whose names have one of the extensions, sorted.
    static func files(in folder: String, _ extensions: String...) -> [URL] {
        guard let root,
            let walk = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        else { return [] }
        return walk.compactMap { $0 as? URL }.filter { extensions.contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
    }
}
