import Foundation
import GRDB
import GRDBSQLite

// Fuzz target of the readers of a database that holds wrong values; see Scripts/fuzz. It is compiled into one module with TrailStore.

/// A database as `trail403 ingest` left it, and a copy of it to spoil.
private final class Stand {
    let template: String
    let copy: String
    let tables: [(name: String, columns: [String])]

    init() throws {
        guard let path = ProcessInfo.processInfo.environment["TRAIL403_FUZZ_DATABASE"] else {
            fatalError("TRAIL403_FUZZ_DATABASE names no database")
        }
        template = path
        // Otherwise the files would be read as somebody else's, without their own views.
        let trusted = try TrailDatabase.openForReading(path)
        guard trusted.remarks.isEmpty else { fatalError("the database is not read as ours: \(trusted.remarks)") }
        try trusted.close()
        let folder = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        copy = "\(folder)/trail403-fuzz-\(getpid()).sqlite"
        var tables: [(String, [String])] = []
        try DatabaseQueue(path: path).read { db in
            for name in try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            {
                tables.append((name, try db.columns(in: name).map(\.name)))
            }
        }
        self.tables = tables
    }

    /// Makes the copy anew, with wrong values in it.
    func spoil(_ input: inout Input) {
        var tries = 0
        while true {
            for suffix in ["-wal", "-shm", ""] { unlink(copy + suffix) }
            do {
                try FileManager.default.copyItem(atPath: template, toPath: copy)
                break
            } catch {
                // libFuzzer's alarm interrupts the copying.
                tries += 1
                if tries == 20 { fatalError("\(error)") }
            }
        }
        var connection: OpaquePointer?
        guard sqlite3_open_v2(copy, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { fatalError("no copy") }
        defer { sqlite3_close(connection) }
        sqlite3_exec(
            connection, "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF",
            nil,
            nil, nil)
        repeat {
            let table = tables[Int(input.byte()) % tables.count]
            let column = table.columns[Int(input.byte()) % table.columns.count]
            let row = Int(input.byte()) << 2
            let sql = """
                UPDATE "\(table.name)" SET "\(column)" = ? WHERE rowid =
                    (SELECT rowid FROM "\(table.name)" LIMIT 1 OFFSET \(row) % max(1, (SELECT count(*) FROM "\(table.name)")))
                """
            var statement: OpaquePointer?
            // Some tables have no rowid.
            guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { continue }
            bind(&input, to: statement)
            sqlite3_step(statement)
            sqlite3_finalize(statement)
        } while !input.isEmpty
    }

    private func bind(_ input: inout Input, to statement: OpaquePointer?) {
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch input.byte() % 6 {
        case 0: sqlite3_bind_null(statement, 1)
        case 1: sqlite3_bind_int64(statement, 1, input.integer())
        case 2:
            let edges: [Int64] = [-1, 0, 1, .min, .max, 1 << 31, -(1 << 31), 1 << 40, 1_000_000_000, 253_402_300_800]
            sqlite3_bind_int64(statement, 1, edges[Int(input.byte()) % edges.count])
        case 3: sqlite3_bind_double(statement, 1, Double(bitPattern: UInt64(bitPattern: input.integer())))
        case 4:
            let text = input.rest(Int(input.byte()))
            _ = text.withUnsafeBytes {
                sqlite3_bind_text(
                    statement, 1, $0.baseAddress?.assumingMemoryBound(to: CChar.self), CInt($0.count), transient)
            }
        default:
            let blob = input.rest(Int(input.byte()))
            _ = blob.withUnsafeBytes { sqlite3_bind_blob(statement, 1, $0.baseAddress, CInt($0.count), transient) }
        }
    }
}

/// libFuzzer's bytes, one after the other.
private struct Input {
    var bytes: ArraySlice<UInt8>
    var isEmpty: Bool { bytes.isEmpty }
    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }
    mutating func integer() -> Int64 { (0..<8).reduce(0) { value, _ in value << 8 | Int64(byte()) } }
    mutating func rest(_ count: Int) -> [UInt8] {
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }
}

private nonisolated(unsafe) let stand: Stand = {
    do { return try Stand() } catch { fatalError("\(error)") }
}()

/// Called by libFuzzer with each input; traps where a reader does, or refuses without a word.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    var input = Input(bytes: Array(UnsafeBufferPointer(start: start, count: count))[...])
    stand.spoil(&input)
    do {
        let database = try TrailDatabase.openForReading(stand.copy)
        var filter = ReportFilter()
        filter.includesAWSServices = true
        filter.readsSessions = true
        let selection = ChangeSelection(
            names: { Set([$0.principal] + $0.resources.map(\.value)) }, furtherNames: { Set([$0.eventName]) })
        let reads: [() throws -> Void] = [
            { _ = try database.reportFacts(filter, changes: selection) },
            { _ = try database.statusFacts() },
            { _ = try database.coverage() },
            {
                _ = try database.permissionChanges(named: ["arn:aws:iam::111122223333:role/messaging/order-notifier"]) {
                    _ in []
                }
            },
            {
                for group in try database.groupNames().prefix(2) {
                    let facts = try database.caseFacts(groupID: group.id, changes: selection)
                    guard let event = facts.report.groups.first?.evidence.first else { continue }
                    _ = try database.event(id: event.eventID)
                    _ = try database.record(eventID: event.eventID)
                }
            },
        ]
        // What one of them refuses is no reason not to try the others.
        for read in reads {
            do { try read() } catch { precondition(!"\(error)".isEmpty) }
        }
        try database.close()
    } catch {
        precondition(!"\(error)".isEmpty)
    }
    do {
        for fault in try DatabaseCheck.check(stand.copy).faults { precondition(!fault.description.isEmpty) }
        try TrailDatabase.openForWriting(stand.copy).close()
    } catch {
        precondition(!"\(error)".isEmpty)
    }
    return 0
}
