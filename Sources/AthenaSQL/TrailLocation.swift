/// Where a trail's log files lie, and what of them is asked.
public struct TrailLocation: Sendable, Hashable {
    /// Why a location is none.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        /// One line.
        public let description: String
    }

    /// `s3://bucket/prefix/AWSLogs/`, with a slash at its end.
    public let folder: String
    /// `o-…` of an organization's trail.
    public let organization: String?
    /// Account ids; any account, named in each query, where there are none.
    public let accounts: [String]
    /// Regions.
    public let regions: [String]

    /// A location.
    ///
    /// - Parameters:
    ///   - location: `s3://bucket[/prefix]/AWSLogs[/]`, perhaps with the organization's folder behind it.
    ///   - organization: `o-…`, unless the location has it.
    ///   - accounts: twelve digits each.
    ///   - regions: such as `eu-central-1`; every commercial Region where there are none.
    public init(
        _ location: String, organization: String? = nil, accounts: [String] = [], regions: [String] = []
    ) throws(Fault) {
        var parts = location.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        while parts.last?.isEmpty == true { parts.removeLast() }
        guard parts.count > 2, parts[0] == "s3:", parts[1].isEmpty, Self.isBucket(parts[2]) else {
            throw Fault(description: "`\(location)` is no location: it has the form s3://bucket/prefix/AWSLogs/")
        }
        var organization = organization
        if let last = parts.last, Self.isOrganization(last) {
            organization = organization ?? last
            parts.removeLast()
        }
        guard parts.last == "AWSLogs" else {
            throw Fault(
                description:
                    "`\(location)` does not end in AWSLogs/: that is the folder that holds the accounts' folders")
        }
        guard parts.dropFirst(3).allSatisfy(Self.isKey) else {
            throw Fault(description: "`\(location)` holds characters that no prefix of a trail has")
        }
        if let organization, !Self.isOrganization(organization) {
            throw Fault(description: "`\(organization)` is no organization's id: it looks like o-a1b2c3d4e5")
        }
        for account in accounts where account.utf8.count != 12 || !account.utf8.allSatisfy(Self.isDigit) {
            throw Fault(description: "`\(account)` is no account id: it has twelve digits")
        }
        for region in regions where !Self.isRegion(region) {
            throw Fault(description: "`\(region)` is no Region: it looks like eu-central-1")
        }
        folder = parts.joined(separator: "/") + "/"
        self.organization = organization
        self.accounts = Self.unique(accounts)
        self.regions = Self.unique(regions)
    }

    private static func unique(_ texts: [String]) -> [String] { Set(texts).sorted() }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isWord(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x7A).contains(byte) }

    private static func isBucket(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && name.utf8.allSatisfy { isWord($0) || $0 == 0x2D || $0 == 0x2E }
    }

    private static func isKey(_ part: String) -> Bool {
        !part.isEmpty
            && part.utf8.allSatisfy {
                isWord($0) || (0x41...0x5A).contains($0) || [0x2D, 0x2E, 0x5F, 0x21, 0x28, 0x29].contains($0)
            }
    }

    static func isOrganization(_ text: String) -> Bool {
        text.hasPrefix("o-") && (12...34).contains(text.utf8.count) && text.utf8.dropFirst(2).allSatisfy(isWord)
    }

    private static func isRegion(_ text: String) -> Bool {
        text.utf8.allSatisfy { isWord($0) || $0 == 0x2D } && text.split(separator: "-").count >= 3
            && text.utf8.last.map(isDigit) == true && text.utf8.count <= 20
    }
}
