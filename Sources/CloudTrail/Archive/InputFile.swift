#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An open file's raw bytes, as stored, hashed on the way if asked.
///
/// The file is read and never mapped: a mapped file that is cut underneath kills the process.
final class InputFile: StoredFile {
    /// The file as messages name it.
    let name: String
    /// Size and times when it was opened.
    let statusAtOpening: FileStatus
    /// Bytes read so far.
    private(set) var bytesRead = 0

    /// Where a hole begins in which nothing was ever written, and behind which nothing is read; `nil` where there is none that is long.
    let longHole: Int?

    private let descriptor: CInt
    private let isOwned: Bool
    private var hasher: ContentHash?
    private var isAtEnd = false

    /// Opens a file.
    ///
    /// Unless `isExplicit`, only a regular file will do: a pipe that takes the place of a file found in a folder must not
    /// keep us waiting for a writer. An explicit path may lead to a pipe (`/dev/stdin`, `/dev/fd/63`).
    init(path: LogFilePath, isExplicit: Bool, hashing: Bool) throws(SourceFault) {
        name = path.displayName
        hasher = hashing ? ContentHash() : nil
        isOwned = true
        do throws(SystemError) {
            descriptor = try openForReading(path, flags: isExplicit ? 0 : O_NONBLOCK)
        } catch {
            throw Self.unreadable(error.text, name)
        }
        do throws(SystemError) {
            statusAtOpening = try Self.status(of: descriptor)
        } catch {
            close(descriptor)
            throw Self.unreadable(error.text, name)
        }
        if let objection = Self.objection(to: statusAtOpening.kind, isExplicit: isExplicit, descriptor) {
            close(descriptor)
            throw Self.unreadable(objection, name)
        }
        longHole = firstLongHole(descriptor, size: statusAtOpening.size)
        #if os(Linux)
            // A hint for the kernel's read-ahead. Files below a block are read in one go.
            if statusAtOpening.size > Inflater.blockSize { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
        #endif
    }

    /// Reads an open descriptor that stays the caller's, such as standard input.
    init(descriptor: CInt, name: String, hashing: Bool) throws(SourceFault) {
        self.name = name
        self.descriptor = descriptor
        isOwned = false
        hasher = hashing ? ContentHash() : nil
        do throws(SystemError) {
            statusAtOpening = try Self.status(of: descriptor)
        } catch {
            throw Self.unreadable(error.text, name)
        }
        if statusAtOpening.kind == .folder { throw Self.unreadable("is a folder", name) }
        longHole = nil
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads what one `read` gives; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceFault) -> Int {
        if unsafe isAtEnd || buffer.isEmpty { return 0 }
        var buffer = unsafe buffer
        if let longHole {
            guard bytesRead < longHole else { return 0 }
            // SAFETY: a part of the buffer, which begins where it begins.
            unsafe buffer = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(longHole - bytesRead))
        }
        let count: Int
        do throws(SystemError) {
            // SAFETY: `read` writes at most `buffer.count` bytes to the buffer.
            count = try retryingInterruption { unsafe readBytes(descriptor, buffer) }
        } catch {
            throw SourceFault(
                issue: IngestIssue(.unreadable, at: Location(file: name, byteOffset: bytesRead), error.text))
        }
        isAtEnd = count == 0
        bytesRead += count
        // SAFETY: the first `count` bytes of the buffer have just been written.
        unsafe hasher?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    /// SHA-256 of the bytes read so far, in hex; `nil` unless asked for at opening.
    var sha256: String? { hasher?.hex }

    /// Whether the file has another size or time than when it was opened, or gave more or fewer bytes than it had.
    func hasChanged() throws(SourceFault) -> Bool {
        guard statusAtOpening.kind == .regular else { return false }
        do throws(SystemError) {
            return try Self.status(of: descriptor) != statusAtOpening
        } catch {
            throw Self.unreadable(error.text, name)
        }
    }

    private static func status(of descriptor: CInt) throws(SystemError) -> FileStatus {
        var status = stat()
        // SAFETY: `status` outlives the call.
        _ = try retryingInterruption { unsafe fstat(descriptor, &status) }
        return FileStatus(status)
    }

    private static func objection(to kind: FileStatus.Kind, isExplicit: Bool, _ descriptor: CInt) -> String? {
        switch kind {
        case .regular: nil
        case .folder: "is a folder"
        case .pipe: isExplicit ? nil : "is a pipe, not a file"
        case .link: "is a symbolic link"
        case .socket: "is a socket, not a file"
        // A terminal is standard input by another name; other devices have no end.
        case .device: isExplicit && isatty(descriptor) == 1 ? nil : "is a device, not a file"
        }
    }

    private static func unreadable(_ cause: String, _ name: String) -> SourceFault {
        SourceFault(issue: IngestIssue(.unreadable, at: Location(file: name), cause))
    }
}
