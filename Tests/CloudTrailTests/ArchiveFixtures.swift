import CloudTrail
import Foundation
import Testing

/// A folder that lives as long as one test.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "trail403-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("cannot remove \(url.path): \(error)") }
    }

    var path: String { url.path }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> LogFilePath {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return LogFilePath(file.path)
    }
}

/// Inputs that were written elsewhere, or `nil` with a message where they are absent.
func sharedData(_ folder: String) -> URL? {
    let environment = ProcessInfo.processInfo.environment["TRAIL403_SHARED_DATA"]
    let root = URL(filePath: #filePath).appending(path: "../../../../shared/data").standardized
    let url = (environment.map { URL(filePath: $0) } ?? root).appending(path: folder)
    if FileManager.default.fileExists(atPath: url.path) { return url }
    print("skipped: no folder \(url.path); point TRAIL403_SHARED_DATA at the shared test data")
    return nil
}

/// What a source gave: its bytes, and the fault that ended them.
struct SourceReading: Equatable {
    var bytes: [UInt8] = []
    var fault: SourceFault?

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var code: IngestIssue.Code? { fault?.issue.code }
}

/// Reads a source to its end, at most `step` bytes at a time.
func readAll(_ source: inout some ByteSource, step: Int = 64 << 10) throws -> SourceReading {
    var reading = SourceReading()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: step, alignment: 1)
    defer { buffer.deallocate() }
    do {
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { break }
            reading.bytes += buffer[..<count]
        }
    } catch let fault as SourceFault {
        reading.fault = fault
    }
    return reading
}

/// Opens a file and reads it to its end.
func readLogFile(
    _ path: LogFilePath, step: Int = 64 << 10, limits: LogFileSource.Limits = .init(), inflater: Inflater = Inflater()
) throws -> SourceReading {
    var source = try LogFileSource(path: path, limits: limits, inflater: inflater)
    return try readAll(&source, step: step)
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A gzip member that holds `bytes` uncompressed, in stored blocks of at most `blockSize`: the obvious writer.
func gzipMember(_ bytes: [UInt8], blockSize: Int = 65535) -> [UInt8] {
    var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
        let block = rest.prefix(blockSize)
        rest = rest.dropFirst(blockSize)
        let length = UInt16(block.count)
        member.append(rest.isEmpty ? 1 : 0)
        member += littleEndian(length) + littleEndian(~length) + block
    } while !rest.isEmpty
    return member + littleEndian(crc32(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~sum
}
