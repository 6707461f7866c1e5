import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

@Suite("Reading on a second connection")
struct SideReaderTests {
    /// What the second connection tells of `reportState` when somebody else wrote at these moments.
    private func names(writingBefore: Bool = false, writingBetween: Bool = false) throws -> [String]? {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let writer = try DatabaseQueue(path: path)
        func write(_ name: String) throws {
            try writer.write {
                try $0.execute(
                    sql: "INSERT INTO reportState (name, filter, logFileID, deliveredAt) VALUES (?, '', 0, '')",
                    arguments: [name])
            }
        }
        if writingBefore { try write("before") }
        let side = try #require(try SideReader(of: TrailDatabase.openForReading(path)))
        if writingBetween { try write("between") }
        let read = side.start { try String.fetchAll($0, sql: "SELECT name FROM reportState") }
        return try read.value()
    }

    @Test("Where nobody writes, it reads what is there")
    func sameSnapshot() throws {
        #expect(try names() == [])
        #expect(try names(writingBefore: true) == ["before"])
    }

    @Test("Where somebody wrote since it was opened, it tells nothing rather than another state")
    func otherSnapshot() throws {
        #expect(try names(writingBetween: true) == nil)
        #expect(try names(writingBefore: true, writingBetween: true) == nil)
    }

    @Test("An error is the caller's")
    func error() throws {
        let folder = try ScratchFolder()
        let database = try TrailDatabase.openForReading(folder.emptyDatabase())
        let read = try #require(try SideReader(of: database)).start {
            try Int.fetchOne($0, sql: "SELECT 1 FROM nothing")
        }
        #expect(throws: DatabaseError.self) { try read.value() }
    }
}
