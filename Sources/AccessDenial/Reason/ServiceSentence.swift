import CloudTrail

/// Refusals that say something particular of one service alone, in words that mean no more than a refusal elsewhere.
enum ServiceSentence {
    /// AWS Organizations answers most of its calls in the management account or to a delegated administrator only.
    static let managementAccountOnly = "management-account-only"
    /// IAM Identity Center hands out the credentials of a permission set to those alone to whom it is assigned.
    static let notAssigned = "not-assigned"

    /// Sources: "Troubleshooting AWS Organizations" in its user guide; the API reference of the IAM Identity Center portal.
    private static let rows: [(eventSource: String, words: String, slug: String)] = [
        ("organizations.amazonaws.com", "you don't have permissions to access this resource", managementAccountOnly),
        ("sso.amazonaws.com", "no access", notAssigned),
    ]

    /// What the refused event's words mean of its service; `nil` where they mean nothing particular.
    static func reason(of event: Event) -> Reason? {
        guard let source = event.eventSource, let row = rows.first(where: { $0.eventSource == source }),
            event.errorMessage?.lowercased().hasPrefix(row.words) == true
        else { return nil }
        return .named(row.slug)
    }
}
