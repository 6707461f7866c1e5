import IAMPolicy

/// The words of the grammar, in lower case.
enum MessageWords {
    static let service: Needle = " (service: "
    static let statusCode: Needle = "; status code: "
    static let goTo: Needle = " go to https://"
    static let https: Needle = "https://"
    static let forDetails: Needle = " for complete details, or call the "
    static let apiWithID: Needle = " api with the following authorization id: "
    static let encoded: Needle = "encoded authorization failure message:"
    static let notAuthorizedTo: Needle = "not authorized to "
    static let perform: Needle = "perform"
    static let access: Needle = "access "
    static let thisResource: Needle = "this resource"
    static let theResource: Needle = "the resource"
    static let resource: Needle = "resource "
    static let `is`: Needle = " is "
    static let arn: Needle = "arn:"
    static let user: Needle = "user: "
    static let userQuoted: Needle = "user `"
    static let because: Needle = " because "
    static let explicitDeny: Needle = " with an explicit deny"
    static let no: Needle = "no "
    static let allowsThe: Needle = " allows the "
    static let roleTrustTypo: Needle = "the role trust policy allows the "
    static let noSuchResource: Needle = "the resource does not exist in this region"
    static let blockedUploads: Needle = "this bucket has blocked upload requests that specify"
    static let `public`: Needle = "public "
    static let blockPublicAccess: Needle = "block public access"
    static let `in`: Needle = " in "
    static let transitively: Needle = " transitively through "
    static let articles: [Needle] = ["an ", "a ", "the "]
    static let policySeparators: [Needle] = [", with policy arn:", ":"]
    static let bareOperations: [Needle] = [
        " this operation", " this action", " the operation", " the requested operation",
    ]
    static let namelessResources: [Needle] = [
        " on this resource", " on the specified resource", " on the resource", " on the requested resource",
    ]
    static let namedResources: [Needle] = [" on resource:", " on resource ", " on the resource:", " on resources:"]

    /// The names of policy types, a longer one before one that it begins with.
    static let policyTypes: [(Needle, PolicyType)] = [
        ("identity-based policy", .identityBased),
        ("identity-based policies", .identityBased),
        ("identity based policy", .identityBased),
        ("identity policy", .identityBased),
        ("resource-based policy", .resourceBased),
        ("resource-based policies", .resourceBased),
        ("resource based policy", .resourceBased),
        ("resource policy", .resourceBased),
        ("service control policy", .serviceControl),
        ("service control policies", .serviceControl),
        ("resource control policy", .resourceControl),
        ("resource control policies", .resourceControl),
        ("permissions boundary policy", .permissionsBoundary),
        ("permissions boundary", .permissionsBoundary),
        ("permission boundary", .permissionsBoundary),
        ("session policy", .session),
        ("sessions policy", .session),
        ("session policies", .session),
        ("vpc endpoint policy", .vpcEndpoint),
        ("vpc endpoint policies", .vpcEndpoint),
        ("vpce policy", .vpcEndpoint),
        ("role trust policy", .roleTrust),
        ("trust policy", .roleTrust),
    ]

    static let publicAccessSettings: [(setting: Needle, slug: String)] = [
        ("blockpublicacls", "block-public-access:block-public-acls"),
        ("ignorepublicacls", "block-public-access:ignore-public-acls"),
        ("blockpublicpolicy", "block-public-access:block-public-policy"),
        ("restrictpublicbuckets", "block-public-access:restrict-public-buckets"),
    ]

    /// What can close a resource that `opener` opens; empty where `opener` is no quote. SES opens with a back-tick and
    /// closes with an apostrophe.
    static func closers(of opener: UInt8) -> [UInt8] {
        switch opener {
        case 0x22: [0x22]
        case 0x60: [0x27, 0x60]
        case 0x27: [0x27]
        default: []
        }
    }
}
