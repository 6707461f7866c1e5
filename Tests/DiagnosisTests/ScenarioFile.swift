import Diagnosis
import Foundation
import OrderedJSON
import Testing
import TrailStore

/// Rows that belong together: `Scenarios/NAME.json`.
struct ScenarioFile: Sendable, CustomTestStringConvertible {
    var name: String
    var rows: [Scenario]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios")

    static let all: [ScenarioFile] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
                .sorted().map { try ScenarioFile(named: String($0.dropLast(".json".count))) }
        } catch {
            fatalError("\(error)")
        }
    }()

    static let everyRow = all.flatMap(\.rows)

    init(named name: String) throws {
        self.name = name
        let file = Self.folder.appending(path: "\(name).json")
        var fields = try Fields(JSONValue(parsing: String(contentsOf: file, encoding: .utf8)), file.path)
        let _: String = try fields.value("about")
        rows = try fields.value("rows")
        try fields.end()
    }
}

extension Scenario: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        name = try fields.value("name")
        // Where a row is wrong, its name tells more than its number.
        fields.place = "\(place) “\(name)”"
        let _: String? = try fields.value("note", or: nil)
        group = try fields.value("group")
        try fields.set(&usage, "usage")
        try fields.set(&changes, "changes")
        try fields.set(&coverage, "coverage")
        try fields.set(&projects, "projects")
        try fields.set(&sightings, "sightings")
        try fields.set(&reach, "reach")
        try fields.set(&reportTime, "reportTime")
        guard let expected = fields.take("expect") else {
            throw Fields.Mistake(description: "\(fields.place): `expect` is missing")
        }
        var expect = try Fields(expected, "\(fields.place).expect")
        rootCause = try expect.value("rootCause")
        try expect.set(&finds, "finds")
        try expect.set(&spares, "spares")
        try expect.set(&blames, "blames")
        try expect.set(&confidence, "confidence")
        try expect.set(&status, "status")
        try expect.set(&tells, "tells")
        try expect.set(&tellsNot, "tellsNot")
        try expect.set(&fixedBy, "fixedBy")
        try expect.set(&remedy, "remedy")
        try expect.set(&offersPolicy, "offersPolicy")
        try expect.set(&says, "says")
        try expect.set(&saysNot, "saysNot")
        try expect.set(&explains, "explains")
        try expect.set(&explainsNot, "explainsNot")
        try expect.end()
        try fields.end()
    }
}
