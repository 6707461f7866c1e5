package import CloudTrail
import Foundation
public import TrailStore

/// Reads and hashes every file of an archive, several at once, and holds them against its digests.
public struct ArchiveVerification: Sendable {
    /// What to verify, and with what.
    public struct Options: Sendable {
        /// Files of public keys; where there are none, `public-keys.json` beside or in a named folder.
        public var keyFiles: [String] = []
        /// Files of signatures.
        public var signatureFiles: [String] = []
        /// Seconds since 1970, both inclusive, by the time of delivery.
        public var from: Int64?
        /// The last second.
        public var to: Int64?
        /// Accounts to verify; none for all.
        public var accounts: Set<String> = []
        /// Regions to verify; none for all.
        public var regions: Set<String> = []
        /// How many files are read at once; 0 for as many as there are processors.
        public var readers = 0
        /// Inflated bytes per stored byte above which a file is taken for a bomb.
        public var maximumRatio = LogFileSource.Limits().maximumRatio

        /// All of an archive.
        public init() {}
    }

    /// How far it has come; the records stay 0.
    public typealias Progress = Ingest.Progress

    /// What came of it.
    public struct Outcome: Sendable {
        /// What is known of the archive.
        package var verification: Verification
        /// SHA-256 of the stored bytes, in hex, where a database is to be told; by path as ``Verification`` has it.
        package var issues: [IngestIssue]
        /// Whether it was told to stop before its end.
        public var wasInterrupted = false

        /// The log files of the archive as a database remembers them.
        public var logFiles: [VerifiedLogFile] {
            let folder = FileManager.default.currentDirectoryPath
            return verification.files.filter { $0.state != .missing }.map {
                VerifiedLogFile(
                    path: Ingest.absolute($0.path.displayName, folder: folder, isFile: true), state: $0.state.rawValue,
                    digest: $0.digest)
            }
        }
    }

    private let options: Options

    /// A verification with these options.
    public init(options: Options = Options()) { self.options = options }

    /// Verifies the files at and below `paths`.
    ///
    /// - Parameters:
    ///   - progress: called on the calling thread, some times a second.
    ///   - mustStop: asked after each file; true ends it.
    /// - Throws: ``Ingest/InputError`` for a path where there is nothing, or a file of keys or signatures that holds none.
    public func run(
        _ paths: [String], progress: (Progress) -> Void = { _ in }, mustStop: @Sendable @escaping () -> Bool = { false }
    ) throws -> Outcome {
        let limits = LogFileSource.Limits(maximumRatio: options.maximumRatio)
        var found: LogFileFinder.Findings
        do throws(PathError) {
            found = try LogFileFinder.find(paths.map { LogFilePath($0) }, limits: limits)
        } catch {
            throw Ingest.InputError(description: error.description)
        }
        if let stream = found.files.first(where: { !$0.isStored }) {
            throw Ingest.InputError(
                description: "cannot verify `\(stream.displayPath)`: name the folder or archive that holds the files")
        }
        let (keyFiles, isBeside) = keyFiles(paths)
        var keys = DigestKeys()
        var notes: [String] = []
        for file in keyFiles {
            for fault in keys.add(try Self.contents(file), file: file) {
                notes.append("`\(displayName(file))`: \(fault)")
            }
        }
        if keyFiles.isEmpty {
            for file in found.files where Self.isKeyFile(file) {
                for fault in keys.add(try Self.contents(file, limits), file: file.displayPath) {
                    notes.append("`\(file.displayPath)`: \(fault)")
                }
            }
        }
        if !options.keyFiles.isEmpty, keys.all.isEmpty {
            throw Ingest.InputError(
                description: notes.first ?? "there are no public keys in the files that --keys names")
        }
        var signatures = DigestSignatures()
        for file in options.signatureFiles where signatures.add(try Self.contents(file), file: file) == 0 {
            throw Ingest.InputError(description: "there is no signature of a digest in `\(displayName(file))`")
        }
        var scope = VerificationScope()
        (scope.from, scope.to) = (options.from, options.to)
        (scope.accounts, scope.regions) = (options.accounts, options.regions)

        let work = ArchiveHasher(found.files, limits: limits)
        found.files = []
        let isStopped = work.run(readers: options.readers, progress: progress, mustStop: mustStop)
        for (name, bytes) in work.sidecars { signatures.add(bytes, file: name) }
        var verification = ArchiveVerifier.verify(
            work.hashed, keys: keys, signatures: signatures, changes: work.changes, scope: scope)
        verification.notes = notes + verification.notes
        for index in verification.keys.indices {
            verification.keys[index].isBeside =
                isBeside || keyFiles.isEmpty || Self.isInside(verification.keys[index].file, paths)
        }
        return Outcome(verification: verification, issues: found.issues, wasInterrupted: isStopped)
    }

    /// Whether it is `public-keys.json` at the root of an archive, where it lies beside the log files as it does in a folder.
    private static func isKeyFile(_ file: FoundFile) -> Bool {
        guard case .member(let member) = file.kind else { return false }
        return member.name == Array("public-keys.json".utf8) || member.name == Array("./public-keys.json".utf8)
    }

    private static func contents(_ file: FoundFile, _ limits: LogFileSource.Limits) throws -> [UInt8] {
        do {
            return try ArchiveHasher.contents(of: LogFileSource(file, limits: limits), limit: maximumSize)
        } catch let fault as SourceFault {
            throw Ingest.InputError(description: "cannot read `\(file.displayPath)`: \(fault.issue.message)")
        }
    }

    /// The files of keys, and whether they were merely found beside the archive.
    private func keyFiles(_ paths: [String]) -> ([String], isBeside: Bool) {
        guard options.keyFiles.isEmpty else { return (options.keyFiles, false) }
        for path in paths {
            for folder in [path, (path as NSString).deletingLastPathComponent] {
                let file = (folder.isEmpty ? "." : folder) + "/public-keys.json"
                if FileManager.default.fileExists(atPath: file) { return ([file], true) }
            }
        }
        return ([], false)
    }

    /// Whether a file lies in or beside a named folder: who could write the one could write the other.
    private static func isInside(_ file: String, _ paths: [String]) -> Bool {
        let folder = URL(filePath: file).standardizedFileURL.deletingLastPathComponent().path
        return paths.contains {
            let named = URL(filePath: $0).standardizedFileURL
            return folder == named.path || folder.hasPrefix(named.path + "/")
                || folder == named.deletingLastPathComponent().path
        }
    }

    /// Bytes that a file of keys or signatures may have.
    private static let maximumSize = 256 << 20

    private static func contents(_ file: String) throws -> [UInt8] {
        do {
            // A key in its DER form is no text, which is all that a log file may be.
            if let handle = FileHandle(forReadingAtPath: file) {
                defer { handle.closeFile() }
                let head = try handle.read(upToCount: 1 << 14) ?? Data()
                if DigestKey(der: Array(head)) != nil { return Array(head) }
            }
            let source = try LogFileSource(path: LogFilePath(file))
            return try ArchiveHasher.contents(of: source, limit: maximumSize)
        } catch let fault as SourceFault {
            throw Ingest.InputError(description: "cannot read `\(displayName(file))`: \(fault.issue.message)")
        }
    }
}
