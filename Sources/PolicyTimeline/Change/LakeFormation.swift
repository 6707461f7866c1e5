import IAMPolicy
import OrderedJSON

/// Grants of AWS Lake Formation, which stand beside IAM's policies.
///
/// Sources: GrantPermissions, RevokePermissions and their batches in the AWS Lake Formation API reference; DeleteTable and DeleteDatabase
/// in the AWS Glue API reference: grants on what is deleted by its name go with it.
enum LakeFormation: ChangeReader {
    static let services = ["lakeformation", "glue"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "GrantPermissions": { reading in grant(reading.request, &reading) },
        "RevokePermissions": { reading in revoke(reading.request, &reading) },
        "BatchGrantPermissions": { reading in
            for entry in entries(reading) { grant(entry, &reading) }
        },
        "BatchRevokePermissions": { reading in
            for entry in entries(reading) { revoke(entry, &reading) }
        },
        "DeleteTable": { reading in
            end(
                "table/"
                    + [reading.text("databaseName"), reading.text("name")].compactMap(\.self).joined(separator: "/"),
                &reading)
        },
        "DeleteDatabase": { reading in end("database/" + (reading.text("name") ?? ""), &reading) },
        // Who creates something has everything on it, and nobody else has anything.
        "CreateTable": { _ in }, "CreateDatabase": { _ in },
    ]

    static func isEvent(_ event: String, of service: String) -> Bool {
        (event.hasPrefix("Delete") || event.hasPrefix("Create")) == (service == "glue")
    }

    /// What was deleted, with every grant on it by its name. An account that deletes tables need not use Lake Formation, so this is no edit
    /// of the grants that are known.
    private static func end(_ name: String, _ reading: inout ChangeReading) {
        let account = reading.text("catalogId") ?? reading.account
        let holder = Holder(.resource, service: "glue", account: account, region: reading.region, name)
        reading.add(holder, .grants, .replaceAll([:]))
    }

    private static func entries(_ reading: ChangeReading) -> [JSONValue?] {
        let entries = reading.asked("entries")?.elements.prefix(ChangeReading.listLimit).map(Optional.some) ?? []
        return entries.isEmpty ? [nil] : Array(entries)
    }

    private static func lake(_ reading: ChangeReading) -> Holder {
        lake(account: reading.text("catalogId") ?? reading.account, region: reading.region)
    }

    private static func lake(account: String, region: String) -> Holder {
        Holder(.resource, service: "lakeformation", account: account, region: region, "data-lake")
    }

    /// What holds the grants on a database or table of the Data Catalog; `nil` for any other resource.
    static func lake(of resource: Holder) -> Holder? {
        guard resource.service == "glue", resource.name == "catalog"
        else {
            return nil
        }
        return lake(account: resource.account, region: resource.region)
    }

    /// The grant that stands in the lane under a name; `nil` for one on anything but databases and tables.
    static func grant(_ name: String) -> LakePermissions.Grant? {
        let words = name.split(separator: " ").map(String.init)
        guard words.count == 6, words[1] == "on", words[4] == "to" else { return nil }
        let parts = words[3].split(separator: "/", maxSplits: 1).map(String.init)
        switch words[2].lowercased() {
        case "database":
            return LakePermissions.Grant(permission: words[0], database: words[3], table: nil, principal: words[5])
        case "table" where parts.count == 2, "tablewithcolumns" where parts.count == 2:
            return LakePermissions.Grant(permission: words[0], database: parts[0], table: parts[1], principal: words[5])
        default: return nil
        }
    }

    private static func grant(_ entry: JSONValue?, _ reading: inout ChangeReading) {
        let lake = lake(reading)
        guard let name = name(entry) else { return reading.add(lake, .grants, .blurAll) }
        // What was granted before stays.
        for permission in permissions(entry) { reading.add(lake, .grants, .set("\(permission) \(name)", .present)) }
    }

    private static func revoke(_ entry: JSONValue?, _ reading: inout ChangeReading) {
        let lake = lake(reading)
        guard let name = name(entry) else { return reading.add(lake, .grants, .blurAll) }
        for permission in permissions(entry) { reading.add(lake, .grants, .remove("\(permission) \(name)")) }
    }

    /// Who is granted it, and on what: `on table DATABASE/TABLE to PRINCIPAL`.
    private static func name(_ entry: JSONValue?) -> String? {
        guard
            let who = ChangeReading.text(
                entry?.member(ignoringCase: "principal")?.member(ignoringCase: "dataLakePrincipalIdentifier")),
            case .object(let kinds)? = entry?.member(ignoringCase: "resource"),
            let kind = kinds.first(where: { $0.value != .null })
        else { return nil }
        var parts = ["databaseName", "name", "resourceArn"].compactMap {
            ChangeReading.text(kind.value.member(ignoringCase: $0))
        }
        // Every table of the database.
        if kind.value.member(ignoringCase: "tableWildcard").map({ $0 != .null }) ?? false { parts.append("*") }
        return (["on", kind.key] + [parts.joined(separator: "/")].filter { !$0.isEmpty } + ["to", who]).joined(
            separator: " ")
    }

    private static func permissions(_ entry: JSONValue?) -> [String] {
        (entry?.member(ignoringCase: "permissions")?.elements ?? []).prefix(ChangeReading.listLimit).compactMap(
            ChangeReading.text)
    }
}

/// The configuration set that an identity of Amazon SES sends with where a call names none: calls are judged on it, too.
///
/// Source: PutEmailIdentityConfigurationSetAttributes in the Amazon SES API v2 reference.
enum ConfigurationSets: ChangeReader {
    static let services = ["ses"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "PutEmailIdentityConfigurationSetAttributes": { reading in
            guard let identity = reading.resource(reading.text("emailIdentity"), "identity/") else { return }
            let set = reading.text("configurationSetName")
            reading.add(
                identity, .settings,
                set.map { .set("configuration set", .text($0)) }
                    ?? (reading.isCut ? .blur("configuration set") : .remove("configuration set")))
        },
        "CreateEmailIdentity": { reading in
            if let row = ResourcePolicies.rows["ses"]?[reading.name] { ResourcePolicies.read(row, &reading) }
            guard let identity = reading.resource(reading.text("emailIdentity"), "identity/"),
                let set = reading.text("configurationSetName")
            else { return }
            reading.add(identity, .settings, .set("configuration set", .text(set)))
        },
    ]
}
