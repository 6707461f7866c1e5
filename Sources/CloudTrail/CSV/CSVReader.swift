/// Reads rows of comma-separated values (RFC 4180), one at a time, from a stream of bytes.
///
/// Fields may be quoted, hold doubled quotes, commas and line breaks; lines end with LF or CRLF; a byte order mark and empty
/// lines are passed over. A quote within an unquoted field, or text after a closing quote, is taken as it stands.
struct CSVReader {
    /// One row: its fields' bytes, without quotes.
    struct Row {
        /// Offset of the row's first byte in the uncompressed stream.
        var byteOffset: Int
        /// Whether a field was cut at the limit.
        var isTooLarge = false
        /// Whether the input ended within a quoted field.
        var isCut = false
        fileprivate var bytes: [UInt8] = []
        fileprivate var ends: [Int] = []

        var count: Int { ends.count }

        fileprivate mutating func append(_ byte: UInt8, limit: Int) {
            if bytes.count < limit { bytes.append(byte) } else { isTooLarge = true }
        }

        fileprivate mutating func endField() {
            if ends.count < CSVReader.maximumColumns { ends.append(bytes.count) } else { isTooLarge = true }
        }

        subscript(index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
    }

    private enum State {
        case fieldStart, unquoted, quoted, quoteInQuoted
    }

    private static let blockSize = 64 << 10
    private static let maximumColumns = 4096

    private var source: any ByteSource
    private let maximumRowSize: Int
    private var block: [UInt8] = []
    private var position = 0
    private var blockOffset = 0
    private var isAtEnd = false

    /// Reads from the start of a stream; a row's fields together are cut at `maximumRowSize` bytes.
    init(_ source: any ByteSource, maximumRowSize: Int) {
        self.source = source
        self.maximumRowSize = maximumRowSize
    }

    /// The next row; `nil` at the end. Throws the source's fault, and then the row that it broke is lost.
    mutating func next() throws -> Row? {
        while true {
            guard let row = try readRow() else { return nil }
            if row.count == 1, row[0].isEmpty, !row.isCut { continue }
            return row
        }
    }

    private mutating func readRow() throws -> Row? {
        if try position == block.count && !refill() { return nil }
        if blockOffset + position == 0 { try skipByteOrderMark() }
        var row = Row(byteOffset: blockOffset + position)
        var state = State.fieldStart
        while true {
            if try position == block.count && !refill() {
                row.isCut = state == .quoted
                row.endField()
                return row
            }
            let byte = block[position]
            position += 1
            switch (state, byte) {
            case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
            case (.quoted, _): row.append(byte, limit: maximumRowSize)
            case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
            case (.quoteInQuoted, UInt8(ascii: "\"")):
                row.append(byte, limit: maximumRowSize)
                state = .quoted
            case (_, UInt8(ascii: ",")):
                row.endField()
                state = .fieldStart
            case (_, UInt8(ascii: "\n")):
                // The CR of a CRLF is the line's; a quoted field's own CR stands before its quote.
                if state == .unquoted, row.bytes.last == UInt8(ascii: "\r") { row.bytes.removeLast() }
                row.endField()
                return row
            case (.quoteInQuoted, UInt8(ascii: "\r")): break
            case (_, _):
                row.append(byte, limit: maximumRowSize)
                state = .unquoted
            }
        }
    }

    private mutating func skipByteOrderMark() throws {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        while block.count < mark.count, mark.starts(with: block) {
            let known = block
            if try !refill() {
                block = known
                blockOffset = 0
                position = 0
                return
            }
            block = known + block
            blockOffset = 0
        }
        if block.starts(with: mark) { position = mark.count }
    }

    /// Reads another block in place of the one that was used up; gives false at the end.
    private mutating func refill() throws -> Bool {
        if isAtEnd { return false }
        let next = try source.readBlock(Self.blockSize)
        if next.isEmpty {
            isAtEnd = true
            return false
        }
        blockOffset += block.count
        block = next
        position = 0
        return true
    }
}

extension ByteSource {
    /// What one read gives, at most `size` bytes; empty at the end.
    mutating func readBlock(_ size: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            // SAFETY: `read` initializes the first bytes of the buffer and says how many.
            count = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
