package import OrderedJSON

/// A record taken apart, so that it can be asked what it tells, what it shows to be missing, and what it leaves open.
package struct RecordedCall: Sendable {
    /// The record's members.
    package let record: JSONValue
    /// Whether what the record lacks was not there.
    package let isWhole: Bool
    /// What the call passed, without the wrapper that EC2 puts around it; `nil` where the record does not tell it.
    package let parameters: JSONValue?
    // Many keys follow from these, so they are read once.
    /// `userIdentity.type`.
    package private(set) var identityType: String?
    /// The AWS service that made the call with the caller's credentials; `nil` where the caller made it, and where a service called
    /// on its own behalf.
    package private(set) var throughService: String?
    /// The address that the call came from; `nil` where a service or nothing stands there.
    package private(set) var address: String?
    /// The VPC endpoint of the call.
    package private(set) var endpoint: String?

    /// What a record says of one place in it.
    package enum Found: Sendable, Hashable {
        case value(JSONValue)
        /// There is nothing.
        case missing
        /// The record was cut or masked there, or is not whole.
        case untold
    }

    /// Masks in place of values. Source: "CloudTrail record contents" in the AWS CloudTrail user guide, and records.
    private static let masks: Set<String> = ["HIDDEN_DUE_TO_SECURITY_REASONS", "***", "****", "Redacted"]
    private static let maskLengths = Set(masks.map(\.utf8.count))
    /// Records are bounded when they are stored; a text that is larger is none of ours.
    private static let sizeLimit = 4 << 20

    /// A record, JSON text; one that tells nothing, where its text is no JSON object.
    ///
    /// - Parameter isWhole: whether what the record lacks was not there.
    package init(record json: String, isWhole: Bool) {
        let read = Result { () throws(JSONError) in try JSONValue(parsing: json, sizeLimit: Self.sizeLimit) }
        switch read {
        case .success(let value):
            record = value
            self.isWhole = isWhole
        case .failure:
            record = .object([])
            self.isWhole = false
        }
        parameters = Self.parameters(record["requestParameters"])
        identityType = text("userIdentity", "type")
        throughService = findThroughService()
        address = findAddress()
        endpoint = text("vpcEndpointId").flatMap { $0.hasPrefix("vpce-") ? $0 : nil }
    }

    private static func parameters(_ value: JSONValue?) -> JSONValue? {
        guard let value, case .object(let members) = value else { return nil }
        // `{"CreateVpcEndpointRequest": {…}}`
        if members.count == 1, let only = members.first, only.key.hasSuffix("Request"), case .object = only.value {
            return only.value
        }
        return value
    }

    /// What stands at a path of names, in any letter case.
    package func at(_ path: [String]) -> Found {
        var value = record
        for (index, name) in path.enumerated() {
            guard let next = value.member(ignoringCase: name), next != .null else {
                // What a call passed, and what the service answered, is left out of many records of refused calls.
                let isLeftOut = index == 0 && (name == "requestParameters" || name == "responseElements")
                return isWhole && !isLeftOut && !isMasked(value) ? .missing : .untold
            }
            value = next
        }
        return isMasked(value) ? .untold : .value(value)
    }

    /// What the call passed under a path of names.
    package func parameter(_ path: [String]) -> Found {
        guard var value = parameters else { return .untold }
        for name in path {
            guard let next = value.member(ignoringCase: name), next != .null else {
                return isWhole && !isMasked(value) ? .missing : .untold
            }
            value = next
        }
        return isMasked(value) ? .untold : .value(value)
    }

    /// The text under a name; `nil` where there is none.
    package func text(_ name: String) -> String? { text(record.member(ignoringCase: name)) }

    /// The text under a name of what stands under another one; `nil` where there is none.
    package func text(_ first: String, _ second: String) -> String? {
        text(record.member(ignoringCase: first)?.member(ignoringCase: second))
    }

    /// The text at a path; `nil` where there is none.
    package func text(_ path: String...) -> String? {
        text(path.reduce(record) { value, name in value?.member(ignoringCase: name) })
    }

    /// The text of what the call passed; `nil` where there is none.
    package func parameterText(_ name: String) -> String? { text(parameters?.member(ignoringCase: name)) }

    /// The text of what the call passed under a path of names; `nil` where there is none.
    package func parameterText(_ path: String...) -> String? {
        text(path.reduce(parameters) { value, name in value?.member(ignoringCase: name) })
    }

    /// The text of a value that is not masked.
    private func text(_ value: JSONValue?) -> String? {
        guard let value, !isMasked(value) else { return nil }
        return value.scalarText
    }

    private func isMasked(_ value: JSONValue) -> Bool {
        guard case .string(let text) = value, Self.maskLengths.contains(text.utf8.count) else { return false }
        return Self.masks.contains(text)
    }
}

extension JSONValue {
    /// The text of a string, number or truth; `nil` for every other value, and for the empty string.
    package var scalarText: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .integer(let number): String(number)
        case .number(let number): "\(number)"
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// The elements of a list, which some services wrap in `{"items": […]}` or `{"member": […]}`.
    package var listed: [JSONValue] {
        for wrapper in ["items", "member", "tagSet", "tag"] {
            if let inner = container(ignoringCase: wrapper) { return inner.listed }
        }
        return elements
    }

    /// A member that holds others; `nil` where there is none. EC2 numbers what it lists under `tag`, beside the tags under `Tag`.
    func container(ignoringCase key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { member in
            switch member.value {
            case .object, .array: member.key.lowercased() == key
            default: false
            }
        }?.value
    }
}

extension JSONValue {
    /// Calls `body` with every text in it, in order.
    package func forEachText(_ body: (String) -> Void) {
        switch self {
        case .string(let text): body(text)
        case .array(let elements): for element in elements { element.forEachText(body) }
        case .object(let members): for member in members { member.value.forEachText(body) }
        case .null, .bool, .integer, .number: break
        }
    }
}
