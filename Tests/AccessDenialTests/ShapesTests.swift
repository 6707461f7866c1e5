import CloudTrail
import Foundation
import IAMPolicy
import TestSupport
import Testing

@testable import AccessDenial

/// The table of message shapes in `Data/shapes.json`: one row a shape, with the reading that AWS means.
///
/// Rows up to 108 are the shapes that were collected from documentation and real records; later numbers are cases that came
/// up since. A new shape is a new row.
struct ShapesTests {
    struct Row: Decodable, CustomTestStringConvertible, Sendable {
        var id: Int
        var errorCode: String
        var eventSource: String
        var eventName: String
        var message: String?
        /// `false` where the event is no denial.
        var denial: Bool?
        var expected: Reading?

        var testDescription: String { "shape \(id)" }

        /// The message with the encoded text that `{encoded}` stands for, as long as real ones are; a cut one is filled to
        /// the length at which CloudTrail cuts.
        func text(of message: String?) -> String? {
            guard let message else { return nil }
            let isCut = expected?.truncated ?? false
            let length = isCut ? 1_024 - message.utf8.count + "{encoded}".utf8.count : 600
            let encoded = String(String(repeating: "k3_Zq-9A", count: 150).prefix(max(0, length)))
            return message.replacingOccurrences(of: "{encoded}", with: encoded)
        }
    }

    struct Reading: Decodable, Sendable {
        var category: String
        var reason: String
        var principal: String?
        var action: String?
        /// The message names no action: it is mapped from the event.
        var actionIsMapped: Bool?
        var resource: String?
        var policyARN: String?
        var authorizationID: String?
        var passedThrough: String?
        var encoded: String?
        var truncated: Bool?
    }

    static let rows: [Row] = {
        guard let url = Bundle.module.url(forResource: "shapes", withExtension: "json", subdirectory: "Data") else {
            preconditionFailure("shapes.json is not in the test bundle")
        }
        do {
            return try JSONDecoder().decode([Row].self, from: Data(contentsOf: url))
        } catch {
            preconditionFailure("shapes.json: \(error)")
        }
    }()

    @Test(arguments: rows) func readsShape(_ row: Row) throws {
        try check(row, message: row.text(of: row.message))
    }

    @Test(arguments: rows) func readsShapeInAnyCaseAndSpacing(_ row: Row) throws {
        guard let message = row.text(of: row.message), row.denial != false, let expected = row.expected else { return }
        // Names keep their case where only the case of the whole changes, so they are compared without it.
        let shouted = DenialMessage(message.uppercased())
        #expect(shouted.reason.slug == DenialMessage(message).reason.slug)
        #expect(shouted.resource?.lowercased() == DenialMessage(message).resource?.lowercased())
        guard expected.resource?.contains("  ") != true, expected.truncated != true else { return }
        let spaced = DenialMessage("\n " + message.replacingOccurrences(of: " ", with: " \r\n\t ") + "  ")
        let plain = DenialMessage(message)
        #expect(spaced.reason == plain.reason)
        #expect(spaced.principal == plain.principal)
        #expect(spaced.action == plain.action)
        #expect(spaced.policyARN == plain.policyARN)
        #expect(spaced.authorizationID == plain.authorizationID)
    }

    @Test func readsEveryShapeOfTheSharedTable() throws {
        let shared = try SharedFacts.messages()
        guard let shared else { return }
        let own = Dictionary(uniqueKeysWithValues: Self.rows.map { ($0.id, $0) })
        for entry in shared {
            let row = try #require(own[entry.id], "shape \(entry.id) has no row in shapes.json")
            // A text in parentheses describes the message; the row holds one.
            let message = entry.message.hasPrefix("(") ? row.message : entry.message
            let text = message?.replacingOccurrences(of: "<base64url, ~500-900 chars>", with: "{encoded}")
            try check(row, message: row.text(of: text))
        }
    }

    private func check(_ row: Row, message text: String?) throws {
        var event = Event()
        event.errorCode = row.errorCode
        event.errorMessage = text
        event.eventSource = row.eventSource
        event.eventName = row.eventName
        let denial = Denial(reading: event)
        if row.denial == false {
            #expect(denial == nil)
            return
        }
        let expected = try #require(row.expected)
        let read = try #require(denial)
        let message = DenialMessage(text)
        #expect(read.category.rawValue == expected.category)
        #expect(read.reason.slug == expected.reason)
        #expect(message.principal == expected.principal)
        #expect(message.action == (expected.actionIsMapped == true ? nil : expected.action))
        if let action = expected.action { #expect(read.action == action) }
        #expect(read.resource == expected.resource)
        #expect(read.policyARN == expected.policyARN)
        #expect(read.authorizationID == expected.authorizationID)
        #expect(read.passedThrough?.rawValue == expected.passedThrough)
        #expect(read.isTruncated == (expected.truncated ?? false))
        #expect("\(message.encodedMessage)" == expected.encoded ?? "absent")
        #expect(read.hasEncodedMessage == (expected.encoded == "whole"))
    }
}

/// The table of messages that lies beside the shared test data, where it is there.
enum SharedFacts {
    struct Entry: Decodable {
        var id: Int
        var message: String
    }

    static func messages() throws -> [Entry]? {
        guard let url = sharedData("../facts/denial_messages.json") else { return nil }
        return try JSONDecoder().decode([Entry].self, from: Data(contentsOf: url))
    }
}
