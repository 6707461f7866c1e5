import AccessDenial
package import Causes
package import IAMPolicy
package import RecordedChanges
import TrailStore
package import Wording

/// What the form of a resource tells: why an ARN that looks right does not cover it, and what would.
///
/// Sources: the services' entries in the service authorization reference; "Using identity-based policies with Amazon SNS" for
/// phone numbers; "Permissions policy examples" in the AWS Secrets Manager user guide; "Using resource-based policies for Lambda",
/// on versions and aliases; "Specifying AWS Glue resource ARNs"; "Sending authorization" in the Amazon SES developer guide.
package enum ResourceForms {
    /// Whether a policy's patterns can be compared with a resource as AWS named it: an ARN, `*`, or a phone number.
    package static func isComparable(_ resource: String) -> Bool {
        ARN(resource) != nil || resource == "*" || CallTarget.isPhoneNumber(resource)
    }

    /// Whether a success on the same target may have been on something else: a function is told without its alias or version, a table
    /// without its index or stream.
    static func hidesPart(_ resources: [String]) -> Bool {
        resources.contains { resource in
            guard let arn = ARN(resource) else { return false }
            return switch arn.service {
            // A secret is told without the characters that it gets when it is made.
            case "secretsmanager": true
            case "lambda": arn.resource.split(separator: ":").count > 2
            case "dynamodb": arn.resource.split(separator: "/").count > 2
            default: false
            }
        }
    }

    /// Whether a statement on `*` can be narrowed: not where AWS checks the action against nothing but `*`.
    package static func isNarrowable(_ facts: GroupFacts) -> Bool {
        !facts.group.resources.contains { isOfNothing($0.value) || CallTarget.isPhoneNumber($0.value) }
    }
}

// MARK: - The same thing elsewhere

extension ResourceForms {
    /// A refused resource that a policy allows in another Region or account: the call went to the wrong place.
    package struct Elsewhere {
        package var granted: ARN
        package var refused: ARN
        var differsInRegion: Bool

        package var title: Prose {
            differsInRegion
                ? "The call went to another Region than the one that the policy allows"
                : "The call went to another account than the one that the policy allows"
        }

        package var story: Prose {
            differsInRegion
                ? "The two differ in the Region alone. Most likely the client is set to \(refused.region), or to no Region, while what it needs is in \(granted.region)."
                : "The two differ in the account alone. Most likely the client has an ARN, a URL or credentials of account \(refused.account), while what it needs is in \(granted.account)."
        }
    }

