/// One message of a log, with what its transport tells of it.
struct LogEvent {
    /// The message, without the line break.
    var message: ArraySlice<UInt8>
    /// Milliseconds since 1970, where the transport tells them as a number.
    var told: Int64?
    /// Where the transport writes the time before the message: that text, read where somebody asks.
    var written: ArraySlice<UInt8> = []
    /// Where it begins in the file's uncompressed bytes.
    var byteOffset: Int

    /// Milliseconds since 1970, where the transport tells.
    var time: Int64? {
        told ?? (written.isEmpty ? nil : LogTime.milliseconds(String(decoding: written, as: UTF8.self)))
    }

    init(message: ArraySlice<UInt8>, time: Int64? = nil, written: ArraySlice<UInt8> = [], byteOffset: Int) {
        self.message = message
        told = time
        self.written = written
        self.byteOffset = byteOffset
    }
}

/// Where messages come from, where the transport tells.
struct LogOrigin: Sendable, Hashable {
    var logGroup: String?
    var logStream: String?
}
