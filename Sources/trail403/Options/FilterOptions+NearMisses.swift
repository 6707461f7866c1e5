import Reporting
import TrailStore

extension FilterOptions {
    /// Where the options let nothing through: for each value that stands for nothing in the database the one that was probably
    /// meant, as a sentence.
    func nearMisses(_ database: TrailDatabase, _ coverage: Coverage) throws -> [String] {
        try choices.flatMap { name, values in
            try values.compactMap { value -> String? in
                guard !value.contains("*") else { return nil }
                let known: [String]
                switch name {
                case "account": known = coverage.accounts
                case "region": known = coverage.regions
                case "principal": known = try database.groupPrincipals().map { Self.part(of: $0, like: value) }
                case "action": known = try database.groupActions().map { Self.part(of: $0, like: value) }
                default: return nil
                }
                guard !known.contains(where: { $0.lowercased() == value.lowercased() }),
                    let near = NearMiss.of(value, among: Array(Set(known)))
                else { return nil }
                return "nothing matches --\(name) \(value): did you mean `\(near)`?"
            }
        }
    }

    /// The part of a name that a user types: all of it, or what stands behind the last `/` or `:`.
    private static func part(of name: String, like typed: String) -> String {
        typed.contains(":")
            ? name : name.split(whereSeparator: { $0 == "/" || $0 == ":" }).last.map(String.init) ?? name
    }
}
