/// A condition operator taken apart: `ForAllValues:StringNotLikeIfExists`.
///
/// Source: "IAM JSON policy elements: Condition operators" in the IAM user guide. Spelling is compared without regard to case.
struct ConditionOperator: Sendable, Hashable {
    /// What is compared, and how.
    enum Family: Sendable, Hashable {
        case string(ignoringCase: Bool)
        case stringLike
        case numeric(Relation)
        case date(Relation)
        case bool
        case binary
        case address
        case arn
        case null
    }

    /// How two numbers or two moments stand to one another.
    enum Relation: Sendable, Hashable {
        case equal, less, lessOrEqual, greater, greaterOrEqual

        func holds<Value: Comparable>(_ value: Value, _ wanted: Value) -> Bool {
            switch self {
            case .equal: value == wanted
            case .less: value < wanted
            case .lessOrEqual: value <= wanted
            case .greater: value > wanted
            case .greaterOrEqual: value >= wanted
            }
        }
    }

    /// How the values of a request are taken together.
    enum SetQualifier: Sendable, Hashable {
        case none, forAllValues, forAnyValue
    }

    var family: Family
    var isNegated: Bool
    var isIfExists: Bool
    var qualifier: SetQualifier

    /// Reads an operator; `nil` for what AWS does not know, `NullIfExists` included.
    init?(_ text: String) {
        var name = text.lowercased()[...]
        qualifier = .none
        if name.hasPrefix("forallvalues:") {
            qualifier = .forAllValues
            name = name.dropFirst("forallvalues:".count)
        } else if name.hasPrefix("foranyvalue:") {
            qualifier = .forAnyValue
            name = name.dropFirst("foranyvalue:".count)
        }
        isIfExists = name.hasSuffix("ifexists")
        if isIfExists { name = name.dropLast("ifexists".count) }
        guard let known = Self.names[String(name)], known.family != .null || !isIfExists else { return nil }
        family = known.family
        isNegated = known.isNegated
    }

    private static let names: [String: (family: Family, isNegated: Bool)] = [
        "stringequals": (.string(ignoringCase: false), false), "stringnotequals": (.string(ignoringCase: false), true),
        "stringequalsignorecase": (.string(ignoringCase: true), false),
        "stringnotequalsignorecase": (.string(ignoringCase: true), true),
        "stringlike": (.stringLike, false), "stringnotlike": (.stringLike, true),
        "numericequals": (.numeric(.equal), false), "numericnotequals": (.numeric(.equal), true),
        "numericlessthan": (.numeric(.less), false), "numericlessthanequals": (.numeric(.lessOrEqual), false),
        "numericgreaterthan": (.numeric(.greater), false),
        "numericgreaterthanequals": (.numeric(.greaterOrEqual), false),
        "dateequals": (.date(.equal), false), "datenotequals": (.date(.equal), true),
        "datelessthan": (.date(.less), false), "datelessthanequals": (.date(.lessOrEqual), false),
        "dategreaterthan": (.date(.greater), false), "dategreaterthanequals": (.date(.greaterOrEqual), false),
        "bool": (.bool, false), "binaryequals": (.binary, false),
        "ipaddress": (.address, false), "notipaddress": (.address, true),
        "arnequals": (.arn, false), "arnlike": (.arn, false), "arnnotequals": (.arn, true), "arnnotlike": (.arn, true),
        "null": (.null, false),
    ]
}
