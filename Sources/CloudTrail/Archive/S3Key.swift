/// What the place of a file in CloudTrail's bucket says, read from the S3 key or from a path with the same folders.
///
/// `[prefix/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/KIND/REGION/YYYY/MM/DD/FILE`. A part that the path lacks is `nil`; the parts
/// after the first that is missing or unknown are still read from the file's name. Source: "Finding your CloudTrail log
/// files" in the AWS CloudTrail user guide.
package struct S3Key: Sendable, Equatable {
    /// What stands before `AWSLogs`, without the slash between; empty where nothing does, `nil` without `AWSLogs`.
    package var prefix: [UInt8]?
    /// `o-…`, in an organization's trail.
    package var organizationId: String?
    package var accountId: String?
    package var kind: DeliveryKind?
    package var region: String?
    /// From the file's name.
    package var deliveryTime: DeliveryTime?

    /// Reads a key or path; every part is `nil` where it is not laid out as CloudTrail does.
    package init(_ path: [UInt8]) {
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var folders = ArraySlice(components.dropLast())
        if let root = folders.lastIndex(where: { $0.elementsEqual("AWSLogs".utf8) }) {
            prefix = Array(components[..<root].joined(separator: [UInt8(ascii: "/")]))
            folders = folders[(root + 1)...]
            if let first = folders.first, Self.isOrganizationId(first) {
                organizationId = String(decoding: first, as: UTF8.self)
                folders = folders.dropFirst()
            }
            readFolders(folders)
        }
        guard let last = components.last else { return }
        if let name = LogFileName(last) {
            accountId = accountId ?? name.accountId
            kind = kind ?? name.kind
            region = region ?? name.region
            deliveryTime = name.deliveryTime
        }
    }

    private mutating func readFolders(_ folders: ArraySlice<ArraySlice<UInt8>>) {
        var rest = folders
        guard let account = rest.popFirst(), LogFileName.isAccountId(account) else { return }
        accountId = String(decoding: account, as: UTF8.self)
        guard let kindFolder = rest.popFirst() else { return }
        kind = DeliveryKind(rawValue: String(decoding: kindFolder, as: UTF8.self))
        // Lake results lie in `CloudTrail-Lake/Query/YYYY/…`, which names no Region.
        if kind == .lake { return }
        guard let regionFolder = rest.popFirst(), LogFileName.isRegion(regionFolder) else { return }
        region = String(decoding: regionFolder, as: UTF8.self)
    }

    private static func isOrganizationId(_ text: ArraySlice<UInt8>) -> Bool {
        text.count >= 12 && text.count <= 34 && text.starts(with: "o-".utf8)
            && text.dropFirst(2).allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }
}
