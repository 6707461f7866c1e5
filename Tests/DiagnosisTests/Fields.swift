import OrderedJSON

/// The members of an object in a data file. Each is asked for by its name; one that nobody asked for is a mistake in the file.
struct Fields {
    /// What is wrong in a data file, and where.
    struct Mistake: Error, CustomStringConvertible {
        var description: String
    }

    private var members: [JSONValue.Member]
    var place: String

    init(_ value: JSONValue, _ place: String) throws {
        guard case .object(let members) = value else { throw Mistake(description: "\(place): an object belongs here") }
        self.members = members
        self.place = place
    }

    /// Takes the member of this name; `nil` where there is none.
    mutating func take(_ key: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.key == key }) else { return nil }
        return members.remove(at: index).value
    }

    /// Sets a property where there is a member of this name.
    mutating func set<Value: Field>(_ property: inout Value, _ key: String) throws {
        guard let value = take(key) else { return }
        property = try Value(field: value, "\(place).\(key)")
    }

    /// The member of this name, or the usual value where there is none.
    mutating func value<Value: Field>(_ key: String, or usual: Value) throws -> Value {
        var value = usual
        try set(&value, key)
        return value
    }

    /// The member of this name, which must be there.
    mutating func value<Value: Field>(_ key: String) throws -> Value {
        guard let value = take(key) else { throw Mistake(description: "\(place): `\(key)` is missing") }
        return try Value(field: value, "\(place).\(key)")
    }

    /// Throws where a member is left.
    func end() throws {
        guard let left = members.first else { return }
        throw Mistake(description: "\(place): there is no `\(left.key)`")
    }
}

/// What stands in a data file.
protocol Field {
    /// Reads it; `place` is told where it is something else.
    init(field value: JSONValue, _ place: String) throws
}

extension String: Field {
    init(field value: JSONValue, _ place: String) throws {
        guard let text = value.stringValue else { throw Fields.Mistake(description: "\(place): a string belongs here") }
        self = text
    }
}

extension Int: Field {
    init(field value: JSONValue, _ place: String) throws {
        guard case .integer(let number) = value else {
            throw Fields.Mistake(description: "\(place): a number belongs here")
        }
        self = number
    }
}

extension Bool: Field {
    init(field value: JSONValue, _ place: String) throws {
        guard case .bool(let flag) = value else {
            throw Fields.Mistake(description: "\(place): true or false belongs here")
        }
        self = flag
    }
}

extension Optional: Field where Wrapped: Field {
    init(field value: JSONValue, _ place: String) throws {
        self = value == .null ? nil : try Wrapped(field: value, place)
    }
}

extension Array: Field where Element: Field {
    init(field value: JSONValue, _ place: String) throws {
        guard case .array(let values) = value else {
            throw Fields.Mistake(description: "\(place): a list belongs here")
        }
        self = try values.enumerated().map { try Element(field: $1, "\(place)[\($0)]") }
    }
}

/// One of a few words.
protocol Word: Field, RawRepresentable where RawValue == String {}

extension Word {
    init(field value: JSONValue, _ place: String) throws {
        let text = try String(field: value, place)
        guard let word = Self(rawValue: text) else { throw Fields.Mistake(description: "\(place): what is `\(text)`?") }
        self = word
    }
}

/// JSON that CloudTrail holds as text: written in a data file as it is, or as a string where it is no JSON.
///
/// Within it, `{"$text": …}` stands for a string that holds JSON: a policy document, mostly.
struct HeldJSON: Field {
    var text: String

    init(field value: JSONValue, _ place: String) throws {
        text = value.stringValue ?? Self.folded(value).compactText
    }

    private static func folded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            if members.count == 1, members[0].key == "$text" { return .string(folded(members[0].value).compactText) }
            return .object(members.map { JSONValue.Member($0.key, folded($0.value)) })
        case .array(let values): return .array(values.map(folded))
        case .null, .bool, .integer, .number, .string: return value
        }
    }
}
