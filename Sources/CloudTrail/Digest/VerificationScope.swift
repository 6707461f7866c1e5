/// Which part of an archive is to be told of.
///
/// The whole archive is verified whatever the part: a chain proves itself from its end, and what explains a hole may stand outside.
package struct VerificationScope: Sendable {
    /// Seconds since 1970, both inclusive; by the time of delivery.
    package var from: Int64?
    package var to: Int64?
    package var accounts: Set<String> = []
    package var regions: Set<String> = []

    /// All of it.
    package init() {}

    /// Whether nothing is left out.
    var isAll: Bool { from == nil && to == nil && accounts.isEmpty && regions.isEmpty }

    /// Whether a Region of an account belongs to it.
    func includes(account: String, region: String) -> Bool {
        (accounts.isEmpty || accounts.contains(account)) && (regions.isEmpty || regions.contains(region))
    }

    /// Whether a stretch of time reaches into it. What ends where it begins does not.
    func overlaps(_ start: Int64, _ end: Int64) -> Bool {
        start <= to ?? .max && max(end, start + 1) > from ?? .min
    }

    /// Whether what was delivered there and then belongs to it; `nil` where that cannot be told.
    func includes(_ delivery: Verification.Delivery) -> Bool? {
        if !accounts.isEmpty {
            guard let account = delivery.account else { return nil }
            if !accounts.contains(account) { return false }
        }
        if !regions.isEmpty {
            guard let region = delivery.region else { return nil }
            if !regions.contains(region) { return false }
        }
        guard from != nil || to != nil else { return true }
        guard let time = delivery.time else { return nil }
        return overlaps(time.from, time.to)
    }
}
