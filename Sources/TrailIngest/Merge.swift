import Foundation
public import TrailStore

/// Merges the databases of an archive's slices, such as those of an organization's accounts, into one.
public enum Merge {
    /// Merges shards into a new database: reports from it are those of one ingest of all that the shards hold.
    ///
    /// The database is written under a hidden name beside its own and bears that when it is whole.
    ///
    /// - Parameters:
    ///   - shards: paths of databases; their order makes no difference to reports.
    ///   - path: where there is nothing yet.
    ///   - isSlim: leave out successes that no report asks for (``ShardMerge/finish(isSlim:)``).
    ///   - progress: called after each shard with the number of shards done.
    ///   - mustStop: asked after each shard; true ends the merge, which then leaves nothing.
    /// - Returns: `nil` where it was stopped.
    /// - Throws: ``StoreError``; then nothing is left of it either.
    public static func run(
        _ shards: [String], into path: String, isSlim: Bool = false, progress: (Int) -> Void = { _ in },
        mustStop: () -> Bool = { false }
    ) throws -> MergeSummary? {
        try run(shards, into: path, isSlim: isSlim, keyHashBits: Schema.keyHashBits, progress, mustStop)
    }

    /// The same, for tests with fewer bits that tell events of one second apart.
    package static func run(
        _ shards: [String], into path: String, isSlim: Bool = false, keyHashBits: Int,
        _ progress: (Int) -> Void = { _ in },
        _ mustStop: () -> Bool = { false }
    ) throws -> MergeSummary? {
        let file = try NewDatabaseFile(path)
        defer { file.discard() }
        let database = try TrailDatabase.openForWriting(file.temporary)
        var options = Ingest.Options()
        options.keyHashBits = keyHashBits
        let merge = try ShardMerge(into: database, joiner: FormJoiner(options: options)) { eventID in
            let hash = unsafe Array(eventID.utf8).withUnsafeBytes { bytes in
                // SAFETY: the bytes are the array's.
                unsafe ByteHash.hash(bytes, seed: 0)
            }
            return Int64(bitPattern: hash & (1 << UInt64(keyHashBits) - 1))
        }
        for (index, shard) in shards.enumerated() {
            try merge.take(shard)
            progress(index + 1)
            if mustStop() { return nil }
        }
        let summary = try merge.finish(isSlim: isSlim)
        try database.close()
        guard !mustStop() else { return nil }
        try file.putInPlace()
        return summary
    }
}
