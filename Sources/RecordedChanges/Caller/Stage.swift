/// The stage of an environment that a name tells: `prod` of `orders-prod`, `dev` of `shop_development`.
package enum Stage {
    /// The stages that a name tells, each by one word for all of its spellings.
    package static func named(in text: String) -> Set<String> { Set(words(of: text).compactMap { stages[$0] }) }

    /// A name without the words that tell a stage.
    package static func stripped(_ text: String, alsoWithout word: String) -> String {
        words(of: text).filter { stages[$0] == nil && $0 != word }.joined(separator: "-")
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().utf8.split(whereSeparator: isSeparator).map { String(Substring($0)) }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"): true
        default: false
        }
    }

    private static let stages: [String: String] = {
        var table: [String: String] = [:]
        for spellings in spellings {
            for spelling in spellings { table[spelling] = spellings[0] }
        }
        return table
    }()

    private static let spellings = [
        ["dev", "devel", "develop", "development"], ["test", "testing", "tst"], ["int", "integration"], ["qa"],
        ["uat", "acc", "acceptance"], ["staging", "stg", "stage"], ["preprod", "pre"], ["nonprod"],
        ["sandbox", "sbx"], ["demo"], ["beta"], ["gamma"], ["prod", "production", "prd", "live"],
    ]
}
