import Foundation
import Mustache

/// Text fit for HTML, in element content and in quoted attributes.
///
/// This is the content type of the report's template, so that every `{{value}}` goes through it. swift-mustache's own HTML type
/// compares characters, and a quote with a combining mark behind it is a character that it does not know.
struct HTMLText: MustacheContentType {
    /// The name under which the template asks for it.
    static let name = "TRAIL403-HTML"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    /// The text made visible (``VisibleText``), with the five characters that are markup as entities.
    static func escaped(_ text: String) -> String { entities(VisibleText.visible(text)) }

    /// The lines of a policy's JSON text, whole.
    static func policy(_ json: String) -> String {
        VisibleText.policyLines(json).map { entities($0) + "&#10;" }.joined()
    }

    private static func entities(_ shown: String) -> String {
        var result = ""
        for scalar in shown.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
