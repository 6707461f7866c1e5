import CloudTrail
import TrailStore

/// Joins two forms of one event into one record, and packs that like any other.
///
/// What forms tell is joined field by field (``CloudTrail/JSONUnion``), so that their order makes no difference.
final class FormJoiner: FormJoining {
    /// Bytes of a joined record; of forms that are larger the one that tells more is kept. CloudTrail's own limit.
    private static let maximumBytes = 256 << 10

    private var packer: RecordPacker
    private var fields = RecordFields()

    /// A joiner for an ingest with these options.
    init(options: Ingest.Options) {
        // Readers have numbers from 0 on.
        packer = RecordPacker(reader: -1, options: options, batch: EventBatch())
    }

    func join(_ known: [UInt8], _ other: [UInt8], evenIfKnown: Bool) -> EventBatch? {
        guard known.count + other.count <= Self.maximumBytes else { return nil }
        let before = JSONUnion.joining(known, known)
        let joined = JSONUnion.joining(known, other)
        guard evenIfKnown || joined != before else { return nil }
        let isPacked = unsafe joined.withUnsafeBytes { record in
            // SAFETY: the fields are good for these bytes, and used within the call alone.
            guard case .complete = unsafe fields.project(record) else { return false }
            fields.markTranslated()
            let position = RecordPosition(number: 1, byteOffset: 0, length: record.count)
            switch unsafe packer.pack(fields, record, position) {
            case .packed, .cut: return true
            case .timeless, .tooLong: return false
            }
        }
        return isPacked ? packer.take(next: EventBatch()) : nil
    }
}
