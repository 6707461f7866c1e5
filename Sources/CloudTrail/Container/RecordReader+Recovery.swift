// How reading goes on behind bytes that are not JSON, or too many.
extension RecordReader {
    /// What a search for the next record passed over.
    struct Search {
        var isFound: Bool
        /// Whether keys of a record were among the bytes passed over.
        var hasPassedRecordKeys = false
        /// Whether anything but brackets and separators was among them.
        var hasPassedContent = false
        /// Whether a bracket or a quote, which JSON is made of, was among them.
        var hasPassedJSON = false
    }

    /// Passes over bytes that cannot stand where they stand, up to the next record or the text's end: one issue.
    mutating func skipGarbage(_ sink: Sink) throws {
        let offset = window.position
        let isElementExpected =
            switch text.expectation {
            case .document, .firstElement, .element: true
            case .afterElement, .key, .afterMember: false
            }
        let isTold = text.hasJustBroken
        let isAfterText = text.frames.isEmpty
        let wasRecognised = text.isRecognised
        let search = try findRecord(from: window.start, sink)
        text.hasJustBroken = false
        if isTold || !(wasRecognised || search.isFound) { return }
        // Prose around records, and commas between lines, are nothing that was lost.
        if isAfterText, !search.hasPassedJSON, !search.hasPassedRecordKeys { return }
        var record: Int?
        if isElementExpected, search.hasPassedRecordKeys {
            tally.records += 1
            tally.broken += 1
            record = tally.records
            recognise(.cloudTrail, sink)
        }
        if !search.isFound, window.isBomb {
            // The fault of the file tells of these bytes.
            text.cutRecord = record
        } else if isAfterText, !search.isFound {
            report(
                .trailingBytes, at: offset, record: record, "the last record is followed by bytes that are not JSON",
                sink)
        } else {
            report(.jsonMalformed, at: offset, record: record, "bytes between records are not JSON", sink)
        }
    }

