/// Finds the files to read below the paths that a user names.
///
/// Every regular file counts, whatever its name: files are recognised by content when they are read. Pipes, sockets and
/// devices count only where they are named. Links are followed; a file or folder that is reached twice is listed once. Archives
/// (`.zip`, `.tar` and compressed `.tar`, known by content) are folders, too; an archive within an archive is none.
package struct LogFileFinder: Sendable {
    /// What was found, and what could not be looked into.
    package struct Findings: Sendable, Equatable {
        /// By delivery time where the name has one, and then by path; files without such a time come last, and after them the
        /// files of compressed archives, in the archive's own order.
        package var files: [FoundFile] = []
        /// Archives that were looked into, by path.
        package var archives: [LogFilePath] = []
        /// What of archives cannot be read, folders that cannot be read and links that lead nowhere, by path.
        package var issues: [IngestIssue] = []

        /// Nothing found.
        package init() {}

        init(files: [FoundFile], archives: [LogFilePath], issues: [IngestIssue]) {
            self.files = files
            self.archives = archives
            self.issues = issues
        }
    }

    private var files: [FoundFile] = []
    /// Where in `files` a file is.
    private var found: [FileStatus.Identity: Int] = [:]
    private var streams: [FoundFile] = []
    private var issues: [IngestIssue] = []
    private var visitedFolders: Set<FileStatus.Identity> = []
    private var links: [LogFilePath] = []
    private var archives: [FileStatus.Identity: LogFilePath] = [:]
    private let limits: LogFileSource.Limits

    private init(limits: LogFileSource.Limits) { self.limits = limits }

    /// Lists the files at and below `paths`, in an order that does not depend on the order of `paths`.
    ///
    /// `-` is standard input. Throws `PathError` for a path where there is nothing: a typing error, to be told before
    /// anything is read. A compressed archive is decompressed to its end to find what is in it, within `limits`.
    package static func find(_ paths: [LogFilePath], limits: LogFileSource.Limits = .init()) throws(PathError)
        -> Findings
    {
        var finder = LogFileFinder(limits: limits)
        for path in paths.sorted() {
            try finder.addArgument(path)
        }
        // Links wait until all else has been found under its own name, so that it is listed by that.
        while !finder.links.isEmpty {
            let links = finder.links.sorted()
            finder.links = []
            for link in links { finder.follow(link) }
        }
        return finder.findings
    }

    private mutating func addArgument(_ path: LogFilePath) throws(PathError) {
        if path.bytes == [UInt8(ascii: "-")] {
            if !streams.contains(where: { $0.kind == .standardInput }) {
                streams.append(
                    FoundFile(path: path, kind: .standardInput, isExplicit: true))
            }
            return
        }
        let status: FileStatus
        do throws(SystemError) {
            status = try fileStatus(path)
        } catch {
            let isMissing = error == .noSuchFile || error == .notAFolder
            throw PathError(path: path, reason: isMissing ? "no such file or folder" : error.text)
        }
        switch status.kind {
        case .folder: walk(path)
        case .regular: add(path, status, isExplicit: true)
        case .pipe, .device, .socket, .link:
            streams.append(FoundFile(path: path, kind: .stream, isExplicit: true))
        }
    }

    private mutating func walk(_ root: LogFilePath) {
        var pending = [root]
        while let folder = pending.popLast() {
            let listing: FolderListing
            do throws(SystemError) {
                listing = try FolderListing(folder)
            } catch {
                report(folder, error.text)
                continue
            }
            guard visitedFolders.insert(listing.identity).inserted else { continue }
            do throws(SystemError) {
                while let (name, result) = try listing.next() {
                    let path = folder.appending(name)
                    switch result {
                    case .failure(let error): report(path, error.text)
                    case .success(let status) where status.kind == .folder: pending.append(path)
                    case .success(let status): addMember(path, status)
                    }
                }
            } catch {
                report(folder, error.text)
            }
        }
    }

    private mutating func addMember(_ path: LogFilePath, _ status: FileStatus) {
        switch status.kind {
        case .regular: add(path, status, isExplicit: false)
        case .link: links.append(path)
        case .folder, .pipe, .device, .socket: break
        }
    }

    private mutating func follow(_ link: LogFilePath) {
        do throws(SystemError) {
            let target = try fileStatus(link)
            switch target.kind {
            case .regular where found[target.identity] == nil && archives[target.identity] == nil:
                add(link, target, isExplicit: false)
            case .folder: walk(link)
            case .regular, .pipe, .device, .socket, .link: break
            }
        } catch {
            report(link, error == .noSuchFile ? "the symbolic link leads nowhere" : error.text)
        }
    }

    private mutating func add(_ path: LogFilePath, _ status: FileStatus, isExplicit: Bool) {
        if archives[status.identity] != nil { return }
        if found[status.identity] == nil, isExplicit || Self.mayBeArchive(path), addArchive(path, status) { return }
        guard let index = found[status.identity] else {
            found[status.identity] = files.count
            files.append(
                FoundFile(
                    path: path, size: status.size, modifiedNanoseconds: status.modifiedNanoseconds,
                    isExplicit: isExplicit))
            return
        }
        // Of two names of one file, as hard links or `a` and `./a` give, every run takes the same.
        let known = files[index]
        files[index] = FoundFile(
            path: min(known.path, path), size: known.size, modifiedNanoseconds: known.modifiedNanoseconds,
            isExplicit: isExplicit || known.isExplicit)
    }

    /// Whether it is worth a look at the first bytes: an archive of thousands of log files need not be opened twice.
    private static func mayBeArchive(_ path: LogFilePath) -> Bool {
        let name = path.lastComponent
        return LogFileName.deliveryTime(in: name) == nil
            && ![".json.gz", ".json"].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// Adds the files of an archive; false where the file is none.
    private mutating func addArchive(_ path: LogFilePath, _ status: FileStatus) -> Bool {
        do throws(SourceFault) {
            guard let listing = try ArchiveListing.list(path, limits: limits) else { return false }
            files += listing.members.map { FoundFile($0, modifiedNanoseconds: status.modifiedNanoseconds) }
            issues += listing.issues
        } catch {
            // What cannot be opened is told where it is read; an archive whose directory is broken has nothing to read.
            if error.issue.code == .unreadable { return false }
            issues.append(error.issue)
        }
        archives[status.identity] = path
        return true
    }

    private mutating func report(_ path: LogFilePath, _ cause: String) {
        issues.append(IngestIssue(.unreadable, at: Location(file: path.displayName), cause))
    }

    private var findings: Findings {
        var sequences = files.filter { $0.placeInSequence != nil }
        let others = sequences.isEmpty ? files : files.filter { $0.placeInSequence == nil }
        sequences.sort { left, right in
            guard case .member(let first) = left.kind, case .member(let second) = right.kind,
                first.archive == second.archive
            else { return left.path < right.path }
            return (left.placeInSequence ?? 0) < (right.placeInSequence ?? 0)
        }
        var sorted = others
        sorted += streams
        sorted.sort { left, right in
            let leftTime = left.deliveryTime?.digits ?? .max
            let rightTime = right.deliveryTime?.digits ?? .max
            if leftTime != rightTime { return leftTime < rightTime }
            return left.path < right.path
        }
        sorted += sequences
        return Findings(
            files: sorted, archives: archives.values.sorted(),
            issues: issues.sorted { ($0.location.file ?? "", $0.message) < ($1.location.file ?? "", $1.message) })
    }
}
