/// A JSON text in which the place of any part can be asked for, so that the part can be quoted as it was written.
///
/// Nothing is recorded while reading: a question walks the text once from its beginning. The text must be JSON that
/// ``JSONValue/init(parsing:)`` reads; of any other text some parts are not found.
public struct JSONText: Sendable {
    /// The whole text.
    public let text: String
    private let bytes: [UInt8]

    /// A text, as it was read.
    public init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// The bytes of the value that a path leads to, without blanks around it; `nil` where the text has none.
    ///
    /// Of members with the same name it is the last, as in ``JSONValue/lastMember(_:)``. An index 0 on what is no array is that value.
    public func range(of path: JSONPath) -> Range<Int>? {
        var walk = Walk(bytes: bytes, position: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        for step in path.steps {
            walk.skipBlanks()
            switch step {
            case .key(let key): guard walk.enterMember(Array(key.utf8)) else { return nil }
            case .index(let index): guard walk.enterElement(index) else { return nil }
            }
        }
        walk.skipBlanks()
        let start = walk.position
        walk.skipValue()
        return walk.position > start ? start..<walk.position : nil
    }

    /// The line on which a byte stands, counted from 1.
    public func line(at byteOffset: Int) -> Int {
        bytes.prefix(byteOffset).reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    }

    /// The text of some bytes.
    public func text(in range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
    }
}

/// A place in a JSON text that moves down into members and elements.
private struct Walk {
    let bytes: [UInt8]
    var position: Int

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while next?.isBlank ?? false { position += 1 }
    }

    /// Moves to the value of the last member of this name; the name in the text may hold escapes.
    mutating func enterMember(_ key: [UInt8]) -> Bool {
        guard next == UInt8(ascii: "{") else { return false }
        position += 1
        var found: Int?
        while true {
            skipBlanks()
            let start = position
            guard next == UInt8(ascii: "\"") else { break }
            skipValue()
            let isWanted = isString(start..<position, key)
            skipBlanks()
            guard next == UInt8(ascii: ":") else { break }
            position += 1
            if isWanted { found = position }
            skipBlanks()
            skipValue()
            skipBlanks()
            guard next == UInt8(ascii: ",") else { break }
            position += 1
        }
        guard let found else { return false }
        position = found
        return true
    }

    mutating func enterElement(_ index: Int) -> Bool {
        guard next == UInt8(ascii: "[") else { return index == 0 }
        position += 1
        for _ in 0..<index {
            skipBlanks()
            skipValue()
            skipBlanks()
            guard next == UInt8(ascii: ",") else { return false }
            position += 1
        }
        skipBlanks()
        return next != UInt8(ascii: "]")
    }

    /// Moves behind one value, however deep it nests: brackets are counted, not entered.
    mutating func skipValue() {
        var depth = 0
        repeat {
            skipBlanks()
            guard let byte = next else { return }
            switch byte {
            case UInt8(ascii: "\""): skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return }
                position += 1
            default: skipWord()
            }
        } while depth > 0
    }

    private mutating func skipString() {
        position += 1
        while let byte = next {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        position = min(position, bytes.count)
    }

    private mutating func skipWord() {
        let ends: [UInt8] = [0x20, 0x0A, 0x0D, 0x09, 0x2C, 0x3A, 0x7D, 0x5D, 0x7B, 0x5B, 0x22]
        while let byte = next, !ends.contains(byte) { position += 1 }
    }

    private func isString(_ range: Range<Int>, _ key: [UInt8]) -> Bool {
        let content = bytes[range].dropFirst().dropLast()
        if !content.contains(UInt8(ascii: "\\")) { return content.elementsEqual(key) }
        return Result(catching: { () throws(JSONError) in
            try JSONValue(parsing: String(decoding: bytes[range], as: UTF8.self))
        }).map { $0 == .string(String(decoding: key, as: UTF8.self)) }.isTrue
    }
}

extension Result<Bool, JSONError> {
    fileprivate var isTrue: Bool {
        switch self {
        case .success(let value): value
        case .failure: false
        }
    }
}
