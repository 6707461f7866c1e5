import IAMPolicy

/// The ARN of the role behind a session's ARN.
package enum RoleARN {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` as `arn:aws:iam::ACCOUNT:role/ROLE`; any other text as it is.
    /// A session's ARN has lost the role's path, so the result has none.
    package static func folding(_ arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sts" else { return arn }
        let path = parts[5].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard path.count >= 2, path[0] == "assumed-role" else { return arn }
        return "arn:\(parts[1]):iam::\(parts[4]):role/\(path[1])"
    }
}
