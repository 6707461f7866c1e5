import AccessDenial
import Reporting
import TrailStore

extension FilterOptions {
    /// For each service asked for of which the archive holds no event that sentence, with the one that was probably meant.
    func unknownServices(_ coverage: Coverage) -> [String] {
        guard !service.isEmpty, coverage.events > 0 else { return [] }
        let held = Set(coverage.services.filter { $0.events > 0 }.map(\.eventSource))
        let names =
            coverage.services.compactMap { ServiceFamily(named: $0.eventSource)?.name }
            + ServiceFamily.pinpoint.servicePrefixes
        return services.compactMap { name in
            guard let family = ServiceFamily(named: name), held.isDisjoint(with: family.eventSources) else {
                return nil
            }
            let others = Set(names).subtracting([name]).sorted()
            let near = others.first { $0.hasPrefix(name + "-") } ?? NearMiss.of(name, among: others)
            let title = family.title == name ? "" : " (\(family.title))"
            return "the archive holds no event of \(name)\(title)"
                + (near.map { ": did you mean --service \($0)?" } ?? "")
        }
    }

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
