import Foundation
import GRDB
import GRDBSQLite

// Fuzz target of what `trail403 sql` lets through; see Scripts/fuzz. It is compiled into one module with TrailStore.

/// A database of ours in a folder of its own, and a connection as `trail403 sql` has it.
private final class Stand {
    let folder: String
    let database: String
    let connection: OpaquePointer
    let runner: QueryRunner
    let before: String

    init() throws {
        folder = "\(NSTemporaryDirectory())/trail403-fuzz-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard chdir(folder) == 0 else { fatalError("cannot enter \(folder)") }
        database = folder + "/t.sqlite"
        let written = try TrailDatabase.openForWriting(database)
        let tables = try written.queue.inDatabase { db in
            try db.execute(
                sql: """
                    INSERT INTO text (value) VALUES ('arn:aws:iam::111122223333:role/mailer'), ('us-east-1'), ('AccessDenied');
                    INSERT INTO record (key, json) VALUES (1, '{"eventID":"e-1","resources":[{"ARN":"x"},{"ARN":"y"}]}');
                    INSERT INTO eventRow (key, eventTime, eventID) VALUES (1793491200 << 31 | 1, '2026-11-01T00:00:00Z', 'e-1'),
                        (1793494800 << 31 | 2, '2026-11-01T01:00:00Z', 'e-2');
                    """)
            return try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        try written.close()
        var opened: OpaquePointer?
        guard sqlite3_open_v2(database, &opened, SQLITE_OPEN_READONLY, nil) == SQLITE_OK, let opened else {
            fatalError("cannot open \(database)")
        }
        connection = opened
        runner = try QueryRunner(connection, tables: tables + Schema.viewNames)
        // A watchdog ends the process where one function takes too long, which would be no find: no value is long here.
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 20_000)
        sqlite3_hard_heap_limit64(64 << 20)
        _ = try Self.count(runner, "SELECT count(*) FROM event")
        before = Self.state(folder)
    }

    /// The folder's files with their sizes and times; but for the lock file, which readers write.
    static func state(_ folder: String) -> String {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch { return "\(error)" }
        return names.filter { !$0.hasSuffix("-shm") }.map { name in
            var status = stat()
            stat("\(folder)/\(name)", &status)
            return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }.joined(separator: ", ")
    }

    static func count(_ runner: QueryRunner, _ sql: String) throws -> Int {
        var rows = 0
        let watch = QueryWatch(deadline: .now + .milliseconds(300), isCancelled: { false }, giveUp: nil)
        try runner.run(
            sql, ["p": "1", "q": sql], watch,
            into: ReadOnlyQuery.Sink(
                columns: { _ in },
                row: { _ in
                    rows += 1
                    return rows < 50
                }))
        return rows
    }
}

private nonisolated(unsafe) let stand: Stand = {
    do { return try Stand() } catch { fatalError("\(error)") }
}()

/// Called by libFuzzer with each input; traps where a statement changed anything, or the connection is not what it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let sql = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        _ = try Stand.count(stand.runner, sql)
    } catch let error as QueryError {
        guard !error.description.isEmpty else { fatalError("a refusal without a word") }
    } catch {
        fatalError("\(error)")
    }
    guard sqlite3_total_changes(stand.connection) == 0, sqlite3_get_autocommit(stand.connection) != 0 else {
        fatalError("something was written, or a transaction is open: \(sql)")
    }
    guard Stand.state(stand.folder) == stand.before else { fatalError("a file was changed: \(sql)") }
    return 0
}
