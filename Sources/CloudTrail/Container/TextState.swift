/// What the reader expects next in a text.
enum Expectation {
    /// A JSON text, at the outermost level.
    case document
    /// The first element of an array, or its end.
    case firstElement
    /// An element, after a comma.
    case element
    /// A comma or the array's end.
    case afterElement
    /// A key of a container object, after a comma.
    case key
    /// A comma or the container object's end.
    case afterMember
}

/// An array or object that is open around the records.
enum Frame {
    case object
    /// An array; `isRecords` for the array of `{"Records": […]}`, whose every element ought to be a record.
    case array(isRecords: Bool, kind: LogFileKind?)
    /// The rows of a query's result.
    case rows(QueryRow.Form)
}

/// How far one text, the file's or that of a string inside it, has been read.
struct TextState {
    var expectation = Expectation.document
    var frames: [Frame] = []
    /// Whether the outermost separators can no longer be trusted, so that commas and closing brackets are passed over.
    var isLost = false
    /// Whether anything of CloudTrail has been found.
    var isRecognised = false
    /// Whether there is anything but white space.
    var hasContent = false
    /// The first byte that is no white space.
    var firstByte: UInt8?
    /// Texts that were no records, while nothing has been recognised.
    var held: [RecordPosition] = []
    /// Whether reading stops because the text is no log file.
    var isGivenUp = false
    /// Whether the text is UTF-16, as PowerShell writes it.
    var isUTF16 = false
    /// Whether the text ends inside a JSON text, and inside which record.
    var isCut = false
    var cutRecord: Int?
    /// Whether a search for the next record came to the end, so that open frames are no further fault.
    var hasSearchedToEnd = false
    /// Whether the value before the next separator was broken and told already.
    var hasJustBroken = false
    /// Whether the object that is read next stands where a comma ought to.
    var isCommaMissing = false
    /// Bytes looked at while searching for a record, in searches before this one and from an offset on in this one.
    var searchedBytes = 0
    var searchStart = 0
    /// Bytes scanned to verify finds.
    var verifiedBytes = 0
    /// The string literal that holds the text, where it is nested.
    var origin: RecordPosition?
    /// What the wrapping around the text is, where it is nested.
    var wrapping: LogFileKind?
    /// Whether the string that held the text had to be repaired.
    var isRepaired = false
    /// The columns that the first row of Athena's result names.
    var rowHeader: EventRow?
    /// The columns of the page before this one.
    var pageHeader: EventRow?
    /// The kind that the lines of the text show, such as the times of a CloudWatch Logs export.
    var lineKind: LogFileKind?

    /// The kind that the open frames give their elements.
    var frameKind: LogFileKind? {
        for frame in frames {
            switch frame {
            case .array(_, let kind?): return kind
            case .rows: return .queryResultJSON
            case .array, .object: continue
            }
        }
        return nil
    }

    var isInRecords: Bool {
        if case .array(isRecords: true, _) = frames.last { true } else { false }
    }
}

/// The counts of one file.
struct Tally {
    var file = ""
    /// The kind of the first thing recognised.
    var kind: LogFileKind?
    /// The kind of the first container seen, for files without records.
    var containerKind: LogFileKind?
    var records = 0
    var broken = 0
    var insights = 0
    var aggregated = 0
    var networkActivity = 0
    /// Issues that were told, and how many more there were of each code.
    var toldIssues = 0
    var moreIssues: [IngestIssue.Code: Int] = [:]

    /// The kind of the file as a whole.
    var summaryKind: LogFileKind {
        let kind = kind ?? containerKind ?? .unrecognised
        guard kind == .cloudTrail, records > broken else { return kind }
        switch records - broken {
        case insights: return .cloudTrailInsight
        case aggregated: return .cloudTrailAggregated
        case networkActivity: return .cloudTrailNetworkActivity
        default: return kind
        }
    }
}
