package import Foundation

/// Where test data lies that was written elsewhere: `TRAIL403_SHARED_DATA`, else a folder beside the project's.
private let root: URL = {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return ProcessInfo.processInfo.environment["TRAIL403_SHARED_DATA"].map { URL(filePath: $0) }
        ?? project.appending(path: "../shared/data").standardized
}()

/// A file or folder of test data written elsewhere, or `nil` with a word about it where it is absent.
package func sharedData(_ name: String) -> URL? {
    let url = root.appending(path: name).standardized
    if FileManager.default.fileExists(atPath: url.path) { return url }
    print("skipped: there is no \(url.path); set TRAIL403_SHARED_DATA to the folder of shared test data")
    return nil
}
