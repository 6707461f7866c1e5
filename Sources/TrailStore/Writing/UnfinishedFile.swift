import Foundation

/// The hidden file in which an ingest makes a new database, beside the name that it bears when it is whole and on the disk.
///
/// Nobody reads it before, so it needs no write-ahead log, and not every transaction must reach the disk. What an ingest that was killed
/// had committed is in it all the same, and the next ingest goes on with it. Only after a crash of the machine it may hold
/// anything: its name tells the boot that it is of, and one of another boot is taken away.
struct UnfinishedFile {
    /// The file, open and not locked, or locked by this process.
    let descriptor: Int32
    /// Whether it was made just now.
    let isNew: Bool
    private let file: NewDatabaseFile

    /// Where the file is.
    var location: String { file.temporary }

    /// Opens the file that belongs to a path where there is nothing yet.
    ///
    /// `nil` where none is there and none is to be made, and where none can be: without permission, room or locks, or where the
    /// machine does not tell its boot.
    init?(of path: String, creating: Bool) {
        guard let name = Name(path) else { return nil }
        if isThere(path) {
            // What a killed ingest left is of no use beside a database that came from elsewhere.
            if creating { Name.removeLeft(name.path) }
            return nil
        }
        if creating { name.removeThoseOfOtherBoots() }
        var descriptor = unsafe open(name.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        isNew = descriptor < 0
        if creating, descriptor < 0 {
            descriptor = unsafe open(name.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { return nil }
        // Another user may have put a file there, in a folder that all may write to.
        var status = stat()
        // SAFETY: `status` outlives the call.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_nlink == 1, flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno == EWOULDBLOCK
        else {
            _ = close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        file = NewDatabaseFile(path, temporary: name.path)
    }

    /// Gives the file its name, once all of it is on the disk.
    func putInPlace() throws { try file.putInPlace() }

    /// Takes the file away, with what SQLite put beside it.
    func discard() { file.discard() }

    /// What there is of a database that does not bear its name yet.
    enum State {
        case none
        /// An ingest is making it.
        case inWork
        /// The ingest that was making it was killed.
        case left
    }

    /// What there is for a path where there is no database.
    static func state(of path: String) -> State {
        guard let name = Name(path), !isThere(path) else { return .none }
        let descriptor = unsafe open(name.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .none }
        defer { _ = close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK ? .left : .inWork
    }

    /// The name of the hidden file: `.NAME.BOOT.part`.
    private struct Name {
        let folder: String
        let name: String
        let boot: String
        var path: String { "\(folder).\(name).\(boot).part" }

        /// `nil` where the path has no name, or the machine does not tell its boot.
        init?(_ path: String) {
            let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
            guard start < path.endIndex, let boot = Self.currentBoot else { return nil }
            folder = String(path[..<start])
            name = String(path[start...])
            self.boot = boot
        }

        /// The first digits of the number that Linux draws each time it starts.
        private static let currentBoot: String? = {
            let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { _ = close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 13)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            let boot = String(decoding: bytes, as: UTF8.self).filter(\.isHexDigit)
            return count == bytes.count && boot.count == 12 ? boot : nil
        }()

        /// Takes away what another boot left, unless somebody on another machine is at it.
        func removeThoseOfOtherBoots() {
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
            } catch {
                // Who may not list a folder may write into it all the same; what is left there harms nobody.
                return
            }
            for other in names where other.hasPrefix(".\(name).") && other.hasSuffix(".part") {
                let found = other.dropFirst(name.count + 2).dropLast(5)
                guard found.count == boot.count, found.allSatisfy(\.isHexDigit), found != boot else { continue }
                Self.removeLeft(folder + other)
            }
        }

        /// Takes a hidden file away that no ingest is at.
        static func removeLeft(_ path: String) {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { return }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { NewDatabaseFile("", temporary: path).discard() }
            _ = close(descriptor)
        }
    }
}

/// Whether a path leads to anything, be it a link that leads nowhere.
private func isThere(_ path: String) -> Bool {
    var status = stat()
    // SAFETY: `status` outlives the call.
    return unsafe lstat(path, &status) == 0
}
