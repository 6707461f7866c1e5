/// Where one value of a record stands in the record's bytes, and what it is.
package struct FieldReference: Sendable, Equatable {
    /// What a value is.
    package enum Kind: UInt8, Sendable, CaseIterable {
        case absent
        case null
        /// A string whose bytes are its own decoding: no escapes, valid UTF-8.
        case plainString
        /// A string that must be decoded first: escapes, or UTF-8 to repair.
        case escapedString
        case number
        case trueLiteral
        case falseLiteral
        case object
        case array
    }

    /// Offset of the content from the record's first byte; for strings the content begins after the quote.
    package var offset: UInt32
    /// Length of the content in bytes; for strings without the quotes.
    package var length: UInt32
    /// What the value is.
    package var kind: Kind

    /// A value that is not there.
    package static let absent = FieldReference(offset: 0, length: 0, kind: .absent)

    /// A reference to `length` bytes from `offset`.
    package init(offset: UInt32, length: UInt32, kind: Kind) {
        self.offset = offset
        self.length = length
        self.kind = kind
    }

    /// Whether the value is a string, empty or not.
    package var isString: Bool { kind == .plainString || kind == .escapedString }

    /// Whether the value is absent, `null` or the empty string: what reads as `nil`.
    package var isEmpty: Bool { kind == .absent || kind == .null || (isString && length == 0) }

    /// The range of the content within the record.
    package var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }

    /// The range of the whole value within the record, quotes included; `nil` where it is absent.
    package var rawRange: Range<Int>? {
        switch kind {
        case .absent: nil
        case .plainString, .escapedString: max(0, Int(offset) - 1)..<Int(offset) + Int(length) + 1
        case .null, .number, .trueLiteral, .falseLiteral, .object, .array: range
        }
    }

    /// The content's bytes within the record's; empty where the reference was made for other bytes.
    @unsafe package func content(in record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard range.upperBound <= record.count else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        // SAFETY: the range was just checked against the record's length.
        return unsafe UnsafeRawBufferPointer(rebasing: record[range])
    }

    /// The value as text: strings decoded, numbers and Booleans as they are written; `nil` for absent, `null`, empty, objects and arrays.
    package func string(in record: UnsafeRawBufferPointer) -> String? {
        guard !isEmpty else { return nil }
        switch kind {
        case .absent, .null, .object, .array: return nil
        case .plainString, .number, .trueLiteral, .falseLiteral:
            // SAFETY: `content` is bounded by the record.
            return unsafe String(decoding: content(in: record), as: UTF8.self)
        case .escapedString:
            var decoded: [UInt8] = []
            unsafe UTF8Text.appendDecoded(content(in: record), to: &decoded)
            return String(decoding: decoded, as: UTF8.self)
        }
    }

    /// Appends the value's text in UTF-8, under the rules of `string(in:)`; returns whether there was any.
    @discardableResult
    package func append(from record: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        guard !isEmpty else { return false }
        switch kind {
        case .absent, .null, .object, .array: return false
        case .plainString, .number, .trueLiteral, .falseLiteral:
            // SAFETY: `content` is bounded by the record.
            unsafe output.append(contentsOf: content(in: record))
        case .escapedString:
            unsafe UTF8Text.appendDecoded(content(in: record), to: &output)
        }
        return true
    }

    /// The value as a Boolean: a literal, or the strings `true` and `false` that lookup-events output has.
    package func bool(in record: UnsafeRawBufferPointer) -> Bool? {
        switch kind {
        case .trueLiteral: true
        case .falseLiteral: false
        case .plainString: unsafe equals("true", in: record) ? true : equals("false", in: record) ? false : nil
        case .absent, .null, .escapedString, .number, .object, .array: nil
        }
    }

    /// Whether the value is a string without escapes that equals `text`.
    package func equals(_ text: StaticString, in record: UnsafeRawBufferPointer) -> Bool {
        guard kind == .plainString, Int(length) == text.utf8CodeUnitCount else { return false }
        // SAFETY: `content` is bounded by the record; both sides have the same length.
        return unsafe content(in: record).elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the value is a string without escapes that begins with `text`.
    package func hasPrefix(_ text: StaticString, in record: UnsafeRawBufferPointer) -> Bool {
        guard kind == .plainString else { return false }
        // SAFETY: `content` is bounded by the record.
        return unsafe content(in: record).starts(
            with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Whether the value is a string without escapes that ends in `text`.
    package func hasSuffix(_ text: StaticString, in record: UnsafeRawBufferPointer) -> Bool {
        guard kind == .plainString else { return false }
        // SAFETY: `content` is bounded by the record.
        return unsafe content(in: record).suffix(text.utf8CodeUnitCount).elementsEqual(
            UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The whole value as a fragment of its own; `nil` where it is absent or `null`.
    package func fragment(in record: UnsafeRawBufferPointer) -> JSONFragment? {
        guard kind != .null, let rawRange, rawRange.upperBound <= record.count else { return nil }
        // SAFETY: the range was just checked against the record's length.
        return unsafe JSONFragment(bytes: Array(record[rawRange]))
    }
}
