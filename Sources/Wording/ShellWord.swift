import OrderedJSON

/// One word of a command: words of ours, values from the archive, or both in one.
package struct ShellWord: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A stretch of a word.
    package enum Piece: Sendable, Hashable {
        /// Words of ours.
        case ours(String)
        /// A value from the archive, and what it has to be.
        case value(String, ValueForm)
    }

    private enum Content: Sendable, Hashable {
        case text([Piece])
        /// Structures of the AWS CLI, whose values may hold what its shorthand would take apart.
        case structures([[Field]])
    }

    /// A member of a structure.
    package struct Field: Sendable, Hashable {
        var name: String
        var value: String
        var form: ValueForm

        /// A member.
        package init(name: String, value: String, form: ValueForm) {
            self.name = name
            self.value = value
            self.form = form
        }
    }

    private var content: Content

    /// A word of ours.
    package init(stringLiteral text: String) { content = .text([.ours(text)]) }

    /// A word of several pieces.
    package init(_ pieces: [Piece]) { content = .text(pieces) }

    private init(_ content: Content) { self.content = content }

    /// A computed word of ours, never text from the archive.
    package static func ours(_ text: String) -> ShellWord { ShellWord(.text([.ours(text)])) }
    /// A value from the archive. What the record does not tell is ``ValueForm/fault(_:)``'s to find.
    package static func value(_ text: String, _ form: ValueForm) -> ShellWord { ShellWord(.text([.value(text, form)])) }
    /// A structure, or a list of them.
    package static func structures(_ structures: [[Field]]) -> ShellWord { ShellWord(.structures(structures)) }

    /// The word as ours; empty where a value stands in it.
    var ours: String {
        guard case .text(let pieces) = content, pieces.count == 1, case .ours(let text) = pieces[0] else { return "" }
        return text
    }

    /// Whether it begins with a value from the archive.
    var isForeign: Bool {
        guard case .text(let pieces) = content, case .value? = pieces.first else { return false }
        return true
    }

    /// Why the word cannot stand in a command; `nil` where it can.
    var fault: Prose? {
        switch content {
        case .text(let pieces):
            pieces.lazy.compactMap { piece in
                switch piece {
                case .ours: nil
                case .value(let text, let form): form.fault(text)
                }
            }.first
        case .structures(let structures):
            structures.lazy.flatMap(\.self).compactMap { $0.form.fault($0.value) }.first
        }
    }

    /// What a program gets: one word, or one for each structure.
    var texts: [String] {
        switch content {
        case .text(let pieces):
            [
                pieces.map { piece in
                    switch piece {
                    case .ours(let text), .value(let text, _): text
                    }
                }.joined()
            ]
        case .structures(let structures): Self.texts(structures)
        }
    }

    /// The word with every value from the archive replaced.
    func replacingValues(_ replacement: (String) -> String) -> ShellWord {
        switch content {
        case .text(let pieces):
            ShellWord(
                .text(
                    pieces.map { piece in
                        switch piece {
                        case .ours: piece
                        case .value(let text, let form): .value(replacement(text), form)
                        }
                    }))
        case .structures(let structures):
            ShellWord(
                .structures(
                    structures.map { $0.map { Field(name: $0.name, value: replacement($0.value), form: $0.form) } }))
        }
    }

    /// The AWS CLI's shorthand where every value is plain; else JSON, in which a comma is no more than a comma.
    private static func texts(_ structures: [[Field]]) -> [String] {
        func isPlain(_ field: Field) -> Bool {
            field.value.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-_./:+".utf8.contains(byte)
            }
        }
        if structures.allSatisfy({ $0.allSatisfy(isPlain) }) {
            return structures.map { $0.map { "\($0.name)=\($0.value)" }.joined(separator: ",") }
        }
        let objects = structures.map { fields in
            JSONValue.object(fields.map { JSONValue.Member($0.name, .string($0.value)) })
        }
        let value = objects.count == 1 ? objects[0] : .array(objects)
        return [value.prettyText().split(separator: "\n").map { $0.drop { $0 == " " } }.joined()]
    }
}
