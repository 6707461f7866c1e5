import CloudTrail
import GRDB

/// Whose the refused resources are, where their ARNs do not tell: those of buckets and objects hold no account.
enum ResourceOwner {
    /// The accounts that a denial's record names as owners in `resources`; empty where the record was not kept.
    static func accounts(of key: Int64, _ db: Database) throws -> Set<String> {
        guard let json = try RecordQuery.kept(key, path: "", db), let event = Event(json: Array(json.utf8)) else {
            return []
        }
        return Set(
            (event.resources?.elements() ?? []).compactMap { $0.string(at: "accountId", ignoringCase: true) }
                .filter { $0.utf8.count == 12 })
    }
}
