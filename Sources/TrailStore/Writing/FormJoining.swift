/// Joins forms of one event that each tell a part of it. The reading of records is not the store's: an ingest brings its own.
package protocol FormJoining: AnyObject {
    /// The event that two records tell together, packed as the only one of a batch; `nil` where the second record tells nothing that
    /// the first does not, unless `evenIfKnown`.
    func join(_ known: [UInt8], _ other: [UInt8], evenIfKnown: Bool) -> EventBatch?
}
