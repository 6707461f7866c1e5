import Foundation

// Fuzz target of the CSV reader and what becomes of its rows; see Scripts/fuzz. It is compiled into one module with CloudTrail.

/// What a reading gave.
private struct Reading: Equatable {
    var isCSV = false
    var rowsRead = 0
    var rowsSkipped = 0
    var records: [[UInt8]] = []
    var issues: [IngestIssue] = []
}

private func read(_ bytes: [UInt8], chunk: Int) -> Reading {
    var reading = Reading()
    do {
        switch try CSVRecordSource.recognise(
            MemoryByteSource(bytes, chunkSize: chunk), name: "fuzz", maximumRowSize: 1 << 14)
        {
        case .other(var rest):
            var copied: [UInt8] = []
            while true {
                let block = try rest.readBlock(1 << 12)
                if block.isEmpty { break }
                copied += block
            }
            precondition(copied == bytes, "what is no CSV is not given back as it came")
        case .csv(var rows):
            reading.isCSV = true
            var reader = RecordReader()
            var records: [[UInt8]] = []
            let summary = try reader.read(
                &rows, file: "fuzz", isTranslation: true,
                record: { fields, record, _ in
                    let event = Event(fields, record)
                    _ = event.userIdentity.principal
                    precondition(!fields.isTranslated || !fields.isWhole(record))
                    records.append(Array(record))
                    // What forms tell together does not depend on their order.
                    if let last = records.dropLast().last {
                        let joined = JSONUnion.joining(last, Array(record))
                        precondition(joined == JSONUnion.joining(Array(record), last), "the order of forms matters")
                        precondition(joined == JSONUnion.joining(joined, last), "joining is not done with")
                    }
                },
                issue: { _ in })
            precondition(summary.records == records.count + summary.broken, "the counts do not add up")
            precondition(rows.rowsSkipped <= rows.rowsRead)
            reading.rowsRead = rows.rowsRead
            reading.rowsSkipped = rows.rowsSkipped
            reading.records = records
            reading.issues = rows.takeIssues()
        }
    } catch {
        fatalError("the reader threw \(error)")
    }
    return reading
}

/// Called by libFuzzer with each input; traps where the reader breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let bytes = Array(input.dropFirst())
    precondition(read(bytes, chunk: .max) == read(bytes, chunk: Int(input[0] & 31) + 1), "chunks change the result")
    if let seconds = EventTime.seconds(String(decoding: bytes.prefix(40), as: UTF8.self)) {
        precondition(EventTime.seconds(EventTime.text(seconds)) == seconds, "a time does not come back")
    }
    return 0
}
