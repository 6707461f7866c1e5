/// A field of a record's `userIdentity` that trail403 reads, at whatever depth it stands.
package enum IdentityField: Int, CaseIterable, Sendable {
    case type
    case principalId
    case arn
    case accountId
    case accessKeyId
    case userName
    case invokedBy
    case identityProvider
    case credentialId
    /// `sessionContext.sessionIssuer.type`
    case sessionIssuerType
    /// `sessionContext.sessionIssuer.arn`
    case sessionIssuerArn
    /// `sessionContext.sessionIssuer.principalId`
    case sessionIssuerPrincipalId
    /// `sessionContext.sessionIssuer.accountId`
    case sessionIssuerAccountId
    /// `sessionContext.sessionIssuer.userName`
    case sessionIssuerUserName
    /// `sessionContext.attributes.creationDate`
    case sessionCreationDate
    /// `sessionContext.attributes.mfaAuthenticated`
    case mfaAuthenticated
    /// `sessionContext.sourceIdentity`
    case sourceIdentity
    /// `sessionContext.webIdFederationData.federatedProvider`
    case federatedProvider
    /// `sessionContext.ec2RoleDelivery`
    case ec2RoleDelivery
    /// `inScopeOf.sourceArn`
    case inScopeOfSourceArn
    /// `inScopeOf.credentialsIssuedTo`
    case credentialsIssuedTo
    /// `onBehalfOf.userId`
    case onBehalfOfUserId
    /// `onBehalfOf.identityStoreArn`
    case onBehalfOfIdentityStoreArn
}

