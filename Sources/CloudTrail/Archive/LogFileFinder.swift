/// Finds the files to read below the paths that a user names.
///
/// Every regular file counts, whatever its name: files are recognised by content when they are read. Pipes, sockets and
/// devices count only where they are named. Links are followed; a file or folder that is reached twice is listed once.
package struct LogFileFinder: Sendable {
    /// What was found, and what could not be looked into.
    package struct Findings: Sendable, Equatable {
        /// By delivery time where the name has one, and then by path; files without such a time come last.
        package var files: [FoundFile] = []
        /// Folders that cannot be read and links that lead nowhere, by path.
        package var issues: [IngestIssue] = []

        /// Nothing found.
        package init() {}

        init(files: [FoundFile], issues: [IngestIssue]) {
            self.files = files
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

    private init() {}

    /// Lists the files at and below `paths`, in an order that does not depend on the order of `paths`.
    ///
    /// `-` is standard input. Throws `PathError` for a path where there is nothing: a typing error, to be told before
    /// anything is read.
    package static func find(_ paths: [LogFilePath]) throws(PathError) -> Findings {
        var finder = LogFileFinder()
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
            case .regular where found[target.identity] == nil: add(link, target, isExplicit: false)
            case .folder: walk(link)
            case .regular, .pipe, .device, .socket, .link: break
            }
        } catch {
            report(link, error == .noSuchFile ? "the symbolic link leads nowhere" : error.text)
        }
    }

    private mutating func add(_ path: LogFilePath, _ status: FileStatus, isExplicit: Bool) {
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

    private mutating func report(_ path: LogFilePath, _ cause: String) {
        issues.append(IngestIssue(.unreadable, at: Location(file: path.displayName), cause))
    }

    private var findings: Findings {
        let sorted = (files + streams).sorted { left, right in
            let leftTime = left.deliveryTime?.digits ?? .max
            let rightTime = right.deliveryTime?.digits ?? .max
            if leftTime != rightTime { return leftTime < rightTime }
            return left.path < right.path
        }
        return Findings(
            files: sorted,
            issues: issues.sorted { ($0.location.file ?? "", $0.message) < ($1.location.file ?? "", $1.message) })
    }
}
