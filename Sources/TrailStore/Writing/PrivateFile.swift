import Foundation

/// Creates an empty file that only its owner may read, unless there is one at the path already.
///
/// - Throws: ``StoreError`` where the file cannot be created.
func createPrivateFile(_ path: String) throws {
    guard !FileManager.default.fileExists(atPath: path) else { return }
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
        _ = close(descriptor)
    } else if errno != EEXIST {
        let isFull = errno == ENOSPC
        let cause = unsafe String(cString: strerror(errno)).lowercased()
        throw StoreError(
            isFull ? .full : .inaccessible,
            "cannot create the database `\(path)`: \(cause): name a file in a folder that you may write with --database FILE"
        )
    }
}
