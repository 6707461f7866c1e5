import Foundation

/// The folder or file of test data written elsewhere, or `nil` with a word about it where it is absent.
package func sharedData(_ name: String) -> String? {
    let root =
        ProcessInfo.processInfo.environment["TRAIL403_SHARED_DATA"]
        ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared/data").standardized.path
    let path = root + "/" + name
    guard FileManager.default.fileExists(atPath: path) else {
        print("skipped: there is no \(path); set TRAIL403_SHARED_DATA to the folder of shared test data")
        return nil
    }
    return path
}
