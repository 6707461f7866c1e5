import CPageSum
import Foundation
import GRDB
import GRDBSQLite

/// The checksums that the pages of a database bear: written with each page, compared when it is read.
///
/// SQLite finds damage only where it breaks the structure of a file: a flipped bit in a name or a count is a name or a count. The
/// layer below SQLite (`CPageSum`) finds it, for whatever reads the page. It finds what another program has changed as well, and
/// cannot tell the two apart: commands that read go on and say so, commands that write stop.
package enum PageSums {
    /// Bytes at the end of each page that are the checksum's.
    private static let bytes: Int32 = 8

    /// SQLite's extended code for a page that is not as it was written: SQLITE_IOERR_DATA.
    static let mismatch: Int32 = SQLITE_IOERR | 32 << 8

    /// What is to be said at the end of a command that has read a page which is not as it was written; `nil` where it has not.
    package static var remark: String? {
        guard trail403_changed_pages() > 0 else { return nil }
        return
            "the database is damaged, or another program has changed it: what was read may be wrong, since a page is not as it was "
            + "written: see `trail403 status --check`; \(StoreError.changedPageSteps)"
    }

    /// Makes the layer the process's way to files; call before any database is opened.
    static func start() { _ = isStarted }

    private static let isStarted = trail403_register_page_sums(UInt32(Schema.applicationID)) == SQLITE_OK

    /// What the pages of a file say of themselves.
    struct Comparison {
        var pages = 0
        var sumPages = 0
        /// The numbers of pages that are not as they were written.
        var wrong: [Int] = []

        fileprivate mutating func count(_ page: Int, _ verdict: Verdict) {
            switch verdict {
            case .without: break
            case .right: sumPages += 1
            case .wrong: wrong.append(page)
            }
        }
    }

    /// Compares every page of a file with its checksum, without SQLite.
    ///
    /// - Parameter pause: waits for a moment: a page that was being written while it was read is read again then, twice at most.
    /// - Throws: ``StoreError`` where the file cannot be read.
    static func compare(_ path: String, pause: () -> Void) throws -> Comparison {
        var comparison = Comparison()
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { file.closeFile() }
            guard let pages = try Pages(file) else { return comparison }
            while let verdict = try pages.verdict(comparison.pages + 1) {
                comparison.pages += 1
                comparison.count(comparison.pages, verdict)
            }
            for _ in 0..<2 where !comparison.wrong.isEmpty {
                pause()
                let again = comparison.wrong
                comparison.wrong = []
                for number in again { comparison.count(number, try pages.verdict(number) ?? .without) }
            }
        } catch {
            throw StoreError.unreadable(path)
        }
        return comparison
    }

    fileprivate enum Verdict { case without, right, wrong }

    /// The pages of a file, as its header tells of them.
    private struct Pages {
        let file: FileHandle
        let size: Int
        let haveSums: Bool

        /// `nil` where the file is no database.
        init?(_ file: FileHandle) throws {
            self.file = file
            let header = [UInt8](try file.read(upToCount: 100) ?? Data())
            guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else { return nil }
            let told = Int(header[16]) << 8 | Int(header[17])
            size = told == 1 ? 65_536 : told
            haveSums = header[20] == UInt8(bytes)
            guard size >= 512, size & (size - 1) == 0 else { return nil }
        }

        /// `nil` at the file's end.
        func verdict(_ number: Int) throws -> Verdict? {
            try file.seek(toOffset: UInt64(size * (number - 1)))
            guard let page = try file.read(upToCount: size), page.count == size else { return nil }
            let stored = page.suffix(Int(bytes)).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if !haveSums || stored == 0 { return .without }
            let sum = unsafe [UInt8](page).withUnsafeBufferPointer {
                // SAFETY: the function reads `size` bytes, which are there.
                unsafe trail403_page_sum($0.baseAddress, size, UInt32(truncatingIfNeeded: number))
            }
            return sum == stored ? .right : .wrong
        }
    }

    /// Reserves the room in a file that is laid out, or written anew by `VACUUM`, next.
    static func reserve(_ db: Database) {
        var count = bytes
        // SAFETY: SQLite reads and writes one `int` there, which outlives the call. Where it refuses, the file has no checksums.
        unsafe withUnsafeMutablePointer(to: &count) {
            _ = unsafe sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_RESERVE_BYTES, $0)
        }
    }
}
