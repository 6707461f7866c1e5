import AccessDenial
import CloudTrail
import PolicyTimeline
import TrailStore

// What repeats from record to record is sent once, and numbered from then on.

extension RecordPacker {
    mutating func text(_ field: FieldReference, _ record: UnsafeRawBufferPointer, guess: UInt32 = 0) -> UInt32 {
        guard !field.isEmpty else { return 0 }
        switch field.kind {
        case .absent, .null, .object, .array: return 0
        case .plainString, .number, .trueLiteral, .falseLiteral:
            return unsafe number(ofText: field.content(in: record), guess: guess)
        case .escapedString:
            scratch.removeAll(keepingCapacity: true)
            unsafe field.append(from: record, to: &scratch)
            return number(ofScratch: scratch)
        }
    }

    mutating func text(_ string: String?) -> UInt32 {
        guard let string, !string.isEmpty else { return 0 }
        return number(ofScratch: Array(string.utf8))
    }

    mutating func number(ofScratch bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe number(ofText: $0) }
    }

    mutating func number(ofText bytes: UnsafeRawBufferPointer, guess: UInt32 = 0) -> UInt32 {
        guard bytes.count <= BoundedText.maximumBytes else {
            isCut = true
            return number(ofScratch: unsafe BoundedText.cut(bytes))
        }
        let (number, isNew) = unsafe texts.intern(bytes, guess: guess)
        if isNew { batch.newTexts.append(unsafe String(decoding: bytes, as: UTF8.self)) }
        return number
    }

    mutating func identity(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> UInt32 {
        let field = fields[.userIdentity]
        guard field.kind == .object else { return 0 }
        let (number, isNew) = unsafe identities.intern(field.content(in: record), guess: last.identity)
        if isNew {
            var identity = unsafe UserIdentity(field.content(in: record))
            let principal = BoundedText.bound(identity.principal)
            if field.length > BoundedText.maximumBytes, identity.bound() { cutIdentities.insert(number) }
            batch.newIdentities.append(PrincipalIdentity(identity: identity, principal: principal))
            identityAccounts.append(identity.type == "AWSAccount" ? 0 : text(identity.accountId))
        }
        if field.length > BoundedText.maximumBytes, cutIdentities.contains(number) { isCut = true }
        return number
    }

    static let operationFields: [RecordField] = [
        .eventSource, .eventName, .eventType, .eventCategory, .readOnly, .managementEvent,
    ]

    mutating func operation(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> UInt32 {
        scratch.removeAll(keepingCapacity: true)
        for field in Self.operationFields {
            unsafe fields.append(field, from: record, to: &scratch)
            scratch.append(0)
        }
        let (number, isNew) = unsafe scratch.withUnsafeBytes { unsafe operations.intern($0, guess: last.operation) }
        if isNew {
            let source = unsafe fields.string(.eventSource, in: record)
            let name = unsafe fields.string(.eventName, in: record)
            batch.newOperations.append(
                Operation(
                    eventSource: source, eventName: name, eventType: unsafe fields.string(.eventType, in: record),
                    eventCategory: unsafe fields.string(.eventCategory, in: record),
                    readOnly: unsafe fields.bool(.readOnly, in: record),
                    managementEvent: unsafe fields.bool(.managementEvent, in: record),
                    action: IAMAction.name(eventSource: source ?? "", eventName: name ?? "")))
            operationTraits.append(
                OperationTraits(
                    canChangePermissions: ChangeCatalogue.isChange(
                        eventSource: source ?? "", eventName: name ?? ""),
                    issuesSessions: IssuedSession.isIssue(eventSource: source ?? "", eventName: name ?? ""),
                    hidesErrors: EventClass.namesSignIn(name ?? ""),
                    target: CallTarget.rule(eventSource: source ?? "", eventName: name ?? "")))
        }
        return number
    }
}
