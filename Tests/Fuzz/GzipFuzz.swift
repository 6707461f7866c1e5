import Foundation

// Fuzz target of the gzip reader and of what recognises CSV behind it; see Scripts/fuzz. It is compiled into one module with
// CloudTrail.

/// Gives `bytes` in chunks.
private struct ChunkedSource: ByteSource {
    var bytes: ArraySlice<UInt8>
    var chunk: Int

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let part = bytes.prefix(min(chunk, buffer.count))
        buffer.copyBytes(from: part)
        bytes = bytes.dropFirst(part.count)
        return part.count
    }
}

private func drain(_ source: inout some ByteSource, step: Int) -> (bytes: [UInt8], fault: SourceFault?) {
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: step, alignment: 1)
    defer { buffer.deallocate() }
    do {
        while bytes.count < 1 << 22 {
            let count = try source.read(into: buffer)
            if count == 0 { return (bytes, nil) }
            bytes += buffer[..<count]
        }
        return (bytes, nil)
    } catch let fault as SourceFault {
        return (bytes, fault)
    } catch {
        fatalError("the decoder threw \(error)")
    }
}

nonisolated(unsafe) private let inflater = Inflater()

private func inflate(_ input: ArraySlice<UInt8>, chunk: Int, step: Int) -> (bytes: [UInt8], fault: SourceFault?) {
    inflater.discardInput()
    var limits = LogFileSource.Limits()
    limits.bytesBeforeRatio = 1 << 20
    let budget = GzipDecoder.Budget(limits: limits) { input.count }
    var decoder = GzipDecoder(
        inflater: inflater, upstream: ChunkedSource(bytes: input, chunk: chunk), name: "fuzz", budget: budget)
    return drain(&decoder, step: step)
}

/// Called by libFuzzer with each input; traps where the gzip reader breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let bytes = input.dropFirst()
    let whole = inflate(bytes, chunk: .max, step: 1 << 16)
    let parts = inflate(bytes, chunk: Int(input[0] & 15) + 1, step: Int(input[0] >> 4) + 1)
    if whole.bytes.count < 1 << 20, whole.fault?.issue.code != .inflatedRatio {
        precondition(whole.bytes == parts.bytes, "the chunks change the bytes")
        precondition(whole.fault == parts.fault, "the chunks change the fault")
    }
    // The same bytes as text: the recognition of CSV, and its rows as JSON lines.
    do {
        let source = ChunkedSource(bytes: bytes, chunk: Int(input[0] & 15) + 1)
        switch try CSVRecordSource.recognise(source) {
        case .csv(var rows):
            let lines = drain(&rows, step: 997)
            precondition(lines.bytes.split(separator: 10).count == rows.rowsRead - rows.rowsSkipped)
        case .other(var same):
            precondition(drain(&same, step: 997).bytes == Array(bytes.prefix(1 << 22)))
        }
    } catch {
        fatalError("the recognition threw \(error)")
    }
    return 0
}
