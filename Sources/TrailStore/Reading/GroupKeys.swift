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

    /// Reads the actions.
    init(_ db: Database) throws {
        self.db = db
        var places: [String: Int32] = [:]
        try RawCursor.forEach(db, "SELECT id, action FROM denialGroupRow ORDER BY id") { row in
            let action = row.text(1)
            let place = places[action] ?? Int32(actions.count)
            if place == actions.count {
                actions.append(action)
                places[action] = place
            }
            // The numbers are rowids that nothing deletes: dense, counted from 1.
            while placeOfAction.count < row[0] { placeOfAction.append(-1) }
            placeOfAction.append(place)
        }
    }

    /// The action of a group by a small number; -1 for a number that no group has.
    @inline(__always) func actionNumber(of group: Int64) -> Int32 {
        group >= 0 && group < placeOfAction.count ? placeOfAction[Int(group)] : -1
    }

    /// The action of that small number.
    func action(_ number: Int32) -> String { actions.indices.contains(Int(number)) ? actions[Int(number)] : "" }

    /// The key of a group; `nil` for a number that no group has.
    func key(of group: Int64) throws -> Key? {
        if let known = keys[group] { return known }
        let select = try db.cachedStatement(
            sql: "SELECT publicID, principal, action, reason, category FROM denialGroupRow WHERE id = ?")
        guard let row = try Row.fetchOne(select, arguments: [group]) else { return nil }
        let key = Key(
            publicID: row["publicID"], principal: row["principal"], action: row["action"], reason: row["reason"],
            category: row["category"])
        keys[group] = key
        return key
    }
}
