internal import OrderedJSON

/// Reads what Scripts/update-managed-policies writes; its head tells the form. A document is decoded when it is asked for.
struct ManagedPolicyReader {
    /// A document as it is stored, with the tables that it refers to. It has been read once, and so can be read.
    struct Document: Sendable {
        let bytes: ArraySlice<UInt8>
        let tables: Tables

        var value: JSONValue {
            var reader = ManagedPolicyReader(bytes: bytes)
            do {
                return try reader.document(tables)
            } catch {
                preconditionFailure("a document was read before, and now cannot be")
            }
        }
    }

    /// The texts that documents refer to.
    final class Tables: Sendable {
        let keys: [String]
        let strings: [String]

        init(keys: [String], strings: [String]) {
            self.keys = keys
            self.strings = strings
        }
    }

    /// Documents nest five deep.
    private static let depthLimit = 32

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    /// The number of the string before, in a document.
    private var previous = 0

    init(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    private init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Until when each snapshot holds, and all policies.
    mutating func policies() throws(AWSManagedPoliciesError) -> ([Int64], [AWSManagedPolicy]) {
        let keys = try table()
        let tables = Tables(keys: keys, strings: try table())
        let snapshots = try (0..<count()).map { _ throws(AWSManagedPoliciesError) in Int64(try number()) }
        var name: [UInt8] = []
        let policies = try (0..<count()).map { _ throws(AWSManagedPoliciesError) in
            try text(after: &name)
            let path = try number()
            let created = Int64(try number())
            let versions = try (0..<count()).map { _ throws(AWSManagedPoliciesError) in
                try version(tables, created: created, snapshots: snapshots.count)
            }
            guard path < keys.count, !versions.isEmpty else { throw AWSManagedPoliciesError.damaged }
            return AWSManagedPolicy(
                name: String(decoding: name, as: UTF8.self), path: keys[path], created: created, versions: versions)
        }
        guard position == bytes.endIndex else { throw AWSManagedPoliciesError.damaged }
        return (snapshots, policies)
    }

    private mutating func version(
        _ tables: Tables, created: Int64, snapshots: Int
    ) throws(AWSManagedPoliciesError) -> AWSManagedPolicy.Version {
        let number = try number()
        let updated = created + Int64(try difference())
        let first = try self.number()
        let last = try self.number()
        let length = try self.number()
        guard first <= last, last < snapshots, length <= bytes.endIndex - position else {
            throw AWSManagedPoliciesError.damaged
        }
        let document = bytes[position..<position + length]
        position += length
        return AWSManagedPolicy.Version(
            number: number, updated: updated, firstSnapshot: first, lastSnapshot: last,
            encoded: Document(bytes: document, tables: tables))
    }

    // MARK: - Documents

    private mutating func document(_ tables: Tables) throws(AWSManagedPoliciesError) -> JSONValue {
        let value = try value(tables, depth: 0)
        guard position == bytes.endIndex else { throw AWSManagedPoliciesError.damaged }
        return value
    }

    private mutating func value(_ tables: Tables, depth: Int) throws(AWSManagedPoliciesError) -> JSONValue {
        guard depth < Self.depthLimit else { throw AWSManagedPoliciesError.damaged }
        switch try byte() {
        case 0:
            return .object(
                try (0..<count()).map { _ throws(AWSManagedPoliciesError) in
                    let key = try number()
                    guard key < tables.keys.count else { throw AWSManagedPoliciesError.damaged }
                    return JSONValue.Member(tables.keys[key], try value(tables, depth: depth + 1))
                })
        case 1:
            return .array(
                try (0..<count()).map { _ throws(AWSManagedPoliciesError) in try value(tables, depth: depth + 1) })
        case 2: return .string(try string(tables))
        case 3:
            return .array(try (0..<count()).map { _ throws(AWSManagedPoliciesError) in .string(try string(tables)) })
        case 4: return .bool(true)
        case 5: return .bool(false)
        case 6: return .integer(try difference())
        default: throw AWSManagedPoliciesError.damaged
        }
    }

    private mutating func string(_ tables: Tables) throws(AWSManagedPoliciesError) -> String {
        previous += try difference()
        guard tables.strings.indices.contains(previous) else { throw AWSManagedPoliciesError.damaged }
        return tables.strings[previous]
    }

    // MARK: - Texts and numbers

    private mutating func table() throws(AWSManagedPoliciesError) -> [String] {
        var text: [UInt8] = []
        return try (0..<count()).map { _ throws(AWSManagedPoliciesError) in
            try self.text(after: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Makes the text before into the next one.
    private mutating func text(after text: inout [UInt8]) throws(AWSManagedPoliciesError) {
        let shared = try number()
        let length = try number()
        guard shared <= text.count, length <= bytes.endIndex - position else { throw AWSManagedPoliciesError.damaged }
        text.removeSubrange(shared...)
        text += bytes[position..<position + length]
        position += length
    }

    private mutating func byte() throws(AWSManagedPoliciesError) -> UInt8 {
        guard position < bytes.endIndex else { throw AWSManagedPoliciesError.damaged }
        position += 1
        return bytes[position - 1]
    }

    /// A number of things, each of which takes a byte at least.
    private mutating func count() throws(AWSManagedPoliciesError) -> Int {
        let count = try number()
        guard count <= bytes.endIndex - position else { throw AWSManagedPoliciesError.damaged }
        return count
    }

    /// A number of up to five groups of seven bits, the lowest first.
    private mutating func number() throws(AWSManagedPoliciesError) -> Int {
        var number = 0
        for shift in stride(from: 0, through: 28, by: 7) {
            let next = try byte()
            number |= Int(next & 0x7F) << shift
            if next & 0x80 == 0 { return number }
        }
        throw AWSManagedPoliciesError.damaged
    }

    /// A number with a sign in its lowest bit.
    private mutating func difference() throws(AWSManagedPoliciesError) -> Int {
        let number = try number()
        return number & 1 == 0 ? number / 2 : -(number / 2) - 1
    }
}
