import CloudTrail
import OrderedJSON

extension Snapshot {
    /// The largest file that is read, in bytes of JSON.
    public static let sizeLimit = 256 << 20

    /// The exports in a file: JSON, maybe compressed as AWS Config delivers it.
    ///
    /// Throws where the file cannot be read, is no JSON, or holds none of the exports that are known.
    ///
    /// - Parameters:
    ///   - path: the file's path.
    ///   - time: ISO 8601 UTC text: when it was taken, unless the file says so; `nil` for the file's own time, which is a guess.
    public static func reading(file path: String, at time: String? = nil) throws(PolicyTimelineError) -> [Snapshot] {
        let (bytes, modified) = try bytes(of: path)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: String(decoding: bytes.withoutByteOrderMark, as: UTF8.self))
        } catch {
            throw PolicyTimelineError(.notJSON, in: path, "is no JSON: \(error)")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let found = reading(value, name: name, time: time ?? modified, isTimeAssumed: time == nil)
        guard !found.isEmpty else {
            throw PolicyTimelineError(
                .notAnExport, in: path,
                "is no export that is known: give what `aws iam get-account-authorization-details`, `aws organizations …` or `aws ec2 describe-vpc-endpoints` prints, or a file of AWS Config"
            )
        }
        return found
    }

    private static func bytes(of path: String) throws(PolicyTimelineError) -> ([UInt8], modified: String) {
        do {
            let source = try LogFileSource(path: LogFilePath(path))
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try unsafe chunk.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
                if count == 0 { break }
                guard bytes.count + count <= sizeLimit else {
                    throw PolicyTimelineError(.tooLarge, in: path, "is larger than \(sizeLimit) bytes")
                }
                bytes += chunk[..<count]
            }
            return (bytes, EventTime.text(source.modifiedNanoseconds / 1_000_000_000))
        } catch let error as PolicyTimelineError {
            throw error
        } catch let fault as SourceFault {
            throw PolicyTimelineError(.unreadable, in: path, "cannot be read: \(fault.issue.message)")
        } catch {
            throw PolicyTimelineError(.unreadable, in: path, "cannot be read: \(error)")
        }
    }
}

extension [UInt8] {
    fileprivate var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? self[3...] : self[...]
    }
}
