import AccessDenial
import Causes
import CloudTrail
import Diagnosis
import Findings
import Reporting
import TrailStore

/// `trail403 help reason SLUG` and its like: what the catalogue tells, at hand where the program is.
///
/// The parser's own `help` knows commands alone, so these are taken from the command line before it.
enum HelpTopic: String, CaseIterable {
    case reason, finding, schema, recipes

    /// The topic that a command line asks for, and the name behind it; `nil` where it asks for something else.
    static func asked(_ arguments: [String]) -> (topic: HelpTopic, name: String?)? {
        let words = arguments.filter { !$0.hasPrefix("-") }
        guard words.first == "help", words.count > 1, let topic = HelpTopic(word: words[1]) else { return nil }
        return (topic, words.count > 2 ? words[2] : nil)
    }

    /// A topic by its word, in the singular or the plural.
    private init?(word: String) {
        let word = word.lowercased()
        guard let topic = Self.allCases.first(where: { [$0.rawValue, $0.rawValue + "s", $0.singular].contains(word) })
        else { return nil }
        self = topic
    }

    private var singular: String { self == .recipes ? "recipe" : rawValue }

    /// Prints the topic, or what of it bears a name.
    func show(_ name: String?) throws {
        let terminal = Terminal.current()
        let output = PagedOutput(usesPager: true)
        try output.write(page(name).text(width: terminal.width, color: ColorMode.auto.applies(to: terminal)))
        try output.end()
    }

    /// The page of the topic, or of what bears a name.
    private func page(_ name: String?) throws -> ManualPage {
        switch self {
        case .reason: try name.map(Self.reason) ?? Self.allReasons
        case .finding: try name.map(Self.finding) ?? Self.allFindings
        case .schema: try Self.schema(name)
        case .recipes: try name.map(Self.recipe) ?? Self.allRecipes
        }
    }

    // MARK: Reasons

    private static var allReasons: ManualPage {
        ManualPage(
            title: "Reasons", abstract: "Why AWS says that it refused. `trail403 help reason SLUG` tells more of one.",
            rows: Reason.allReasons.map { ($0.slug, $0.meaning) })
    }

    private static func reason(_ name: String) throws -> ManualPage {
        guard let reason = Reason(slug: name.lowercased()) else {
            throw unknown("reason", name, among: Reason.allReasons.map(\.slug))
        }
        return ManualPage(
            title: reason.slug, abstract: reason.meaning,
            rows: [
                ("Category", reason.category.rawValue),
                ("Effect", reason.effect.rawValue),
                ("Policy", reason.policyType?.words ?? "none that AWS names"),
                ("What to do", "`trail403 help finding \(reason.finding.rawValue)`"),
                ("Its denials", "`trail403 report --service all --reason \(reason.slug)`"),
            ])
    }

    // MARK: Findings

    private static var allFindings: ManualPage {
        ManualPage(
            title: "Findings",
            abstract: "What trail403 finds out about a denial group. `trail403 help finding CODE` tells more of one.",
            rows: Finding.Code.allCases.map { ($0.rawValue, page($0)?.abstract ?? "") })
    }

    private static func finding(_ name: String) throws -> ManualPage {
        let codes = Finding.Code.allCases
        guard let code = Finding.Code(rawValue: name.lowercased()), let page = page(code) else {
            throw unknown("finding", name, among: codes.map(\.rawValue))
        }
        return page
    }

    private static func page(_ code: Finding.Code) -> ManualPage? { ManualPage(named: "Findings/\(code.rawValue)") }

    // MARK: Schema and recipes

    private static func schema(_ name: String?) throws -> ManualPage {
        guard let page = ManualPage(named: "Database") else {
            throw Failure(description: "this build has no page on the database: see the catalogue")
        }
        guard let name else { return page }
        guard let row = page.only(row: name) else { throw unknown("view or table", name, among: page.rowNames) }
        return row
    }

    private static var allRecipes: ManualPage {
        ManualPage(
            title: "SQL recipes", abstract: "`trail403 sql --recipe NAME` runs one, `--set NAME=VALUE` gives a value.",
            code: Recipe.all.map { ("\($0.title) (`\($0.name)`)", $0.sql) })
    }

    private static func recipe(_ name: String) throws -> ManualPage {
        guard let recipe = Recipe.named(name) else { throw unknown("recipe", name, among: Recipe.all.map(\.name)) }
        return ManualPage(
            title: recipe.name, abstract: "\(recipe.title): `trail403 sql --recipe \(recipe.name)`",
            code: [(recipe.parameters.map { "`--set \($0)=VALUE`" }.joined(separator: ", "), recipe.sql)])
    }

    private static func unknown(_ what: String, _ name: String, among names: [String]) -> Failure {
        let near = NearMiss.of(name, among: names).map { "did you mean `\($0)`?" }
        return Failure(
            description: "there is no \(what) `\(displayName(name))`: "
                + (near ?? "it is one of \(names.joined(separator: ", "))"),
            status: ExitStatus.usage)
    }
}
