/// The files in an archive, and what of it cannot be read.
package struct ArchiveListing: Sendable {
    /// Members that an archive may have; each takes some memory before anything is read.
    static let maximumMembers = 4_000_000
    /// Issues that are told one by one.
    private static let maximumIssues = 100

    private let path: LogFilePath
    private var unnamed = 0
    private var names: [[UInt8]: Int] = [:]
    /// In the archive's own order.
    package private(set) var members: [ArchiveMember] = []
    /// What cannot be read, and why.
    package var issues: [IngestIssue] = []

    init(_ path: LogFilePath) { self.path = path }

    /// Adds a member. Of several with one name each is read: the later ones are told apart by a number.
    mutating func add(_ member: ArchiveMember) {
        var member = member
        let earlier = names[member.name, default: 0]
        names[member.name] = earlier + 1
        if earlier > 0 { member.name += Array("~\(earlier + 1)".utf8) }
        members.append(member)
    }

    /// Tells of something that is not read: a member, or something in the archive.
    mutating func note(_ code: IngestIssue.Code, _ name: [UInt8]?, _ message: String) {
        guard issues.count < Self.maximumIssues else {
            unnamed += 1
            issues[Self.maximumIssues - 1] = IngestIssue(
                .archiveMember, at: Location(file: path.displayName),
                "and \(unnamed + 1) more faults of this archive: extract it with its own program")
            return
        }
        let file = name.map { LogFilePath(bytes: path.bytes + [ArchiveMember.mark] + $0) } ?? path
        issues.append(IngestIssue(code, at: Location(file: file.displayName), message))
    }

    func damaged(_ cause: String) -> SourceFault {
        SourceFault(issue: IngestIssue(.archiveDamaged, at: Location(file: path.displayName), cause))
    }

    var tooMany: SourceFault {
        SourceFault(
            issue: IngestIssue(
                .archiveDamaged, at: Location(file: path.displayName),
                "it contains more than \(Self.maximumMembers) files: extract it first"))
    }

    /// The files in the archive at `path`; `nil` where it is none, by its first bytes.
    ///
    /// A compressed tar archive is decompressed to its end for this.
    package static func list(_ path: LogFilePath, limits: LogFileSource.Limits = .init()) throws(SourceFault)
        -> ArchiveListing?
    {
        let archive = try ArchiveFile(path, name: path.displayName)
        let first = try archive.bytes(at: 0, count: ContentSignature.length, name: path.displayName)
        switch ContentSignature(first) {
        case .zip: return try ZipDirectory.list(archive, path: path)
        case .tar:
            var bytes = PlainTarBytes(archive, name: path.displayName)
            return try TarDirectory.list(&bytes, path: path, compression: nil)
        case .gzip: return try compressed(path, .gzip, limits)
        case .compressed(.sevenZip): return nil
        case .compressed(let decompressor): return try compressed(path, .program(decompressor), limits)
        case .text, .other: return nil
        }
    }

    private static func compressed(
        _ path: LogFilePath, _ compression: ArchiveMember.Compression, _ limits: LogFileSource.Limits
    ) throws(SourceFault) -> ArchiveListing? {
        var cursor = try ArchiveCursor(path, compression, name: path.displayName, limits: limits)
        do {
            // Whatever is wrong with a stream that is no archive is told where it is read.
            guard TarHeader.begins(try cursor.next(ContentSignature.length)), try cursor.move(to: 0) else { return nil }
        } catch let fault as SourceFault {
            _ = fault
            return nil
        } catch {
            return nil
        }
        return try TarDirectory.list(&cursor, path: path, compression: compression)
    }
}
