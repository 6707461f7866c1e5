/// The kinds of bytes that the grammar of messages tells apart.
enum MessageByte {
    /// A letter, a digit, or one of the marks in names and patterns.
    static func isName(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x30 && byte <= 0x39)
            || byte == 0x2D || byte == 0x5F || byte == 0x2A
    }

    /// What an id is made of.
    static func isID(_ byte: UInt8) -> Bool { isName(byte) && byte != 0x2A }

    /// What an encoded message is made of.
    static func isBase64(_ byte: UInt8) -> Bool {
        isID(byte) || byte == 0x2B || byte == 0x2F || byte == 0x3D || byte == 0x2E
    }

    /// What can stand around a name.
    static func isQuote(_ byte: UInt8) -> Bool {
        byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x5B || byte == 0x5D || byte == 0x28 || byte == 0x29
    }

    /// What can stand behind one.
    static func isStop(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x2C || byte == 0x3B }

    /// What can follow the words of a context.
    static func isContextStop(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x2E || byte == 0x2C || byte == 0x3A }
}