    /// Looks from an index on, the window's first byte or the one behind it, for the next object that is a record or holds some, and makes ready to read it.
    ///
    /// An object counts when it parses as a whole, or when it shows a record's keys before its own fault. A bound on the bytes
    /// that are parsed in vain keeps this linear whatever the input.
    mutating func findRecord(from first: Int, _ sink: Sink) throws -> Search {
        var search = Search(isFound: false)
        text.searchStart = window.position
        defer { text.searchedBytes += window.position - text.searchStart }
        var previous = first > window.start ? window[window.start] : UInt8(ascii: ",")
        var isNewLine = false
        var index = first
        while true {
            while index < window.end {
                let byte = window[index]
                switch byte {
                case UInt8(ascii: "\n"): isNewLine = true
                case 0x20, 0x09, 0x0D: break
                case UInt8(ascii: "{") where previous != UInt8(ascii: ":") || isNewLine:
                    window.consume(to: index)
                    let trial = try tryObject(sink, isSeparated: isNewLine || previous != UInt8(ascii: "{"))
                    index = window.start
                    switch trial {
                    case .resume:
                        resume()
                        search.isFound = true
                        return search
                    case .restart:
                        text.frames.removeAll()
                        resume()
                        search.isFound = true
                        return search
                    case .pass(let length):
                        if isHopeless { return search }
                        search.hasPassedContent = search.hasPassedContent || length > 1
                        search.hasPassedJSON = true
                        index += length - 1
                        previous = length > 1 ? UInt8(ascii: "}") : byte
                        isNewLine = false
                    }
                default:
                    if byte == UInt8(ascii: "e"), previous == UInt8(ascii: "\""), !search.hasPassedRecordKeys {
                        search.hasPassedRecordKeys = isRecordKey(at: index)
                    }
                    switch byte {
                    case UInt8(ascii: "{"), UInt8(ascii: "["): search.hasPassedJSON = true
                    case UInt8(ascii: ","): break
                    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "\""):
                        search.hasPassedJSON = true
                        search.hasPassedContent = true
                    default: search.hasPassedContent = true
                    }
                    previous = byte
                    isNewLine = false
                }
                index += 1
            }
            window.consume(to: window.end)
            if isHopeless { break }
            guard try unsafe window.fill(from: sink.fill) else { break }
            index = window.start
        }
        text.hasSearchedToEnd = true
        return search
    }

    /// Whether the search has gone on for so long without a first record that the text is given up.
    private var isHopeless: Bool {
        mutating get {
            if !text.isRecognised, searchedBytes > limits.maximumSearchBytes { text.isGivenUp = true }
            return text.isGivenUp
        }
    }

    private var searchedBytes: Int { text.searchedBytes + window.position - text.searchStart }

    private func isRecordKey(at index: Int) -> Bool {
        let keys = ["eventName\"", "eventTime\"", "eventVersion\"", "eventSource\"", "eventID\""]
        return keys.contains { key in
            index + key.utf8.count <= window.end
                && zip(key.utf8, index...).allSatisfy { $0 == window[$1] }
        }
    }

    /// What trying to read an object showed.
    private enum Trial {
        /// Reading can go on at the object.
        case resume
        /// Reading can go on at the object, which is a container: a new text has begun.
        case restart
        /// The object is nothing; this many bytes need not be looked at again.
        case pass(Int)
    }

    /// Tries the object at the window's first byte.
    private mutating func tryObject(_ sink: Sink, isSeparated: Bool) throws -> Trial {
        let spare = 1 << 20
        guard text.verifiedBytes <= spare + 8 * searchedBytes else { return .pass(1) }
        while true {
            // SAFETY: the scanner does not outlive this pass, in which the window is not filled.
            var scanner = unsafe JSONScanner(window.bytes, from: window.start, isFinal: window.isEnded)
            let outcome: Result<ObjectEnd, JSONFault>
            do throws(JSONFault) {
                outcome = .success(try fields.project(from: &scanner, origin: window.start, findsArrays: true))
            } catch {
                outcome = .failure(error)
            }
            let scannedEnd =
                switch outcome {
                case .success: scanner.position
                case .failure(.malformed(let offset, _)): offset
                case .failure(.needsMore): window.end
                }
            text.verifiedBytes += scannedEnd - window.start
            switch outcome {
            case .success(.complete):
                let end = scanner.position
                // SAFETY: the scanner has passed the object.
                let isResumable = unsafe isResumable(UnsafeRawBufferPointer(rebasing: window.bytes[window.start..<end]))
                return isResumable ? .resume : .pass(end - window.start)
            case .success(.array), .success(.object):
                return .restart
            case .failure(.malformed):
                return isSeparated && fields.isRecordLike ? .resume : .pass(1)
            case .failure(.needsMore):
                if !window.isFull, try unsafe window.fill(from: sink.fill) { continue }
                return fields.isRecordLike ? .resume : .pass(1)
            }
        }
    }

    /// Sets what is expected where reading goes on.
    private mutating func resume() {
        if case .array = text.frames.last {
            text.expectation = .element
        } else {
            text.frames.removeAll()
            text.isLost = true
            text.expectation = .document
        }
    }

    /// Passes a value that is too large to be read, by its brackets and quotes alone; a member of an object with its key.
    mutating func skipLexically(_ sink: Sink, untilMemberEnds: Bool) throws {
        var depth = 0
        var isInString = false
        var isEscaped = false
        while true {
            var index = window.start
            while index < window.end {
                let byte = window[index]
                if isEscaped {
                    isEscaped = false
                } else if isInString {
                    if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                        if depth == 0, !untilMemberEnds { return window.consume(to: index + 1) }
                    }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): isInString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"), UInt8(ascii: "]"):
                        if depth == 0 { return window.consume(to: index) }
                        depth -= 1
                        if depth == 0, !untilMemberEnds { return window.consume(to: index + 1) }
                    case UInt8(ascii: ","):
                        if depth == 0 { return window.consume(to: index) }
                    default: break
                    }
                }
                index += 1
            }
            window.consume(to: window.end)
            guard try unsafe window.fill(from: sink.fill) else {
                text.hasSearchedToEnd = true
                return
            }
        }
    }
}
