/// Bytes that were read to see what they are, and then the rest of their source.
package struct PrefixedByteSource: ByteSource {
    private var prefix: ArraySlice<UInt8>
    private var fault: (any Error)?
    private var rest: any ByteSource

    /// Delivers `prefix`, then throws `fault` if there is one, and then reads on from `rest`.
    package init(prefix: [UInt8], fault: (any Error)? = nil, rest: any ByteSource) {
        self.prefix = prefix[...]
        self.fault = fault
        self.rest = rest
    }

    /// The first bytes, until there are `count` or `isEnough` says so, and a source that delivers them again.
    package static func peek(
        _ source: any ByteSource, count: Int, until isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> (first: [UInt8], whole: PrefixedByteSource) {
        var source = source
        var first: [UInt8] = []
        var fault: (any Error)?
        do {
            while first.count < count, !isEnough(first) {
                let block = try source.readBlock(count - first.count)
                if block.isEmpty { break }
                first += block
            }
        } catch {
            fault = error
        }
        return (first, PrefixedByteSource(prefix: first, fault: fault, rest: source))
    }

    /// Fills up to `buffer.count` bytes and returns how many; 0 only at the end.
    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if prefix.isEmpty {
            if let fault {
                self.fault = nil
                throw fault
            }
            return try unsafe rest.read(into: buffer)
        }
        let count = min(buffer.count, prefix.count)
        unsafe buffer.copyBytes(from: prefix.prefix(count))
        prefix = prefix.dropFirst(count)
        return count
    }
}
