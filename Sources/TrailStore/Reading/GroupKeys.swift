import GRDB

/// The keys of denial groups: of all of them only the action is read, of those that a report tells of the rest.
final class GroupKeys {
    /// What makes a group.
    struct Key {
        var publicID: String
        var principal: String
        var action: String
        var reason: String
        var category: String
    }

    private let db: Database
    /// Every action once.
    private var actions: [String] = []
    /// By the group's number: the place of its action.
    private var placeOfAction: [Int32] = []
    private var keys: [Int64: Key] = [:]
    /// Numbers that may be missing among few.
    private static let gap = 1 << 16

    /// Reads the actions.
    init(_ db: Database) throws {
        self.db = db
        var places: [ByteText: Int32] = [:]
        try RawCursor.forEach(db, "SELECT id, action FROM denialGroupRow ORDER BY id") { row in
            let action = try row.text(1)
            let place = places[ByteText(action)] ?? Int32(actions.count)
            if place == actions.count {
                actions.append(action)
                places[ByteText(action)] = place
            }
            // The numbers are rowids that nothing deletes: dense, counted from 1. Where somebody deleted some there are gaps.
            let id = try row.integer(0, in: 0...Int64(2 * placeOfAction.count + Self.gap))
            while placeOfAction.count < id { placeOfAction.append(-1) }
            placeOfAction.append(place)
        }
    }

    /// A number above those of all groups.
    var upperBound: Int { placeOfAction.count }

    /// The action of a group by a small number; -1 for a number that no group has.
    @inline(__always) func actionNumber(of group: Int64) -> Int32 {
        group >= 0 && group < placeOfAction.count ? placeOfAction[Int(group)] : -1
    }

    /// The action of that small number.
    func action(_ number: Int32) -> String { actions.indices.contains(Int(number)) ? actions[Int(number)] : "" }

    /// Reads the keys of many groups at once.
    func read(_ groups: [Int64]) throws {
        let columns = "g.id, g.publicID, g.principal, g.action, g.reason, g.category"
        var pool = TextPool()
        keys.reserveCapacity(groups.count)
        func add(_ row: RawRow) throws {
            keys[try row[0]] = Key(
                publicID: try row.text(1), principal: pool.shared(try row.text(2)),
                action: pool.shared(try row.text(3)), reason: pool.shared(try row.text(4)), category: try row.text(5))
        }
        // Looking each up costs more than walking past some.
        if groups.count < upperBound / 2 {
            try RawCursor.forEach(
                db, "SELECT \(columns) FROM json_each(?) k CROSS JOIN denialGroupRow g ON g.id = k.value",
                [JSONList.text(groups.sorted())], add)
        } else {
            let groups = Set(groups)
            try RawCursor.forEach(db, "SELECT \(columns) FROM denialGroupRow g ORDER BY g.id") { row in
                if groups.contains(try row[0]) { try add(row) }
            }
        }
    }

    /// The numbers of groups by their ids.
    func numbers(of ids: Set<String>) throws -> Set<Int64> {
        try Set(
            RawCursor.all(
                db, "SELECT id FROM denialGroupRow WHERE publicID IN (SELECT value FROM json_each(?))",
                [JSONList.text(ids.sorted())]
            ) { try $0[0] })
    }

    /// The key of a group that was read; `nil` for any other.
    func key(of group: Int64) -> Key? { keys[group] }
}
