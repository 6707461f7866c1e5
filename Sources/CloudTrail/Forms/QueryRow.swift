/// One row of a query's result as an API writes it.
enum QueryRow {
    /// How a row is written.
    enum Form {
        /// CloudWatch Logs Insights: `[{"field": …, "value": …}, …]`.
        case pairs
        /// CloudTrail Lake: `[{"eventName": …}, …]`.
        case maps
        /// Athena: `{"Data": [{"VarCharValue": …}, …]}`, of which the first has the names.
        case data
    }

    /// The names and texts of a row of pairs or maps; `nil` where it is none.
    static func cells(_ row: JSONFragment, _ form: Form) -> [(name: String, text: String)]? {
        var cells: [(name: String, text: String)] = []
        for element in row.elements().prefix(EventRow.maximumColumns) {
            switch form {
            case .pairs:
                guard let name = element.string(at: "field") else { return nil }
                cells.append((name, element.string(at: "value") ?? ""))
            case .maps:
                guard element.isObject else { return nil }
                for (name, value) in element.members() { cells.append((name, value.stringValue ?? "")) }
            case .data: return nil
            }
        }
        return cells.isEmpty ? nil : cells
    }

    /// The texts of Athena's row, absent ones empty; `nil` where it is none.
    static func data(_ row: JSONFragment) -> [String]? {
        guard let data = row.fragment(at: "Data") else { return nil }
        return data.elements().prefix(EventRow.maximumColumns + 1).map { $0.string(at: "VarCharValue") ?? "" }
    }
}
