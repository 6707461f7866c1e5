import AccessDenial
import CloudTrail
import TrailStore

// What a call was made on.

extension RecordPacker {
    mutating func readTarget(
        _ rule: CallTarget.Rule, _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer,
        _ event: inout PackedEvent
    ) {
        let parameters = fields[.requestParameters]
        let value = unsafe parameters.member(rule.keys.0, or: rule.keys.1, in: record)
        switch rule.form {
        case .bareName: event.target = unsafe text(value, record)
        case .bucket:
            event.target = unsafe bucket(value, record)
            if event.target != 0 {
                event.targetPart = unsafe hash(parameters.member("key", or: "key", in: record), record)
            }
        case .key:
            event.target = unsafe keyID(value, record)
            if event.target == 0 {
                let resource = unsafe fields[.resources].onlyElement(in: record)
                event.target = unsafe keyID(resource.member("ARN", or: "ARN", in: record), record)
            }
        case .resource, .secret, .systemsManager, .originationIdentity, .smsVoice, .whatsAppNumber:
            event.target = unsafe name(value, rule.form, record)
        }
    }

    mutating func name(
        _ value: FieldReference, _ form: CallTarget.Form, _ record: UnsafeRawBufferPointer
    ) -> UInt32 {
        text(unsafe value.string(in: record).flatMap { CallTarget.name(in: $0, form) })
    }

    /// ``CallTarget/Form/bucket`` without a string of its own where the bytes do: a third of all calls is on a bucket.
    mutating func bucket(_ value: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard value.kind == .plainString, unsafe !value.hasPrefix("arn:", in: record),
            unsafe !value.hasSuffix("-s3alias", in: record)
        else { return unsafe name(value, .bucket, record) }
        return unsafe text(value, record)
    }

    /// ``CallTarget/Form/key`` in the same way.
    mutating func keyID(_ value: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard value.kind == .plainString else { return unsafe name(value, .key, record) }
        let bytes = unsafe value.content(in: record)
        guard let slash = unsafe bytes.lastIndex(of: UInt8(ascii: "/")) else { return unsafe text(value, record) }
        guard unsafe value.hasPrefix("arn:", in: record), unsafe bytes[..<slash].suffix(4).elementsEqual(":key".utf8),
            slash + 1 < bytes.count
        else { return 0 }
        // SAFETY: the rest behind the slash lies within the value.
        return unsafe number(ofText: UnsafeRawBufferPointer(rebasing: bytes[(slash + 1)...]))
    }

    /// Decides on the target of a refusal by the resource that AWS names, where the request names none or may name another.
    mutating func settleTarget(_ resource: String, _ rule: CallTarget.Rule?, _ event: inout PackedEvent) {
        let name = text(CallTarget.name(ofResource: resource, rule))
        if event.target == 0 {
            event.target = name
            if name != 0, let key = CallTarget.objectKey(ofResource: resource) { event.targetPart = Self.hash(key) }
        } else if name != event.target, let service = rule?.comparedService,
            CallTarget.isResource(resource, of: service)
        {
            event.target = 0
        }
    }

    /// A hash of an object's key that is not 0; 0 where there is none.
    mutating func hash(_ field: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard field.isString, field.length > 0 else { return 0 }
        if field.kind == .plainString { return unsafe Self.hash(field.content(in: record)) }
        scratch.removeAll(keepingCapacity: true)
        unsafe field.append(from: record, to: &scratch)
        return unsafe scratch.withUnsafeBytes { unsafe Self.hash($0) }
    }

    static func hash(_ key: String) -> UInt32 {
        var key = key
        return key.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0)) }
    }

    static func hash(_ key: UnsafeRawBufferPointer) -> UInt32 {
        max(1, UInt32(truncatingIfNeeded: unsafe ByteHash.hash(key, seed: 0)) & 0x7fff_ffff)
    }
}