/// Where the fields of one `userIdentity` stand in its bytes; reused from record to record.
// SAFETY: `references` has one initialised element for each case of `IdentityField`.
@safe package struct IdentityFields: ~Copyable {
    private let references: UnsafeMutablePointer<FieldReference>
    private var present: UInt32 = 0

    /// Whether the bytes ended or were no JSON before the object's end; what stands before is there.
    package private(set) var isIncomplete = false

    /// No fields.
    package init() {
        unsafe references = .allocate(capacity: IdentityField.allCases.count)
        unsafe references.initialize(repeating: .absent, count: IdentityField.allCases.count)
    }

    deinit {
        // SAFETY: `FieldReference` is trivial, so the memory needs no deinitialising.
        unsafe references.deallocate()
    }

    /// Where a field stands within the projected bytes.
    package subscript(field: IdentityField) -> FieldReference {
        present & (1 &<< UInt32(field.rawValue)) == 0 ? .absent : unsafe references[field.rawValue]
    }

    /// Notes where the fields of a `userIdentity` value stand; what is no object, or no JSON, has no fields.
    package mutating func project(_ identity: UnsafeRawBufferPointer) {
        unsafe project(identity, from: 0)
    }

    /// Notes where the fields of a record's `userIdentity` stand, in the record's bytes: the references are good for those.
    package mutating func project(_ fields: borrowing RecordFields, in record: UnsafeRawBufferPointer) {
        let identity = fields[.userIdentity]
        guard identity.kind == .object, identity.range.upperBound <= record.count else {
            present = 0
            return
        }
        unsafe project(record, from: Int(identity.offset))
    }

    private mutating func project(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
        present = 0
        isIncomplete = false
        // SAFETY: the scanner does not outlive this call.
        var scanner = unsafe JSONScanner(bytes, from: offset, isFinal: true)
        do throws(JSONFault) {
            if try scanner.next() == UInt8(ascii: "{") { try project(&scanner, .identity) }
        } catch {
            isIncomplete = true
        }
    }

    /// An object inside `userIdentity` whose members are looked at.
    private enum Part {
        case identity
        case sessionContext
        case sessionIssuer
        case attributes
        case webIdFederationData
        case inScopeOf
        case onBehalfOf
    }

    private enum Target {
        case field(IdentityField)
        case part(Part)
        case nothing
    }

    /// Passes the object at the scanner's position. It calls itself for the objects that `Part` names, two levels down at most.
    private mutating func project(_ scanner: inout JSONScanner, _ part: Part) throws(JSONFault) {
        scanner.position &+= 1
        var first = try scanner.next()
        if first == UInt8(ascii: "}") {
            scanner.position &+= 1
            return
        }
        while true {
            guard first == UInt8(ascii: "\"") else { throw .malformed(at: scanner.position, .unexpectedByte) }
            let key = try scanner.string()
            guard try scanner.next() == UInt8(ascii: ":") else {
                throw .malformed(at: scanner.position, .unexpectedByte)
            }
            scanner.position &+= 1
            first = try scanner.next()
            // SAFETY: the scanner has passed the key.
            let target = key.isPlain ? unsafe Self.target(of: scanner.slice(key.start, key.end), in: part) : .nothing
            if case .part(let inner) = target, first == UInt8(ascii: "{") {
                try project(&scanner, inner)
            } else {
                let value = try scanner.value(first, enclosing: 1)
                if case .field(let field) = target {
                    present |= 1 &<< UInt32(field.rawValue)
                    // SAFETY: there is an element for every field.
                    unsafe references[field.rawValue] = FieldReference(
                        offset: UInt32(truncatingIfNeeded: value.start),
                        length: UInt32(truncatingIfNeeded: value.end &- value.start), kind: value.kind)
                }
            }
            let mark = try scanner.next()
            scanner.position &+= 1
            if mark == UInt8(ascii: "}") { return }
            guard mark == UInt8(ascii: ",") else { throw .malformed(at: scanner.position &- 1, .unexpectedByte) }
            first = try scanner.next()
        }
    }

    @inline(__always) private static func target(of key: UnsafeRawBufferPointer, in part: Part) -> Target {
        guard let bytes = key.baseAddress else { return .nothing }
        let count = key.count
        @inline(__always) func `is`(_ text: StaticString) -> Bool {
            // SAFETY: the lengths are equal before bytes are compared.
            unsafe count == text.utf8CodeUnitCount && KeyText.equals(bytes, text)
        }
        switch part {
        case .identity:
            if `is`("type") { return .field(.type) }
            if `is`("principalId") { return .field(.principalId) }
            if `is`("arn") { return .field(.arn) }
            if `is`("accountId") { return .field(.accountId) }
            if `is`("accessKeyId") { return .field(.accessKeyId) }
            if `is`("userName") { return .field(.userName) }
            if `is`("sessionContext") { return .part(.sessionContext) }
            if `is`("invokedBy") { return .field(.invokedBy) }
            if `is`("identityProvider") { return .field(.identityProvider) }
            if `is`("credentialId") { return .field(.credentialId) }
            if `is`("inScopeOf") { return .part(.inScopeOf) }
            if `is`("onBehalfOf") { return .part(.onBehalfOf) }
        case .sessionContext:
            if `is`("sessionIssuer") { return .part(.sessionIssuer) }
            if `is`("attributes") { return .part(.attributes) }
            if `is`("webIdFederationData") { return .part(.webIdFederationData) }
            if `is`("sourceIdentity") { return .field(.sourceIdentity) }
            if `is`("ec2RoleDelivery") { return .field(.ec2RoleDelivery) }
        case .sessionIssuer:
            if `is`("type") { return .field(.sessionIssuerType) }
            if `is`("arn") { return .field(.sessionIssuerArn) }
            if `is`("principalId") { return .field(.sessionIssuerPrincipalId) }
            if `is`("accountId") { return .field(.sessionIssuerAccountId) }
            if `is`("userName") { return .field(.sessionIssuerUserName) }
        case .attributes:
            if `is`("creationDate") { return .field(.sessionCreationDate) }
            if `is`("mfaAuthenticated") { return .field(.mfaAuthenticated) }
        case .webIdFederationData:
            if `is`("federatedProvider") { return .field(.federatedProvider) }
        case .inScopeOf:
            if `is`("sourceArn") { return .field(.inScopeOfSourceArn) }
            if `is`("credentialsIssuedTo") { return .field(.credentialsIssuedTo) }
        case .onBehalfOf:
            if `is`("userId") { return .field(.onBehalfOfUserId) }
            if `is`("identityStoreArn") { return .field(.onBehalfOfIdentityStoreArn) }
        }
        return .nothing
    }
}
