import OrderedJSON

/// The services that write a resource's policy as a whole: what `ResourcePolicyTable` says of them.
enum ResourcePolicies {
    /// One row of the table.
    struct Row: Sendable {
        enum Effect: String, Sendable { case put, delete, create, end, restore, tag, grant, revoke, touch }

        var effect: Effect
        var places: [String]
        var prefix: String
        var documents: [String]
        var name: String?
    }

    /// By IAM's prefix of the service, then by the operation.
    static let rows: [String: [String: Row]] = {
        var rows: [String: [String: Row]] = [:]
        for line in ResourcePolicyTable.rows.split(separator: "\n") {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 7, let effect = Row.Effect(rawValue: String(fields[1])) else { continue }
            let row = Row(
                effect: effect, places: fields[3] == "*" ? usualPlaces : words(fields[3]), prefix: String(fields[4]),
                documents: words(fields[5]), name: fields[6].isEmpty ? nil : String(fields[6]))
            for name in words(fields[2]) {
                rows[String(fields[0]), default: [:]][name] = row
            }
        }
        return rows
    }()

    /// What an event does that writes or takes the policy of a resource as a whole; `nil` for any other.
    static func rule(_ prefix: String, _ name: String) -> ChangeRule? {
        switch rows[prefix]?[name]?.effect {
        case .put?: ChangeRule("resource replaces resource-based")
        case .delete?: ChangeRule("resource takes resource-based")
        case .create?, .end?, .restore?, .tag?, .grant?, .revoke?, .touch?, nil: nil
        }
    }

    private static let usualPlaces = ["resourceArn", "resourceARN", "arn", "name", "id"]

    private static func words(_ field: Substring) -> [String] { field.split(separator: " ").map(String.init) }

    static func read(_ row: Row, _ reading: inout ChangeReading) {
        guard let holder = holder(row, reading) else { return }
        let name = row.name.flatMap { reading.text([$0]) }
        switch row.effect {
        case .put:
            let text = document(row, reading)
            if reading.name.hasPrefix("Create"), row.name == nil {
                // A resource that is created with a policy, or without one.
                reading.add(holder, .existence, .replaceAll(["": .present]))
                reading.add(
                    holder, .policy,
                    text.map { .replaceAll(["": .document(DocumentText($0))]) } ?? reading.nothingAsked)
            } else if reading.name.hasPrefix("Update"), text == nil, !reading.isCut {
                return  // something else was updated
            } else if row.name != nil {
                reading.put(holder, .policy, named: name ?? "", text)
            } else if text == .string("") {
                reading.add(holder, .policy, .replaceAll([:]))
            } else {
                reading.add(holder, .policy, .replaceAll(["": .document(DocumentText(text))]))
            }
        case .delete: reading.add(holder, .policy, row.name == nil ? .replaceAll([:]) : .remove(name ?? ""))
        case .create:
            reading.add(holder, .existence, .replaceAll(["": .present]))
            let text = document(row, reading)
            reading.add(
                holder, .policy, text.map { .replaceAll(["": .document(DocumentText($0))]) } ?? reading.nothingAsked)
            reading.add(holder, .tags, reading.tags("tags").map { .replaceAll($0) } ?? reading.nothingAsked)
        case .end: reading.clear(holder, [.existence, .policy, .tags, .grants])
        case .restore:
            reading.add(holder, .existence, .replaceAll(["": .present]))
            for kind in [LaneName.Kind.policy, .tags, .grants] { reading.add(holder, kind, .blurAll) }
        case .tag:
            // Pinpoint wraps them once more, OpenSearch and AWS Glue have names of their own.
            reading.changeTags(
                of: holder, set: "tags.tags tags tagsModel.tags tagList tagsToAdd",
                remove: "tagKeys tag-keys tagsToRemove")
        case .grant: reading.add(holder, .grants, .set(name ?? "event \(reading.record.eventID)", .document(.unknown)))
        case .revoke: reading.add(holder, .grants, name.map { .remove($0) } ?? .blurAll)
        case .touch: reading.add(holder, .grants, .blur(reading.name))
        }
    }

    private static func document(_ row: Row, _ reading: ChangeReading) -> JSONValue? {
        for place in row.documents {
            let value = place.hasPrefix("<") ? reading.answered(String(place.dropFirst())) : reading.asked(place)
            if let value, value != .null { return value }
        }
        return nil
    }

    private static func holder(_ row: Row, _ reading: ChangeReading) -> Holder? {
        for place in row.places {
            if place.hasPrefix("=") {
                let name = String(place.dropFirst())
                return Holder(
                    .resource, service: reading.service, account: reading.account, region: reading.region,
                    row.prefix + name)
            }
            let names = place.split(separator: "&").map { reading.text([String($0)]) }
            guard !names.contains(nil) else { continue }
            let name = names.compactMap(\.self).joined(separator: "/")
            if let holder = reading.resource(name, row.prefix) { return holder }
        }
        // Whatever it is, somebody may look for what changed in the account.
        return row.effect == .touch
            ? Holder(.resource, service: reading.service, account: reading.account, region: reading.region, "") : nil
    }
}

extension ChangeReading {
    /// Nothing was asked for; where the request is not there at all, nobody knows.
    var nothingAsked: PolicyEdit.Operation { isCut ? .blurAll : .replaceAll([:]) }
}