    package static func elsewhere(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> Elsewhere? {
        let granted = allow.granted.compactMap { ARN($0) }
        let refused = allow.uncovered.compactMap { ARN($0) }
        guard refused.count == allow.uncovered.count, let first = refused.first,
            let twin = granted.first(where: { isTwin($0, first) }),
            refused.allSatisfy({ arn in granted.contains { isTwin($0, arn) } }),
            // A replica of a key of several Regions is there, under an ARN of its own.
            !Self.isReplica(first),
            // Where the calls went to the Region that is allowed the service itself reaches into the other one.
            twin.region == first.region || reach(allow, facts) == nil
        else { return nil }
        return Elsewhere(granted: twin, refused: first, differsInRegion: twin.region != first.region)
    }

    /// Whether an ARN is that of a KMS key that may be in several Regions. Source: "Multi-Region keys in AWS KMS" in the developer guide.
    private static func isReplica(_ arn: ARN) -> Bool { arn.service == "kms" && arn.resource.hasPrefix("key/mrk-") }

    /// The Region into which a service reaches on its own, from calls that were made in one that is allowed; `nil` where none does.
    private static func reach(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> String? {
        let made = facts.group.regions.map(\.value)
        guard let refused = allow.uncovered.first.flatMap({ ARN($0)?.region }), !refused.isEmpty, !made.isEmpty,
            !made.contains(refused), made.allSatisfy({ region in allow.granted.contains { ARN($0)?.region == region } })
        else { return nil }
        return refused
    }

    /// Whether two ARNs name the same thing in another Region, or in another account.
    private static func isTwin(_ granted: ARN, _ refused: ARN) -> Bool {
        guard granted.service == refused.service, !granted.resource.allSatisfy({ "*?:/".contains($0) }) else {
            return false
        }
        let hasOtherRegion = isElsewhere(granted.region, refused.region)
        guard hasOtherRegion != isElsewhere(granted.account, refused.account) else { return false }
        var there = granted
        if hasOtherRegion { there.region = refused.region } else { there.account = refused.account }
        return ResourcePattern(there.description).matches(refused.description)
    }

    private static func isElsewhere(_ granted: String, _ refused: String) -> Bool {
        !granted.isEmpty && !refused.isEmpty && !granted.contains(where: { "*?".contains($0) }) && granted != refused
    }

    /// What to do where the call went to the wrong place, or should have named something; `nil` elsewhere.
    package static func remedy(_ facts: GroupFacts) -> Remedy? {
        guard let allow = PolicyDocuments.narrowAllow(facts) else { return nil }
        guard let elsewhere = elsewhere(allow, facts) else {
            return namingOther(allow) ?? namingSecret(allow) ?? leavingSandbox(allow, facts)
        }
        let (granted, refused) = (elsewhere.granted, elsewhere.refused)
        return elsewhere.differsInRegion
            ? Remedy(
                .setting,
                "Set the client's Region to \(granted.region): without one, SDKs take that of the environment or a default. Do not allow \(refused.region) unless the application is meant to work there."
            )
            : Remedy(
                .setting,
                "Look at the ARN or URL that the application is configured with, and at whose credentials it uses: it called account \(refused.account), and the policy is for account \(granted.account). Do not allow the other account unless that is meant."
            )
    }
}

// MARK: - Forms that deceive

extension ResourceForms {
    /// The event that made calls use what is not covered: a default that was set. `nil` where the trail shows none.
    package static func began(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> TrailChange? {
        let sets = allow.uncovered.compactMap { ARN($0) }.filter {
            $0.service == "ses" && $0.resource.hasPrefix("configuration-set/")
        }.map(\.name)
        return facts.changes.last {
            $0.setsDefaultConfigurationSet && $0.time <= facts.group.firstSeen && sets.contains($0.resource ?? "")
        }
    }

    /// Why what is granted does not cover what was refused, where the form of the ARNs tells; else empty.
    package static func story(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> Prose {
        guard let refused = allow.uncovered.first else { return "" }
        if let region = reach(allow, facts) {
            return
                "The calls were made in \(list: facts.group.regions.map(\.value), limit: 3): the service itself reaches into \(region), as inference profiles and replicas of several Regions do, and asks for a permission there, too."
        }
        if CallTarget.isPhoneNumber(refused) {
            return
                "A message to a phone number has the number as its resource: no ARN matches it, and a policy cannot name it. Only the resource * covers it."
        }
        if isOfNothing(refused) {
            return
                "AWS checks \(facts.group.action) against no resource in particular, which only the resource * covers: give the action a statement of its own on *."
        }
        if let parent = allow.granted.first(where: { grant in allow.uncovered.contains { $0.hasPrefix(grant + "/") } })
        {
            let what: Prose =
                switch ARN(parent)?.service {
                case "mobiletargeting": "the project alone: what lies under it"
                case "dynamodb": "the table alone: an index or a stream of it"
                default: "nothing that lies under it: that"
                }
            return "\(parent) covers \(what) needs \(parent + "/*") or its own ARN."
        }
        guard let arn = ARN(refused) else { return "" }
        if let slip = slip(allow), slip.gap.isSlip { return "\(slip.pattern) \(slip.gap.words)." }
        if let pattern = allow.granted.first(where: { asksForMore($0, than: refused) }) {
            return
                "The \("/*/") in \(pattern) stands for a part of the path that the refused ARN does not have. \(pathStory(arn))"
        }
        if let row = defaultResource(allow) { return row.story }
        let form: Prose =
            switch arn.service {
            case "s3": accessPoint(arn)
            case "lambda": function(refused, allow.granted)
            case "ecs", "batch": revision(arn, allow.granted)
            case "secretsmanager": unresolved(allow)?.story ?? secret(refused, arn, allow.granted)
            case "ses": recipient(allow, facts)?.story ?? identity(arn, allow.granted)
            case "glue": catalog(arn, allow.granted)
            case "kms" where isReplica(arn):
                "A key of several Regions has in each of them an ARN, and a policy, of its own."
            default: ""
            }
        if form.isEmpty, let near = slip(allow) { return "\(near.pattern) \(near.gap.words)." }
        return form
    }

    /// Whether AWS named no resource in particular: `*`, or an ARN without a name, as for calls that list everything.
    package static func isOfNothing(_ resource: String) -> Bool {
        resource == "*"
            || resource.hasPrefix("arn:") && resource.hasSuffix(":") && ARN(resource)?.resource.isEmpty == true
    }

    /// The pattern that all but covers what was refused, each time the same one.
    package static func slip(_ allow: PolicyDocuments.NarrowAllow) -> (pattern: String, gap: PatternGap)? {
        for pattern in allow.granted.prefix(PatternGap.patternLimit) {
            let gaps = allow.uncovered.map { PatternGap(pattern, $0) }
            if let gap = gaps.first ?? nil, gaps.allSatisfy({ $0?.kind == gap.kind }) { return (pattern, gap) }
        }
        return nil
    }

    /// Whether a pattern would cover what was refused without one of the parts of the path that stand for anything.
    private static func asksForMore(_ pattern: String, than refused: String) -> Bool {
        guard pattern.contains("/*/") else { return false }
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        return parts.indices.contains { index in
            guard parts[index] == "*", index > 0, index < parts.count - 1 else { return false }
            var rest = parts
            rest.remove(at: index)
            return ResourcePattern(rest.joined(separator: "/")).matches(refused)
        }
    }

    /// Why a path is as it is, where AWS makes it. Source: "Referencing permission sets in resource policies" in the IAM Identity Center
    /// user guide.
    private static func pathStory(_ arn: ARN) -> Prose {
        arn.service == "iam" && arn.resource.hasPrefix("role/aws-reserved/sso.amazonaws.com/")
            ? "The roles of permission sets have a Region in their path only where IAM Identity Center is in another Region than us-east-1."
            : ""
    }

    /// An object behind an access point. Source: "Configuring IAM policies for using access points" in the Amazon S3 user guide.
    private static func accessPoint(_ refused: ARN) -> Prose {
        let parts = refused.resource.split(separator: "/")
        guard parts.count > 1, parts[0] == "accesspoint" else { return "" }
        var point = refused
        point.resource = "accesspoint/\(parts[1])"
        return
            "The calls go through access point \(String(parts[1])), where the objects have ARNs of their own: \(point.description + "/object/KEY"). What a policy allows on the bucket's ARN does not cover them."
    }

    /// A definition whose every registration is another resource. Source: "Amazon ECS task definition parameters"; "Job definitions" in
    /// the AWS Batch user guide.
    private static func revision(_ refused: ARN, _ granted: [String]) -> Prose {
        func family(_ arn: ARN) -> Substring? {
            guard let colon = arn.resource.lastIndex(of: ":"), arn.resource.contains("-definition/") else { return nil }
            let number = arn.resource[arn.resource.index(after: colon)...]
            return !number.isEmpty && number.allSatisfy(\.isNumber) ? arn.resource[..<colon] : nil
        }
        guard let name = family(refused), granted.contains(where: { ARN($0).flatMap(family) == name }) else {
            return ""
        }
        var all = refused
        all.resource = name + ":*"
        return
            "The two are revisions of one definition, and each registration makes another: \(all.description) covers all of them."
    }

    private static func function(_ refused: String, _ granted: [String]) -> Prose {
        guard let bare = granted.first(where: { refused.hasPrefix($0 + ":") }) else { return "" }
        return
            "An alias or a version of a function is a resource of its own, also where it is called with a qualifier: \(bare) and \(bare + ":*") together cover the function and all of them."
    }

    private static func secret(_ refused: String, _ arn: ARN, _ granted: [String]) -> Prose {
        if let name = arn.secretName, let other = granted.first(where: { ARN($0)?.secretName == name && $0 != refused })
        {
            return
                "The two are secrets of the same name, and the six characters at the end differ: the secret was deleted and made anew, or is another one. \(String(other.dropLast(6)) + "??????") covers it whenever it is made."
        }
        guard let name = arn.secretName,
            let bare = granted.first(where: { $0.hasSuffix(":secret:\(name)") && refused.hasPrefix($0) })
        else { return "" }
        return
            "The ARN of a secret ends in a hyphen and six characters that Secrets Manager adds, so the name alone matches nothing: \(bare + "-??????") does."
    }

    private static func identity(_ refused: ARN, _ granted: [String]) -> Prose {
        let hasIdentity = granted.contains { ARN($0)?.resource.hasPrefix("identity/") == true }
        if refused.resource.hasPrefix("configuration-set/"), hasIdentity {
            return
                "SES checks the configuration set that a message uses as well as the identity, be it named in the request or the identity's default configuration set."
        }
        let name = refused.resource.dropFirst("identity/".count)
        if let domain = name.split(separator: "@").last, name.contains("@"),
            granted.contains(where: { $0.hasSuffix(":identity/\(domain)") })
        {
            return
                "An address that was verified by itself is an identity of its own beside its domain, and SES checks the identity that fits best."
        }
        return ""
    }

    private static func catalog(_ refused: ARN, _ granted: [String]) -> Prose {
        let kinds = granted.compactMap { ARN($0)?.resource.prefix { $0 != "/" } }
        let isAncestor =
            refused.resource == "catalog"
            || (refused.resource.hasPrefix("database/") && kinds.contains("table"))
        guard isAncestor, kinds.contains("table") || kinds.contains("database") else { return "" }
        return
            "AWS Glue checks what a table belongs to as well: the policy must name the catalog, the database and the table."
    }
}
