#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The few facts about a file that the archive reads from `stat`.
struct FileStatus: Equatable {
    enum Kind: Equatable {
        case regular, folder, pipe, link, device, socket
    }

    /// Which file it is, whatever the name that leads to it.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    var kind: Kind
    var identity: Identity
    /// Size in bytes; 0 for what is not a regular file.
    var size: Int
    /// Last modification, in nanoseconds since 1970.
    var modifiedNanoseconds: Int64

    /// The status of a member of this archive.
    func member(ofSize size: Int) -> FileStatus {
        var status = self
        status.size = size
        return status
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFLNK: .link
            case S_IFSOCK: .socket
            default: .device
            }
        identity = Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
        size = kind == .regular ? Int(status.st_size) : 0
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        modifiedNanoseconds = Int64(modified.tv_sec) &* 1_000_000_000 &+ Int64(modified.tv_nsec)
    }
}
