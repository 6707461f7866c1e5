import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Forms in which people have events, as files: `Forms/NAME`, each with the same four events as ``EventFormTests``.
///
/// A form is added without Swift: write the events of `Forms/records.json` in the new form into a file of its own.
@Suite struct FormFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Forms")

    static let names = Result<[String], any Error> {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "records.json" }.sorted()
    }

    @Test func `The records are those that every form is made of`() throws {
        let text = try String(contentsOf: Self.folder.appending(path: "records.json"), encoding: .utf8)
        #expect(try EventFormTests.rows([[text]]) == EventFormTests.truth.get())
    }

    @Test(arguments: try names.get()) func `A form gives way to the records, whichever came first`(_ name: String)
        throws
    {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let truth = try EventFormTests.truth.get()
        for runs in [[[text], [EventFormTests.whole]], [[EventFormTests.whole], [text]]] {
            #expect(try EventFormTests.rows(runs) == truth)
        }
    }
}
