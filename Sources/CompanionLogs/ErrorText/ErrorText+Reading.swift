import AccessDenial

extension ErrorText {
    /// The longest sentence that is kept: AWS's are below 1 KB, but for encoded messages.
    static let sentenceLimit = 4_096

    /// Reads an error message in any SDK's wording, a service's answer, or a page; escapes of JSON and HTML are undone first.
    ///
    /// Never fails: what is not understood is `nil`. Only the first 64 KB are read.
    public init(reading text: String) { self.init(reading: Array(text.utf8)) }

    /// The same over bytes.
    package init(reading bytes: some Sequence<UInt8>) {
        self.init()
        let text = SearchText(Escapes.undone(bytes))
        var reader = ErrorTextReader(text)
        reader.read(into: &self)
        readContext(text)
        if sentence == nil, code == nil || requestID == nil {
            page = ErrorPage(text, status: status, requestID: requestID)
        }
        if requestID == nil, extendedRequestID == nil { extendedRequestID = Self.extendedRequestID(text) }
    }
}
