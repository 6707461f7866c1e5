import Foundation
import Testing
import TrailStore

@Suite struct TimestampTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var seconds: Int64?

        var testDescription: String { text }
    }

    static let cases = [
        Case(text: "1970-01-01T00:00:00Z", seconds: 0),
        Case(text: "2026-11-23T10:15:30Z", seconds: 1_795_428_930),
        Case(text: "2024-02-29T23:59:59Z", seconds: 1_709_251_199),
        Case(text: "2000-02-29T00:00:00Z", seconds: 951_782_400),
        Case(text: "2023-06-07 23:59:12.000", seconds: 1_686_182_352),
        Case(text: "2023-06-07T23:59:12.123456Z", seconds: 1_686_182_352),
        Case(text: "2023-06-07T23:59:12", seconds: 1_686_182_352),
        Case(text: "2023-02-29T00:00:00Z", seconds: nil), Case(text: "2100-02-29T00:00:00Z", seconds: nil),
        Case(text: "2026-13-01T00:00:00Z", seconds: nil), Case(text: "2026-00-01T00:00:00Z", seconds: nil),
        Case(text: "2026-11-31T00:00:00Z", seconds: nil), Case(text: "2026-11-00T00:00:00Z", seconds: nil),
        Case(text: "2026-11-01T24:00:00Z", seconds: nil), Case(text: "2026-11-01T00:60:00Z", seconds: nil),
        Case(text: "1969-12-31T23:59:59Z", seconds: -1), Case(text: "0001-01-01T00:00:00Z", seconds: -62_135_596_800),
        Case(text: "9999-12-31T23:59:59Z", seconds: 253_402_300_799), Case(text: "0000-12-31T23:59:59Z", seconds: nil),
        Case(text: "2026-11-01T00:00:00+01:00", seconds: nil),
        Case(text: "2026-11-01T00:00:00ZZ", seconds: nil), Case(text: "2026-11-01T00:00:0xZ", seconds: nil),
        Case(text: "2026-11-01", seconds: nil), Case(text: "", seconds: nil),
        Case(text: "20131102T010628Z", seconds: nil),
    ]

    @Test(arguments: cases)
    func `A time reads as its seconds, and nothing else does`(row: Case) {
        #expect(Timestamp.seconds(row.text) == row.seconds)
    }

    @Test func `Seconds read and write as Foundation's calendar does`() throws {
        let format = Date.ISO8601FormatStyle()
        var seconds: Int64 = 0
        while seconds < 5_000_000_000 {
            let text = Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(format)
            #expect(Timestamp.text(seconds) == text)
            #expect(Timestamp.seconds(text) == seconds)
            // A step that is no multiple of a day, an hour or a minute.
            seconds += 7_919_777
        }
    }

    @Test func `Every second of the years 1 to 9999 has a text that reads as itself`() {
        var seconds = Timestamp.range.lowerBound
        while seconds <= Timestamp.range.upperBound {
            #expect(Timestamp.seconds(Timestamp.text(seconds)) == seconds)
            seconds += 79_197_772_331
        }
        for seconds in [-86_401, -86_400, -86_399, -1, 0, Timestamp.range.lowerBound, Timestamp.range.upperBound] {
            #expect(Timestamp.seconds(Timestamp.text(seconds)) == seconds)
        }
    }

    @Test(arguments: [Int64.min, .min + 1, -62_135_596_801, 253_402_300_800, 1 << 62, .max])
    func `A moment beyond those years has the nearest text`(seconds: Int64) {
        #expect(Timestamp.text(seconds) == (seconds < 0 ? "0001-01-01T00:00:00Z" : "9999-12-31T23:59:59Z"))
    }
}
