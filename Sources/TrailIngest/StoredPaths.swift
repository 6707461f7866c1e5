import CloudTrail

/// What the database calls the files that an ingest reads: by their absolute paths, or, where these mean nothing to anybody later, as
/// on a machine that reads a copy of a part of a bucket, by a prefix and the path below the folder that was named.
struct StoredPaths {
    private let prefix: String?
    /// The folders that were named, each with a slash at its end, the longest first.
    private let folders: [String]
    private let workingFolder: String

    init(prefix: String?, roots: [String], folder: String) {
        self.prefix = prefix
        workingFolder = folder
        folders = roots.map { $0.hasSuffix("/") ? $0 : $0 + "/" }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The name of a file; of one that was named itself its last part stands behind a prefix. Standard input is called as it is.
    func name(of path: String, isFile: Bool) -> String {
        guard let prefix, isFile else { return Ingest.absolute(path, folder: workingFolder, isFile: isFile) }
        let rest =
            folders.first { path.hasPrefix($0) }.map { path.dropFirst($0.count) }
            ?? path.split(separator: "/").last ?? path[...]
        return prefix + String(rest.drop { $0 == "/" })
    }
}
