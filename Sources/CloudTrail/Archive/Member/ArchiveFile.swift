#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An open archive, read at any place.
///
/// Each member opens it anew: readers share no place in it, and none waits for another.
final class ArchiveFile {
    let status: FileStatus

    private let descriptor: CInt

    /// Opens a regular file.
    ///
    /// - Parameter name: what messages name: the archive, or the member that is to be read.
    init(_ path: LogFilePath, name: String) throws(SourceFault) {
        do throws(SystemError) {
            descriptor = try openForReading(path, flags: O_NONBLOCK)
        } catch {
            throw Self.unreadable(error.text, name)
        }
        var status = stat()
        // SAFETY: `status` outlives the call.
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = SystemError.current
            close(descriptor)
            throw Self.unreadable(error.text, name)
        }
        self.status = FileStatus(status)
        if self.status.kind != .regular {
            close(descriptor)
            throw Self.unreadable("is not a regular file", name)
        }
    }

    deinit { close(descriptor) }

    /// Reads what one `pread` gives; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int, name: String) throws(SourceFault) -> Int {
        do throws(SystemError) {
            return try retryingInterruption {
                // SAFETY: `pread` writes at most `buffer.count` bytes to the buffer.
                unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            }
        } catch {
            throw Self.unreadable(error.text, name)
        }
    }

    /// `count` bytes at a place, fewer where the file ends before.
    func bytes(at offset: Int, count: Int, name: String) throws(SourceFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, min(count, status.size - offset)))
        var filled = 0
        while filled < bytes.count {
            let start = filled
            let read: Int
            do {
                read = try unsafe bytes.withUnsafeMutableBytes {
                    // SAFETY: the part of the array that is still free.
                    try unsafe self.read(
                        into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), at: offset + start, name: name)
                }
            } catch let fault as SourceFault {
                throw fault
            } catch {
                throw Self.unreadable("\(error)", name)
            }
            if read == 0 { return Array(bytes[..<filled]) }
            filled += read
        }
        return bytes
    }

    /// Whether the archive has another size or time than when it was opened.
    func hasChanged(name: String) throws(SourceFault) -> Bool {
        var now = stat()
        // SAFETY: `now` outlives the call.
        guard unsafe fstat(descriptor, &now) == 0 else { throw Self.unreadable(SystemError.current.text, name) }
        return FileStatus(now) != status
    }

    private static func unreadable(_ cause: String, _ name: String) -> SourceFault {
        SourceFault(issue: IngestIssue(.unreadable, at: Location(file: name), cause))
    }
}
