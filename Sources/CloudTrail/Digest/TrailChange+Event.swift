extension TrailChange {
    /// Reads an event of CloudTrail's own; `nil` where it changes no trail, or was refused.
    package init?(_ event: Event, path: String) {
        guard let name = event.eventName, Self.stops.contains(name), event.errorCode == nil,
            let time = event.eventTime.flatMap({ CompactTime.isoSeconds($0) })
        else { return nil }
        // UpdateTrail concerns us only where it ends the making of digests or changes the place they go to.
        if name == "UpdateTrail", let asked = event.requestParameters {
            let tells = ["enableLogFileValidation", "s3BucketName", "s3KeyPrefix", "isMultiRegionTrail"]
            guard tells.contains(where: { asked.string(at: $0) != nil && asked.string(at: $0) != "true" }) else {
                return nil
            }
        }
        let asked =
            event.requestParameters?.string(at: "name") ?? event.requestParameters?.string(at: "trailName") ?? ""
        // arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME
        let parts = asked.split(separator: ":", omittingEmptySubsequences: false)
        let isARN = parts.count == 6 && parts[0] == "arn" && parts[2] == "cloudtrail"
        self.init(
            time: time, eventName: name,
            actor: event.userIdentity.principal ?? event.userIdentity.arn ?? event.userIdentity.invokedBy ?? "somebody",
            trail: asked.split(separator: "/").last.map(String.init) ?? "",
            homeRegion: isARN ? String(parts[3]) : event.awsRegion ?? "",
            account: isARN ? String(parts[4]) : event.recipientAccountId ?? event.userIdentity.accountId ?? "",
            path: path)
    }
}
