package import Foundation

/// Where test data lies that was written elsewhere: what the variable names, else a folder beside the project's.
private func root(_ variable: String, _ folder: String) -> URL {
    let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return ProcessInfo.processInfo.environment[variable].map { URL(filePath: $0) }
        ?? project.appending(path: "../shared/\(folder)").standardized
}

private func shared(_ name: String, under root: URL, variable: String) -> URL? {
    let url = root.appending(path: name).standardized
    if FileManager.default.fileExists(atPath: url.path) { return url }
    print("skipped: there is no \(url.path); set \(variable) to the folder of shared test data")
    return nil
}

private let data = root("TRAIL403_SHARED_DATA", "data")
private let cases = root("TRAIL403_SHARED_CASES", "cases")

/// A file or folder of test data written elsewhere, or `nil` with a word about it where it is absent.
package func sharedData(_ name: String) -> URL? { shared(name, under: data, variable: "TRAIL403_SHARED_DATA") }

/// The archive of a refusal that somebody asked about in public, or `nil` with a word about it where it is absent.
package func sharedCase(_ name: String) -> URL? { shared(name, under: cases, variable: "TRAIL403_SHARED_CASES") }
