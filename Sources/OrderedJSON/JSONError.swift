/// Why a text is not JSON that this module reads.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a stable code.
    public enum Code: String, Sendable, CaseIterable {
        case notJSON = "not-json"
        case tooDeep = "too-deep"
        case tooLarge = "too-large"
    }

    /// What is wrong.
    public var code: Code
    /// Where reading stopped, in bytes of UTF-8 from the beginning.
    public var byteOffset: Int

    /// An error with its code and its place.
    public init(_ code: Code, at byteOffset: Int) {
        self.code = code
        self.byteOffset = byteOffset
    }

    /// Errors are equal by code.
    public static func == (left: JSONError, right: JSONError) -> Bool { left.code == right.code }

    /// Equal errors hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// One line, lower case, without the text's content.
    public var description: String {
        switch code {
        case .notJSON: "the text is not JSON (byte \(byteOffset))"
        case .tooDeep: "the JSON nests deeper than \(JSONValue.depthLimit) levels (byte \(byteOffset))"
        case .tooLarge: "the JSON text is larger than \(byteOffset) bytes"
        }
    }
}
