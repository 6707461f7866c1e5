/// The issues of one file: the first are told one by one, the rest are counted by code.
///
/// A file of a few kilobytes can inflate to millions of values of which each is an issue; what is told of it stays small.
package struct IssueLog: Sendable {
    /// Issues of a file that are told one by one.
    package static let maximumTold = 1000

    private var told: [IngestIssue] = []
    private var more: [IngestIssue.Code: Int] = [:]

    /// No issues.
    package init() {}

    /// Whether there is none.
    package var isEmpty: Bool { told.isEmpty }

    /// Takes one issue.
    package mutating func append(_ issue: IngestIssue) {
        if told.count < Self.maximumTold { told.append(issue) } else { more[issue.code, default: 0] += 1 }
    }

    /// What was told one by one, and one issue for each code of the rest.
    package func issues(file: String?) -> [IngestIssue] { told + Self.issues(of: more, file: file) }

    /// One issue for each code that is counted.
    static func issues(of counts: [IngestIssue.Code: Int], file: String?) -> [IngestIssue] {
        counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
            IngestIssue(code, at: Location(file: file), "\(count) more of this kind")
        }
    }

    /// One issue for each code, which stands for all of that code in a file.
    package static func summary(of issues: [IngestIssue], file: String?) -> [IngestIssue] {
        var counts: [IngestIssue.Code: Int] = [:]
        for issue in issues { counts[issue.code, default: 0] += 1 }
        return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
            IngestIssue(
                code, at: Location(file: file), "\(count) of this kind or more: the file is one of many with issues")
        }
    }
}
