/// Where the top-level fields of one record stand: filled by one pass over the record's bytes, which it neither copies nor keeps.
///
/// One value is reused for record after record. Its references are good for the bytes of the last projected record only.
// SAFETY: `references` is allocated with `slotCount` elements, all initialised, and indexed by slots below that.
@safe package struct RecordFields: ~Copyable {
    static let slotCount = 64

    private let references: UnsafeMutablePointer<FieldReference>
    /// One bit for each slot that the record has.
    var present: UInt64 = 0

    /// What the record is, so that a file that mixes kinds can be read.
    package internal(set) var kind = RecordKind.event
    /// Whether the record was made from another form of the event, such as a row of a CSV, and is not CloudTrail's own.
    package internal(set) var isTranslated = false
    /// Whether some string of the record holds invalid UTF-8, an unpaired surrogate or `\u0000`: it reads with U+FFFD.
    package internal(set) var isRepaired = false
    /// Whether a key that trail403 reads stands twice; the last one counts.
    package internal(set) var hasDuplicateKey = false

    /// No fields.
    package init() {
        unsafe references = .allocate(capacity: Self.slotCount)
        unsafe references.initialize(repeating: .absent, count: Self.slotCount)
    }

    deinit {
        // SAFETY: `FieldReference` is trivial, so the memory needs no deinitialising.
        unsafe references.deallocate()
    }

    /// Where a field stands; `.absent` where the record lacks it.
    package subscript(field: RecordField) -> FieldReference {
        self[slot: field.rawValue]
    }

    subscript(field: WrapperField) -> FieldReference {
        self[slot: field.rawValue]
    }

    private subscript(slot slot: Int) -> FieldReference {
        present & (1 &<< UInt64(slot)) == 0 ? .absent : unsafe references[slot]
    }

    /// The field as text, decoded; `nil` for absent, `null`, empty, objects and arrays.
    package func string(_ field: RecordField, in record: UnsafeRawBufferPointer) -> String? {
        unsafe self[field].string(in: record)
    }

    /// Appends the field's text in UTF-8; returns whether there was any.
    @discardableResult
    package func append(_ field: RecordField, from record: UnsafeRawBufferPointer, to output: inout [UInt8]) -> Bool {
        unsafe self[field].append(from: record, to: &output)
    }

    /// The field as a Boolean; the strings `true` and `false` count.
    package func bool(_ field: RecordField, in record: UnsafeRawBufferPointer) -> Bool? {
        unsafe self[field].bool(in: record)
    }

    /// The field's value as JSON; `nil` where it is absent or `null`.
    package func fragment(_ field: RecordField, in record: UnsafeRawBufferPointer) -> JSONFragment? {
        unsafe self[field].fragment(in: record)
    }

    /// Forgets the last record.
    @inline(__always) mutating func clear() {
        present = 0
        kind = .event
        isRepaired = false
        isTranslated = false
        hasDuplicateKey = false
    }

    @inline(__always) mutating func set(_ slot: Int, _ reference: FieldReference) {
        assert(slot >= 0 && slot < Self.slotCount)
        let bit: UInt64 = 1 &<< UInt64(slot)
        if present & bit != 0 { hasDuplicateKey = true }
        present |= bit
        // SAFETY: slots come from `RecordKey.slot`, whose results are below `slotCount`.
        unsafe references[slot] = reference
    }
}
