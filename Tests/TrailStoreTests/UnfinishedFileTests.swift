import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import TrailStore

/// A new database is made under a hidden name: what becomes of that, whoever comes in between.
@Suite struct UnfinishedFileTests {
    private static func open(_ path: String, onWait: () -> Void = {}) throws -> IngestLock {
        try TrailDatabase.openForWritingLocked(path, isHiddenWhileNew: true, onWait: onWait)
    }

    private static func add(_ path: String, to lock: IngestLock) throws {
        try lock.database.queue.write {
            try $0.execute(
                sql: "INSERT INTO otherFile (path, looksLike, reason, seenAt) VALUES (?, '', '', '')", arguments: [path]
            )
        }
    }

    private static func rows(_ path: String) throws -> [String] {
        let database = try TrailDatabase.openForReading(path)
        defer { do { try database.close() } catch { Issue.record(error) } }
        return try database.queue.read { try String.fetchAll($0, sql: "SELECT path FROM otherFile ORDER BY path") }
    }

    /// The names in the folder, of hidden files what stands before the boot; a reader may leave an empty log.
    private static func names(_ folder: ScratchFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            .map { $0.hasSuffix(".part") ? String($0.dropLast(18)) : $0 }.sorted()
    }

    private static func hidden(_ folder: ScratchFolder) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return folder.path + "/" + (try #require(names.first { $0.hasSuffix(".part") }))
    }

