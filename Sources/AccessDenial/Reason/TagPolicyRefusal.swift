/// A tag policy of AWS Organizations refused a value, or the absence, of a tag: no policy that grants anything decides.
///
/// Source: "Tag policies" and "Understanding enforcement" in the AWS Organizations user guide.
package enum TagPolicyRefusal {
    /// The reason.
    package static let slug = "tag-policy"

    /// "The tag policy does not allow the specified value for the following tag key: 'CostCenter'."
    static let words: Needle = "the tag policy does not allow the specified value for the following tag key"

    /// The key of the tag that AWS's words name; `nil` where they name none.
    package static func key(in message: String) -> String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasSuffix(": "), !parts[1].isEmpty else { return nil }
        return String(parts[1])
    }
}
