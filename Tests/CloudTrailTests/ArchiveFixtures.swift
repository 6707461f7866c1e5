import CloudTrail
import Foundation
import TestSupport
import Testing

extension ScratchFolder {
    /// Writes a file that is to be read as a log file.
    @discardableResult
    func writeLogFile(_ name: String, _ bytes: [UInt8]) throws -> LogFilePath { LogFilePath(try write(name, bytes)) }
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
