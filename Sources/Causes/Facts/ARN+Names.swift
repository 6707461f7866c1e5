package import IAMPolicy

extension ARN {
    /// The name of a secret, which its ARN follows with six characters of AWS's; `nil` for anything else.
    package var secretName: String? {
        guard service == "secretsmanager", resource.hasPrefix("secret:"),
            resource.utf8.dropLast(6).last == UInt8(ascii: "-")
        else { return nil }
        return String(resource.dropFirst(7).dropLast(7))
    }
}

extension ARN {
    /// What has the policy that bears on a resource: of an object its bucket.
    package static func policyHolder(of resource: String) -> String {
        guard let arn = ARN(resource), arn.service == "s3", arn.account.isEmpty else { return resource }
        return arn.with(resource: String(arn.resource.prefix { $0 != "/" })).description
    }
}
