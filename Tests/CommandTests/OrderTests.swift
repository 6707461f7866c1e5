import Foundation
import TestSupport
import Testing

/// The same records in other files and another order give the same report.
@Suite struct OrderTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `The order of files and records does not matter`(seed: UInt64) throws {
        let scratch = try ScratchFolder()
        let records = try Self.records.get()
        var generator = SeededGenerator(state: seed)
        // One file in the order of the archive, and many files of shuffled records under shuffled names.
        try Self.write(records, to: scratch.path("straight/a.json"))
        var shuffled = records.shuffled(using: &generator)
        var names = Array(0..<40).shuffled(using: &generator)
        while let name = names.popLast(), !shuffled.isEmpty {
            let count = names.isEmpty ? shuffled.count : Int.random(in: 0...(shuffled.count / 8 + 1), using: &generator)
            try Self.write(Array(shuffled.prefix(count)), to: scratch.path("shuffled/\(name).json"))
            shuffled.removeFirst(count)
        }
        let straight = try Self.report("straight", scratch)
        let other = try Self.report("shuffled", scratch)
        #expect(straight.contains("\"groups\": ["))
        #expect(other == straight)
    }

    /// The report's JSON without what tells of files.
    private static func report(_ name: String, _ scratch: ScratchFolder) throws -> String {
        let result = try Program.run(
            [
                "analyze", scratch.path(name), "--database", scratch.path("\(name).sqlite"), "--service", "all",
                "--include-aws-services", "--format", "json",
            ], in: scratch.path)
        #expect(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").filter { line in
            !["\"database\"", "\"logFiles\""].contains { line.contains($0) }
        }.joined(separator: "\n")
    }

    /// Every whole record of the sample archive.
    private static let records: Result<[Data], any Error> = Result {
        let script = """
            import glob, json, os, sys, zlib
            for path in sorted(glob.glob(os.path.join(sys.argv[1], "**", "*.json.gz"), recursive=True)):
                if "_CloudTrail_" not in path: continue
                text = zlib.decompressobj(31).decompress(open(path, "rb").read()).decode()
                try: records = json.loads(text)["Records"]
                except ValueError: continue
                for record in records: print(json.dumps(record))
            """
        let archive = Program.projectFolder.appendingPathComponent("SampleTrails").path
        let result = try Program.run("/usr/bin/env", ["python3", "-c", script, archive], in: archive)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count > 2_500, "\(result.errors)")
        return lines.map { Data($0.utf8) }
    }

    private static func write(_ records: [Data], to path: String) throws {
        let file = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        var content = Data(#"{"Records":["#.utf8)
        for (index, record) in records.enumerated() {
            if index > 0 { content.append(UInt8(ascii: ",")) }
            content.append(record)
        }
        content.append(Data("]}".utf8))
        try content.write(to: file)
    }
}
