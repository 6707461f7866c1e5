/// Whether a bucket policy is public, as S3's Block Public Access means it.
///
/// Source: "The meaning of public" in the S3 user guide: an Allow for everybody that no fixed value of some keys narrows.
package enum PublicBucket {
    /// Whether the policy is public by itself.
    package static func isPublic(_ document: PolicyDocument) -> Bool {
        isPublic([Policy(name: "", PolicyReading(document.statements), as: .resourceBased)])
    }

    static func isPublic(_ policies: [Policy]) -> Bool {
        policies.contains { $0.statements.contains(where: isPublic) }
    }

    private static func isPublic(_ statement: CompiledStatement) -> Bool {
        guard statement.isValid, statement.effect == .allow, let principals = statement.principals else { return false }
        guard principals.isNegated || principals.forms.contains(.everyone) else { return false }
        return !statement.conditions.contains(where: narrows)
    }

    private static func narrows(_ condition: CompiledCondition) -> Bool {
        guard let conditionOperator = condition.conditionOperator, !conditionOperator.isNegated,
            !conditionOperator.isIfExists, !condition.written.values.isEmpty
        else { return false }
        switch (conditionOperator.family, condition.key.lookup) {
        case (.address, "aws:sourceip"):
            return condition.written.values.allSatisfy { text in
                AddressRange(text).map { $0.prefixLength >= ($0.base.isVersion6 ? 32 : 8) } ?? false
            }
        case (.string, let key), (.stringLike, let key), (.arn, let key):
            return keys.contains(key) && condition.written.values.allSatisfy(isFixed)
        case (.bool, "aws:principalisawsservice"):
            return condition.written.values.allSatisfy { $0.lowercased() == "true" }
        case (.numeric, _), (.date, _), (.bool, _), (.binary, _), (.address, _), (.null, _): return false
        }
    }

    private static func isFixed(_ value: String) -> Bool {
        !value.contains("*") && !value.contains("?") && !value.contains("${")
    }

    private static let keys: Set<String> = [
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid",
        "aws:principalservicename", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpceaccount",
        "aws:vpceorgid", "aws:vpceorgpaths", "aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid",
        "aws:sourceorgpaths", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ]
}
