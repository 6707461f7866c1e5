import AccessDenial
import ArgumentParser
import Foundation
import TrailStore

/// Which denials to report.
struct FilterOptions: ParsableArguments {
    @Option(
        name: [.long, .customLong("since")],
        help: ArgumentHelp(
            "Only denials from this time on: as reports print it (\"2026-11-12 14:02:48 UTC\"), ISO 8601 with or without an offset, a date, yesterday, \"2 hours ago\", or 7d, 12h, 30m before now. Without an offset it is UTC.",
            valueName: "time"),
        transform: TimeArgument.lower)
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp("Only denials up to this time, inclusive; a date means its whole day.", valueName: "time"),
        transform: TimeArgument.upper)
    var to: TimeArgument?

    @Option(
        help: ArgumentHelp(
            "The services to report: pinpoint (Amazon Pinpoint and AWS End User Messaging), all, or names such as s3 or kms.amazonaws.com; may be repeated or given with commas.",
            valueName: "name"),
        completion: .custom { _, _, _ in ServiceFamily.names })
    var service: [String] = []

    @Option(help: ArgumentHelp("Only denials recorded in this account; may be repeated.", valueName: "id"))
    var account: [String] = []

    @Option(help: ArgumentHelp("Only denials in this Region; may be repeated.", valueName: "region"))
    var region: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only denials of this principal: an ARN or its last part, * for any characters; may be repeated.",
            valueName: "arn"))
    var principal: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only denials of this IAM action, such as mobiletargeting:Send*; may be repeated.", valueName: "action"))
    var action: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only denials for this reason, such as explicit-deny:*; may be repeated.", valueName: "reason"),
        completion: .custom { _, _, _ in Reason.allReasons.map(\.slug) })
    var reason: [String] = []

    @Flag(help: "Also report denials of AWS services where AWS names no policy; otherwise those are only counted.")
    var includeAwsServices = false

    mutating func validate() throws {
        for name in serviceNames
        where name.lowercased() != ServiceFamily.everyServiceName && ServiceFamily(named: name) == nil {
            let suggestions = ServiceFamily.suggestions(for: name).map { "`\($0)`" }
            throw ValidationError(
                "no AWS service is called `\(name)`"
                    + (suggestions.isEmpty ? "" : ": did you mean \(suggestions.joined(separator: " or "))?"))
        }
        for id in account where id.count != 12 || !id.allSatisfy(\.isNumber) {
            throw ValidationError("`\(id)` is not an account id: account ids have 12 digits")
        }
        for code in region where !AWSRegion.isCode(code.lowercased()) {
            let near = NearMiss.of(code, among: AWSRegion.known).map { ": did you mean `\($0)`?" }
            throw ValidationError("no AWS Region is called `\(code)`" + (near ?? ": write one such as us-east-1"))
        }
        for name in reason where !name.contains("*") && Reason(slug: name.lowercased()) == nil {
            let slugs = Reason.allReasons.map(\.slug)
            // The filter also takes the last part of a slug, such as `identity-based`.
            guard !slugs.contains(where: { NamePattern(name).matches($0) }) else { continue }
            let near = NearMiss.of(name, among: slugs).map { ": did you mean `\($0)`?" }
            throw ValidationError(
                "no reason is called `\(name)`" + (near ?? ": `trail403 help reason` lists them"))
        }
        if let from, let to, from.seconds > to.seconds {
            throw ValidationError("--from is later than --to")
        }
    }

    private var serviceNames: [String] {
        let names = service.flatMap { $0.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) } }
            .filter { !$0.isEmpty }
        return names.isEmpty ? [ServiceFamily.pinpoint.name] : names
    }

    /// The services' names as the report gives them.
    var services: [String] {
        var names: [String] = []
        for name in serviceNames {
            let known =
                name.lowercased() == ServiceFamily.everyServiceName
                ? ServiceFamily.everyServiceName : ServiceFamily(named: name)?.name ?? name
            if !names.contains(known) { names.append(known) }
        }
        return names
    }

    /// The filter as text, without its times: two runs of one name with the same text tell of the same denials.
    var text: String {
        var parts = ["service=\(services.sorted())", "awsServices=\(includeAwsServices)"]
        for (name, values) in choices { parts.append("\(name)=\(values.sorted())") }
        return parts.joined(separator: " ")
    }

    /// The options that choose among the services' denials, by name, with what the user typed.
    var choices: [(name: String, values: [String])] {
        [
            ("account", account), ("region", region), ("principal", principal), ("action", action), ("reason", reason),
        ].filter { !$0.1.isEmpty }
    }

    /// The filter that the options describe.
    var filter: ReportFilter {
        var filter = ReportFilter()
        filter.from = from?.seconds
        filter.to = to?.seconds
        filter.accounts = Set(account)
        filter.regions = Set(region.map { $0.lowercased() })
        filter.principals = principal.map { NamePattern($0) }
        filter.actions = action.map { NamePattern($0) }
        filter.reasons = reason.map { NamePattern($0) }
        filter.includesAWSServices = includeAwsServices
        if !services.contains(ServiceFamily.everyServiceName) {
            let families = services.compactMap { ServiceFamily(named: $0) }
            filter.includesService = { source, action in
                families.contains { $0.contains(eventSource: source, action: action) }
            }
        }
        return filter
    }
}
