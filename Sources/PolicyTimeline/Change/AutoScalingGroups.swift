import OrderedJSON

/// Tags of Auto Scaling groups, which policies ask for.
///
/// Source: `CreateAutoScalingGroup`, `CreateOrUpdateTags` and `DeleteTags` in the Amazon EC2 Auto Scaling API reference.
enum AutoScalingGroups: ChangeReader {
    static let services = ["autoscaling"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateAutoScalingGroup": { reading in
            guard let group = group(reading.text("autoScalingGroupName"), reading) else { return }
            reading.add(group, .existence, .replaceAll(["": .present]))
            reading.add(group, .tags, reading.tags("tags").map { .replaceAll($0) } ?? reading.nothingAsked)
        },
        "DeleteAutoScalingGroup": { reading in
            guard let group = group(reading.text("autoScalingGroupName"), reading) else { return }
            reading.clear(group, [.existence, .tags])
        },
        "CreateOrUpdateTags": tag, "DeleteTags": tag,
    ]

    static func isEvent(_ name: String, of service: String) -> Bool { true }

    /// Each tag names its group.
    private static func tag(_ reading: inout ChangeReading) {
        let isGone = reading.name == "DeleteTags"
        for tag in (reading.asked("tags")?.elements ?? []).prefix(ChangeReading.listLimit) {
            func text(_ name: String) -> String? { ChangeReading.text(tag.member(ignoringCase: name)) }
            guard let group = group(text("resourceId"), reading), let key = text("key") else { continue }
            reading.add(
                group, .tags, isGone ? .remove(key.lowercased()) : .set(key.lowercased(), .text(text("value") ?? "")))
        }
    }

    private static func group(_ name: String?, _ reading: ChangeReading) -> Holder? {
        reading.resource(name, "autoScalingGroupName/")
    }
}
