import Foundation

// Fuzz target of the readers of zip and tar; see Scripts/fuzz. It is compiled into one module with CloudTrail.

private let path = "/tmp/trail403-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
nonisolated(unsafe) private let inflater = Inflater()

/// Called by libFuzzer with each input; traps where an archive breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let input = Data(UnsafeBufferPointer(start: start, count: count))
    do {
        try input.write(to: URL(filePath: path))
        var limits = LogFileSource.Limits()
        limits.bytesBeforeRatio = 1 << 20
        let found = try LogFileFinder.find([LogFilePath(path)], limits: limits)
        var total = 0
        for file in found.files.prefix(64) {
            precondition(!file.displayPath.utf8.contains { $0 < 0x20 }, "a name is not harmless")
            do {
                let source = try LogFileSource(file, hashing: true, limits: limits, inflater: inflater)
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
                defer { buffer.deallocate() }
                while total < 1 << 22 {
                    let read = try source.read(into: buffer)
                    if read == 0 { break }
                    total += read
                }
            } catch let fault as SourceFault {
                precondition(!fault.issue.message.isEmpty)
            }
        }
    } catch {
        fatalError("the finder threw \(error)")
    }
    return 0
}
