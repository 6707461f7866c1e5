import IAMPolicy

extension ARN {
    /// The name of a secret, which its ARN follows with six characters of AWS's; `nil` for anything else.
    package var secretName: String? {
        guard service == "secretsmanager", resource.hasPrefix("secret:"),
            resource.utf8.dropLast(6).last == UInt8(ascii: "-")
        else { return nil }
        return String(resource.dropFirst(7).dropLast(7))
    }
}
