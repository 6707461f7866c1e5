import Foundation
import GRDB
import TestSupport
import Testing
import TrailStore

/// The checksums of the database's pages.
@Suite struct PageSumTests {
    /// A small database of this version, as nobody has touched it.
    private static func database(_ folder: ScratchFolder, texts: Int = 400) throws -> String {
        let path = folder.path("t.sqlite")
        try TrailDatabase.openForWriting(path).close()
        // The layer is the process's way to files: what a test writes bears checksums, too.
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            for number in 0..<texts {
                let text = String(repeating: "\(number) ", count: 40)
                try db.execute(sql: "INSERT INTO text (value) VALUES (?)", arguments: [text])
            }
        }
        try queue.close()
        return path
    }

    @Test func `Every page of a new database bears a checksum, and a check finds nothing wrong`() throws {
        let folder = try ScratchFolder()
        let facts = try DatabaseCheck.check(Self.database(folder))
        #expect(facts.faults.isEmpty && facts.pages > 20 && facts.sumPages == facts.pages, "\(facts)")
    }

    @Test func `A flipped bit in any page is found, by the check and by what reads the page`() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SeededGenerator(state: 8)
        for _ in 0..<60 {
            var bytes = whole
            // What the header says of the format itself is SQLite's to judge.
            let place = Int.random(in: 100..<bytes.count, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try bytes.write(to: URL(fileURLWithPath: path))
            let facts = try DatabaseCheck.check(path) {}
            #expect(facts.faults == [DatabaseFault.page(place / 16_384 + 1)], "byte \(place)")
        }
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(try DatabaseCheck.check(path).faults.isEmpty)
    }

    @Test func `Who reads a changed page gets it and is told so, who writes does not`() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(folder)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The last page holds texts.
        bytes[bytes.count - 3000] ^= 1
        // The first page's checksum: what stands in the page itself is the schema.
        bytes[16_384 - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        try TrailDatabase.openForReading(path).close()
        #expect(PageSums.remark != nil)
        #expect(throws: StoreError(.damaged, "")) { try TrailDatabase.openForWriting(path) }
    }

    @Test func `A file whose pages another program wrote anew is read without checksums`() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(folder)
        let page = 16_384
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for end in stride(from: page, through: bytes.count, by: page) {
            bytes.replaceSubrange(end - 8..<end, with: Data(count: 8))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let facts = try DatabaseCheck.check(path)
        #expect(facts.faults.isEmpty && facts.sumPages == 0)
        try TrailDatabase.openForReading(path).close()
    }

    /// Another program may have written every page of a large file.
    @Test func `However many pages were changed, a check waits for a writer twice, and not for each`() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(folder, texts: 2_000)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for end in stride(from: 16_384, through: bytes.count, by: 16_384) { bytes[end - 9] ^= 1 }
        try bytes.write(to: URL(fileURLWithPath: path))
        var pauses = 0
        let facts = try DatabaseCheck.check(path) { pauses += 1 }
        #expect(facts.faults.count == 21 && facts.pages > 40 && pauses == 2, "\(facts), \(pauses) pauses")
    }

    @Test func `A page that was being written is read again`() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var bytes = whole
        for page in [3, 5] { bytes[page * 16_384 - 9] ^= 1 }
        try bytes.write(to: URL(fileURLWithPath: path))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { handle.closeFile() }
        let facts = try DatabaseCheck.check(path) {
            handle.seek(toFileOffset: 0)
            handle.write(whole)
        }
        #expect(facts.faults.isEmpty && facts.sumPages == facts.pages, "\(facts)")
    }
}
