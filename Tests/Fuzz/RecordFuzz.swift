import Foundation

// Fuzz target of the JSON scanner and the record reader; see Scripts/fuzz. It is compiled into one module with CloudTrail.

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

/// What a reading gave.
private struct Reading: Equatable {
    var summary: ContainerSummary
    var records: [[UInt8]] = []
    var positions: [RecordPosition] = []
    var issues: [IngestIssue] = []
}

private func read(_ bytes: ArraySlice<UInt8>, chunk: Int, window: Int) -> Reading {
    var limits = ReaderLimits()
    limits.windowBytes = window
    limits.maximumRecordBytes = 1 << 16
    limits.maximumSearchBytes = 1 << 16
    var reader = RecordReader(limits: limits)
    var source = ChunkedSource(bytes: bytes, chunk: chunk)
    var records: [[UInt8]] = []
    var positions: [RecordPosition] = []
    var issues: [IngestIssue] = []
    do {
        let summary = try reader.read(
            &source, file: "fuzz",
            record: { fields, record, position in
                // Every projection is made, as an ingest makes it.
                let event = Event(fields, record)
                _ = event.userIdentity.principal
                records.append(Array(record))
                positions.append(position)
            },
            issue: { issues.append($0) })
        return Reading(summary: summary, records: records, positions: positions, issues: issues)
    } catch {
        fatalError("the reader threw \(error)")
    }
}

/// Called by libFuzzer with each input; traps where the record reader breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let bytes = input.dropFirst()
    // How far a broken text is searched for its next record may depend on the window; on the chunks nothing may.
    for window in [1 << 17, 64 + Int(input[0] >> 5) * 37] {
        let whole = read(bytes, chunk: .max, window: window)
        precondition(whole.summary.records == whole.records.count + whole.summary.broken, "the counts do not add up")
        precondition(whole.summary.uncompressedBytes <= bytes.count)
        for (index, position) in whole.positions.enumerated() {
            precondition(
                position.byteOffset >= 0 && position.length > 0 && position.byteOffset + position.length <= bytes.count)
            if !position.isNested {
                let first = bytes.startIndex + position.byteOffset
                precondition(
                    Array(bytes[first..<first + position.length]) == whole.records[index], "a record stands elsewhere")
            }
        }
        let parts = read(bytes, chunk: Int(input[0] & 31) + 1, window: window)
        precondition(parts == whole, "chunks change the result")
    }
    // The JSON scanner by itself, on what is a value and what is none.
    bytes.withUnsafeBytes { raw in
        var scanner = JSONScanner(raw, isFinal: true)
        do throws(JSONFault) {
            _ = try scanner.value(try scanner.next(), enclosing: 0)
            precondition(scanner.position <= raw.count)
        } catch {
            if case .malformed(let offset, _) = error { precondition(offset >= 0 && offset <= raw.count) }
        }
    }
    return 0
}
