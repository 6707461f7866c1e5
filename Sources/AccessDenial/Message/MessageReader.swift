/// One pass over one message.
struct MessageReader {
    let text: MessageText
    /// Where what is still to be read ends: trailers are taken off from behind.
    private(set) var end: Int

    init(_ text: MessageText) {
        self.text = text
        end = text.count
    }

    mutating func read(into message: inout DenialMessage) {
        takeServiceSuffix()
        // Both can stand there, in either order.
        for _ in 0..<2 {
            let before = end
            takeAuthorizationTrailer(into: &message)
            takeEncodedText(into: &message)
            if end == before { break }
        }
        if readGrammar(into: &message) { return }
        if let sentence = FixedSentence.read(text, end: end) {
            message.principal = sentence.principal ?? message.principal
            message.action = sentence.action ?? message.action
            message.resource = sentence.resource ?? message.resource
            message.reason = sentence.reason
            message.showsRefusal = sentence.showsRefusal
        } else if end > 0 {
            message.reason = text.isTruncated ? .named("message-cut") : .unrecognised
        }
    }

    // MARK: Trailers

    /// Takes "(Service: NAME; Status Code: 403; …)" off the end, which the AWS SDK for Java adds to messages that one
    /// service passes on from another.
    private mutating func takeServiceSuffix() {
        guard end > 0, text.bytes[end - 1] == 0x29, let start = text.last(MessageWords.service, in: 0..<end),
            text.first(MessageWords.statusCode, in: start..<end) != nil
        else { return }
        end = start
    }

    /// Takes "Go to URL for complete details, or call the … API with the following authorization id: ID" off the end.
    ///
    /// A resource can hold the same words, so they count only where nothing but the rest of the sentence follows.
    private mutating func takeAuthorizationTrailer(into message: inout DenialMessage) {
        guard let start = text.last(MessageWords.goTo, in: 0..<end) else { return }
        var at = text.endOfWord(at: start + MessageWords.goTo.count - MessageWords.https.count, end: end)
        for (index, phrase) in [MessageWords.forDetails, MessageWords.apiWithID].enumerated() {
            if text.has(phrase, at: at), at + phrase.count <= end {
                at += phrase.count
                let word = text.endOfWord(at: at, end: end)
                if index == 1 {
                    guard word == end else { return }
                    var idEnd = end
                    if idEnd > at, text.bytes[idEnd - 1] == 0x2E { idEnd -= 1 }
                    guard text.bytes[at..<idEnd].allSatisfy(MessageByte.isID) else { return }
                    if !text.isTruncated, idEnd > at { message.authorizationID = text.string(at..<idEnd) }
                }
                at = word
            } else if text.isTruncated, text.stops(in: phrase, at: at, end: end) {
                break
            } else {
                return
            }
        }
        end = start
    }

    /// Takes ". Encoded authorization failure message: TEXT" off the end.
    private mutating func takeEncodedText(into message: inout DenialMessage) {
        guard message.encodedMessage == .absent, let start = text.last(MessageWords.encoded, in: 0..<end) else {
            return
        }
        let value = text.skippingBlanks(at: start + MessageWords.encoded.count, end: end)
        guard text.bytes[value..<end].allSatisfy(MessageByte.isBase64) else { return }
        // Cut where nothing stood behind it and CloudTrail cut the message.
        let isLast = end == text.count
        message.encodedMessage = value == end || (text.isTruncated && isLast) ? .cut : .whole
        end = start
        while end > 0, text.bytes[end - 1] == 0x20 { end -= 1 }
    }
}
