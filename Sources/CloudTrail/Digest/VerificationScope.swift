/// Which part of an archive is to be verified.
package struct VerificationScope: Sendable {
    /// Seconds since 1970, both inclusive; by the time of delivery.
    package var from: Int64?
    package var to: Int64?
    package var accounts: Set<String> = []
    package var regions: Set<String> = []

    /// All of it.
    package init() {}

    /// Whether a file with this account, Region and time of delivery is in it; what a name does not tell excludes nothing.
    package func includes(account: String?, region: String?, time: Int64?) -> Bool {
        if let account, !accounts.isEmpty, !accounts.contains(account) { return false }
        if let region, !regions.isEmpty, !regions.contains(region) { return false }
        guard let time else { return true }
        return time >= from ?? .min && time <= to ?? .max
    }

    /// The same by the name of a log file or digest.
    package func includes(name: String) -> Bool {
        if from == nil, to == nil, accounts.isEmpty, regions.isEmpty { return true }
        if let digest = DigestName(name) {
            return includes(account: digest.account, region: digest.region, time: digest.end)
        }
        guard let file = LogFileName(Array(name.utf8)[...]) else { return true }
        return includes(
            account: file.accountId, region: file.region, time: CompactTime.seconds(file.deliveryTime.digits))
    }
}
