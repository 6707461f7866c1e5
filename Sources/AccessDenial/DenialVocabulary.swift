import IAMPolicy

/// The tables by which refusals are read, as plain texts: for whoever says the same in another language, such as SQL.
package enum DenialVocabulary {
    /// What an error code in the form of ``ErrorCode/normalised(_:)`` means.
    package struct Code: Sendable, Hashable {
        /// The normalised code.
        package var code: String
        /// A ``Category``, or `ambiguous`.
        package var category: String
        /// The reason that the code states by itself.
        package var reason: String?
    }

    /// Every code of the table, in alphabetical order.
    package static var codes: [Code] {
        ErrorCode.table.map { code, meaning in
            switch meaning {
            case .denial(let category, let reason):
                Code(code: code, category: category.rawValue, reason: reason?.slug)
            case .noDenial(let category): Code(code: code, category: category.rawValue)
            case .ambiguous: Code(code: code, category: "ambiguous")
            case .unknown: Code(code: code, category: "unknown")
            }
        }.sorted { $0.code < $1.code }
    }

    /// Endings and beginnings of normalised codes that are no denials.
    package static var validationEndings: [String] { ErrorCode.validationEndings }
    /// See ``validationEndings``.
    package static var validationBeginnings: [String] { ErrorCode.validationBeginnings }

    /// Names of policy types in messages, in lower case, a longer one before one that it begins with, with what the database calls them.
    package static var policyTypes: [(words: String, type: String)] {
        DenialMessage.policyTypes.map { (String(decoding: $0.0.bytes, as: UTF8.self), $0.1.rawValue) }
    }

    /// A sentence that tells a reason.
    package struct Sentence: Sendable, Hashable {
        /// Its words, in lower case.
        package var words: String
        /// The reason.
        package var reason: String
        /// Whether the message begins with them.
        package var isAtStart: Bool
        /// Whether they show a refusal whatever the error code is.
        package var showsRefusal: Bool
    }

    /// Sentences, the first that fits counts.
    package static var sentences: [Sentence] { FixedSentence.sentences }
    /// Whole messages, in lower case, that say no more than that AWS refused.
    package static var bareSentences: [String] { FixedSentence.bareSentences }

    /// The settings of S3's Block Public Access in messages, in lower case, with their reasons.
    package static var publicAccessSettings: [(words: String, reason: String)] {
        DenialMessage.publicAccessSettings.map { (String(decoding: $0.setting.bytes, as: UTF8.self), $0.slug) }
    }

    /// IAM's prefix by the first label of an event source, in alphabetical order.
    package static var prefixes: [(label: String, prefix: String)] {
        ServiceCatalogue.prefixByLabel.map { ($0.key, $0.value) }.sorted { $0.label < $1.label }
    }

    /// Actions that do not bear their event's name, in alphabetical order.
    package static var actions: [(prefix: String, eventName: String, action: String)] { IAMAction.differing }

    /// Reasons of another category than `authorization`.
    package static var reasonsByCategory: [(category: String, reasons: [String])] {
        [Category.authentication, .account].map { category in
            (category.rawValue, Reason.allReasons.filter { $0.category == category }.map(\.slug).sorted())
        }
    }
}
