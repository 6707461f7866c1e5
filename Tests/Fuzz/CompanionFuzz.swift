import CloudTrail

// Fuzz target of the logs beside CloudTrail: whatever stands in a file, and one error message; see Scripts/fuzz. It is compiled into
// one module with CompanionLogs. The first byte chooses the pieces in which the bytes come.

/// Called by libFuzzer with each input; traps where the readers break a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    func rows(_ chunk: Int) -> ([CompanionRow], CompanionReader.Summary) {
        var rows: [CompanionRow] = []
        var reader = CompanionReader(
            gatewayFormat: GatewayFormat("$context.requestId|$context.status|$context.error.message"))
        do {
            let summary = try reader.read(MemoryByteSource(bytes, chunkSize: chunk)) { rows.append($0) }
            return (rows, summary)
        } catch {
            preconditionFailure("bytes in memory failed: \(error)")
        }
    }
    let (whole, summary) = rows(.max)
    let (pieces, again) = rows(Int(start[0]) + 1)
    precondition(whole == pieces && summary == again, "the pieces in which bytes come change what is read")
    precondition(summary.rows == whole.count, "a row is not counted")
    for row in whole {
        precondition(row.values.count == row.table.columns.count || row.values.isEmpty, "a row lacks a column")
        for value in row.values {
            guard case .text(let text) = value else { continue }
            precondition(text.utf8.count <= CompanionValue.lengthLimit + 3, "a value is too long")
        }
    }
    _ = CompanionReader.likeness(of: bytes)
    let error = ErrorText(reading: bytes)
    precondition((error.sentence?.utf8.count ?? 0) <= 4 * ErrorText.sentenceLimit, "a sentence is too long")
    return 0
}