    @Test func aSyncThatFailedWhileTheFileWasMadeIsToldAtTheEnd() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/trail.sqlite"
        // No file is open under -1: every sync fails.
        let database = TrailDatabase(path: path, queue: try TrailDatabase.openQueue(path), unfinished: -1)
        database.syncUnfinished()
        #expect {
            try database.finishUnfinished()
        } throws: {
            ($0 as? StoreError)?.description.contains("cannot write the database") ?? false
        }
    }

    @Test func `A new database bears its name when it is whole, and is then as any other`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("t.sqlite")
        let lock = try Self.open(path)
        try Self.add("a", to: lock)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try Self.names(folder).contains(".t.sqlite"))
        #expect(throws: StoreError(.busy, "")) { try TrailDatabase.openForReading(path) }
        #expect(throws: StoreError(.busy, "")) { try TrailDatabase.requireFile(path) }
        try lock.putInPlace()
        try Self.add("b", to: lock)
        #expect(try Self.rows(path) == ["a", "b"])
        try lock.putInPlace()
        try lock.database.close()
        lock.release()
        #expect(try Self.names(folder) == ["t.sqlite"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let queue = try DatabaseQueue(path: path)
        #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA page_size") } == 16384)
        let sums = try PageSums.compare(path) {}
        #expect(sums.wrong.isEmpty && sums.sumPages > 0)
    }

    @Test func `One that read nothing leaves nothing`() throws {
        let folder = try ScratchFolder()
        let lock = try Self.open(folder.path("t.sqlite"))
        try lock.discardIfNew()
        lock.release()
        #expect(try Self.names(folder).isEmpty)
    }

    @Test func `What a killed ingest committed is gone on with, and what it had not is undone`() throws {
        let folder = try ScratchFolder()
        let lock = try Self.open(folder.path("a.sqlite"))
        try Self.add("committed", to: lock)
        // More than the cache holds is written into the file before it is committed.
        try lock.database.queue.inDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = 1; BEGIN; DELETE FROM otherFile")
            for row in 0..<500 {
                try db.execute(
                    sql: "INSERT INTO otherFile (path, looksLike, reason, seenAt) VALUES (?, ?, '', '')",
                    arguments: ["\(row)", String(repeating: "x", count: 1000)])
            }
        }
        // The file and its journal as a kill would leave them.
        let hidden = try Self.hidden(folder)
        #expect(try FileManager.default.attributesOfItem(atPath: hidden + "-journal")[.size] as? Int ?? 0 > 16384)
        let killed = hidden.replacing("/.a.sqlite.", with: "/.b.sqlite.")
        for suffix in ["", "-journal"] {
            try FileManager.default.copyItem(atPath: hidden + suffix, toPath: killed + suffix)
        }
        try lock.database.queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try lock.database.close()
        lock.release()

        #expect(throws: StoreError(.missing, "")) { try TrailDatabase.openForReading(folder.path("b.sqlite")) }
        let next = try Self.open(folder.path("b.sqlite"))
        #expect(next.goesOnWithKilled)
        try Self.add("more", to: next)
        try next.putInPlace()
        #expect(!next.goesOnWithKilled)
        try next.database.close()
        next.release()
        #expect(try Self.rows(folder.path("b.sqlite")) == ["committed", "more"])
        // The other one was closed in order, and is gone on with, too, by an ingest that would not hide it.
        let other = try TrailDatabase.openForWritingLocked(folder.path("a.sqlite")) {}
        #expect(other.goesOnWithKilled)
        try other.putInPlace()
        try other.database.close()
        other.release()
        #expect(try Self.rows(folder.path("a.sqlite")) == ["committed"])
        #expect(try Self.names(folder) == ["a.sqlite", "b.sqlite"])
    }

    @Test(arguments: ["", "Dear reader, this is no database at all.\n", "SQLite format 3\0 and then nothing"])
    func `What cannot be gone on with is made anew`(bytes: String) throws {
        let folder = try ScratchFolder()
        let path = folder.path("t.sqlite")
        let first = try Self.open(path)
        try first.database.close()
        first.release()
        try Data(bytes.utf8).write(to: URL(fileURLWithPath: Self.hidden(folder)))
        let lock = try Self.open(path)
        try Self.add("a", to: lock)
        try lock.putInPlace()
        try lock.database.close()
        lock.release()
        #expect(try Self.rows(path) == ["a"])
    }

    @Test func `What another boot left is taken away, unless somebody is at it`() throws {
        let folder = try ScratchFolder()
        let names = [
            ".t.sqlite.000000000000.part", ".t.sqlite.000000000000.part-journal", ".t.sqlite.111111111111.part",
            ".t.sqlite.notes.part", ".u.sqlite.000000000000.part",
        ]
        for name in names { try folder.write(name, "x") }
        let held = Glibc.open(folder.path(names[2]), O_RDONLY | O_CLOEXEC)
        defer { close(held) }
        #expect(flock(held, LOCK_EX) == 0)
        let lock = try Self.open(folder.path("t.sqlite"))
        try lock.putInPlace()
        try lock.database.close()
        lock.release()
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(left == Array(names[2...]) + ["t.sqlite"])
    }

    @Test func `The next ingest waits, and finds what the first one made`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("t.sqlite")
        let first = try Self.open(path)
        try Self.add("a", to: first)
        let waits = DispatchSemaphore(value: 0)
        let second = Beside {
            let lock = try Self.open(path) { waits.signal() }
            try Self.add("b", to: lock)
            let goesOn = lock.goesOnWithKilled
            try lock.database.close()
            lock.release()
            return goesOn
        }
        waits.wait()
        try first.putInPlace()
        try first.database.close()
        first.release()
        #expect(try second.value() == false)
        #expect(try Self.rows(path) == ["a", "b"])
    }

    @Test func `A file that another program puts there meanwhile stays`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("t.sqlite")
        let lock = try Self.open(path)
        try Self.add("a", to: lock)
        try folder.write("t.sqlite", "somebody's")
        #expect(throws: StoreError.self) { try lock.putInPlace() }
        lock.release()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "somebody's")
        #expect(throws: StoreError(.foreign, "")) { try Self.open(path) }
        #expect(try Self.names(folder) == ["t.sqlite"])
    }

    @Test func `Where something is, or nothing can be hidden, the database is made in its place`() throws {
        let folder = try ScratchFolder()
        // A database that is there, also behind a link.
        try TrailDatabase.openForWriting(folder.path("real.sqlite")).close()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.sqlite"), withDestinationPath: folder.path("real.sqlite"))
        // A name so long that no other fits beside it.
        let long = String(repeating: "n", count: 240)
        for name in ["real.sqlite", "link.sqlite", long] {
            let lock = try Self.open(folder.path(name))
            #expect(FileManager.default.fileExists(atPath: folder.path(name)))
            try Self.add(name, to: lock)
            try lock.putInPlace()
            try lock.database.close()
            lock.release()
        }
        #expect(try Self.rows(folder.path("real.sqlite")) == ["link.sqlite", "real.sqlite"])
        #expect(try Self.names(folder) == ["link.sqlite", long, "real.sqlite"])
    }

    @Test func `Where nothing can be written the error is that of the database's own name`() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("nowhere.sqlite"), withDestinationPath: folder.path("no/such"))
        for path in [folder.path("nowhere.sqlite"), folder.path("none/t.sqlite"), "/proc/t.sqlite", folder.path + "/"] {
            do {
                try Self.open(path).release()
                Issue.record("\(path) was opened")
            } catch let error as StoreError {
                #expect(error.description.contains("`\(path)`"), "\(error)")
            }
        }
        #expect(try Self.names(folder) == ["nowhere.sqlite"])
    }

    @Test func `A hidden file that is somebody else's link is left alone`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("t.sqlite")
        let first = try Self.open(path)
        let hidden = try Self.hidden(folder)
        try first.discardIfNew()
        first.release()
        try folder.write("precious", "x")
        try FileManager.default.createSymbolicLink(atPath: hidden, withDestinationPath: folder.path("precious"))
        let lock = try Self.open(path)
        #expect(FileManager.default.fileExists(atPath: path))
        try lock.database.close()
        lock.release()
        #expect(try String(contentsOfFile: folder.path("precious"), encoding: .utf8) == "x")
    }
}
