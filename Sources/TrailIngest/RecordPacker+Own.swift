import CloudTrail
import Crypto
import TrailStore

// What is the record's own: its time, its key, its texts.

extension RecordPacker {
    mutating func copy(
        _ field: FieldReference, _ record: UnsafeRawBufferPointer, limit: Int = BoundedText.maximumBytes
    ) -> ByteRange {
        let start = batch.bytes.count
        guard unsafe field.append(from: record, to: &batch.bytes) else { return .none }
        return bounded(from: start, limit)
    }

    /// What was appended from `start` on, cut where it is too long.
    private mutating func bounded(from start: Int, _ limit: Int) -> ByteRange {
        if batch.bytes.count - start > limit {
            isCut = true
            let text = BoundedText.cut(batch.bytes[start...], to: limit)
            batch.bytes.removeSubrange(start...)
            batch.bytes += text
        }
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    mutating func copyRecord(_ record: UnsafeRawBufferPointer, isRepaired: Bool) -> ByteRange {
        let start = batch.bytes.count
        if isRepaired {
            batch.bytes.append(contentsOf: unsafe String(decoding: record, as: UTF8.self).utf8)
        } else {
            unsafe batch.bytes.append(contentsOf: record)
        }
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    /// Copies a record that is to be joined with other forms of its event. That there was no error is written into it where its
    /// other keys tell that: what is joined from several selections has all keys, too.
    mutating func copyForm(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> ByteRange {
        guard unsafe !fields.hasErrorColumn && fields.tellsOutcome(record) else {
            return unsafe copyRecord(record, isRepaired: fields.isRepaired)
        }
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: #"{"errorCode":null,"#.utf8)
        // SAFETY: a record is an object, and one that tells an outcome is not empty.
        _ = unsafe copyRecord(UnsafeRawBufferPointer(rebasing: record.dropFirst()), isRepaired: fields.isRepaired)
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    /// Copies the time as `YYYY-MM-DDThh:mm:ssZ`; false where the record tells none.
    mutating func copyTime(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ event: inout PackedEvent
    ) -> Bool {
        let field = fields[.eventTime]
        if field.kind == .plainString, field.length == 20 {
            // As CloudTrail writes it.
            let text = unsafe field.content(in: record)
            if text.count == 20, unsafe text[10] == UInt8(ascii: "T"), unsafe text[19] == UInt8(ascii: "Z"),
                let seconds = unsafe Timestamp.seconds(text), EventTime.range.contains(seconds)
            {
                event.time = seconds
                event.eventTime = unsafe copy(field, record)
                return true
            }
        }
        let told = field.isEmpty ? fields[.timestamp] : field
        guard let seconds = unsafe EventTime.seconds(told, in: record) else { return false }
        event.time = seconds
        event.isTimeVague = field.isEmpty
        event.eventTime = append(EventTime.text(seconds))
        return true
    }

    mutating func append(_ text: String?) -> ByteRange {
        guard let text, !text.isEmpty else { return .none }
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: text.utf8)
        return bounded(from: start, BoundedText.maximumMessageBytes)
    }

    /// The eventID, or for records without one (version 1.0) a hash of their content; for an addendum that corrects an earlier
    /// event that event's.
    mutating func copyID(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ event: inout PackedEvent
    ) {
        var start = batch.bytes.count
        event.eventID = unsafe copy(fields[.eventID], record)
        if event.eventID.count == 0 { event.eventID = unsafe copy(fields[.aggregatedEventId], record) }
        if event.eventID.count == 0 {
            let digest = unsafe SHA256.hash(data: record)
            batch.bytes.append(contentsOf: "content-".utf8)
            for byte in digest.prefix(16) {
                for nibble in [byte >> 4, byte & 15] {
                    batch.bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
                }
            }
            event.eventID = ByteRange(offset: start, count: batch.bytes.count - start)
        }
        if fields[.addendum].kind == .object, let addendum = unsafe fields.fragment(.addendum, in: record),
            let original = addendum.string(at: "originalEventID"), !original.isEmpty,
            addendum.string(at: "reason") == "UPDATED_DATA"
        {
            // The record is the earlier event once more, with what was missing or wrong in it.
            event.addendumEventID = event.eventID
            let own = unsafe fields.string(.requestID, in: record)
            let request = addendum.string(at: "originalRequestID") ?? own ?? ""
            event.requestID = append(request)
            start = batch.bytes.count
            event.eventID = append(original)
        }
        event.idHash = unsafe batch.bytes.withUnsafeBytes { bytes in
            // SAFETY: the stretch was just appended.
            unsafe UInt32(
                truncatingIfNeeded: ByteHash.hash(UnsafeRawBufferPointer(rebasing: bytes[start...]), seed: 0)
                    & hashMask)
        }
    }
}
