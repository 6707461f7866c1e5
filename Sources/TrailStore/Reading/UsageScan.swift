import GRDB

/// Who called, and the action whose successes tell whether the call works (``DenialGroup/successAction``).
struct GroupCall: Hashable {
    var principal: String
    var action: String
}

extension DenialGroup {
    /// What is refused, by whom.
    var call: GroupCall { GroupCall(principal: principal, action: successAction) }
}

/// How principals fared with actions, from the roll-up that the ingest keeps: one pass over it tells all that a report asks.
struct UsageScan {
    /// What is known of an operation.
    struct Operation {
        var eventSource: String
        var eventName: String
        var eventCategory: String?
        var action: String
        var readOnly: Bool?
    }

    /// Events and denials of one operation.
    struct Total {
        var events: Int64 = 0
        var denials: Int64 = 0

        mutating func add(events: Int64, denials: Int64) {
            self.events += events
            self.denials += denials
        }
    }

    private struct Line {
        var principal: Int64
        var operation: Int64
        var region: Int64
        var account: Int64
        var successes: Int64
        var first: Int64
        var last: Int64
        var denials: Int64
    }

    /// Every operation, by number.
    let operations: [Int64: Operation]
    /// Over the whole database, by operation.
    private(set) var totals: [Int64: Total] = [:]
    /// Numbers of the groups' principals.
    let principals: [ByteText: Int64]
    private var lines: [Line] = []

    /// Reads the roll-up, and keeps of its rows those of the groups' principals, and the successes of anybody with the
    /// groups' actions.
    init(of calls: some Sequence<GroupCall>, _ operations: [Int64: Operation], _ db: Database) throws {
        self.operations = operations
        var principals: [ByteText: Int64] = [:]
        var actions: Set<String> = []
        for call in calls {
            actions.insert(call.action)
            guard principals[ByteText(call.principal)] == nil else { continue }
            principals[ByteText(call.principal)] = try RawCursor.integer(
                db, "SELECT id FROM text WHERE value = ?", [call.principal])
        }
        self.principals = principals
        let principalIDs = Set(principals.values)
        // Of a principal's other actions only those of the groups' services are asked for.
        let services = Set(actions.map { $0.prefix { $0 != ":" } })
        var asked: [Int64: Bool] = [:]
        for (id, operation) in operations {
            if actions.contains(operation.action) {
                asked[id] = true
            } else if services.contains(operation.action.prefix { $0 != ":" }) {
                asked[id] = false
            }
        }
        // The rows come by principal.
        var last: (principal: Int64, isAsked: Bool) = (-1, false)
        try RawCursor.forEach(
            db,
            """
            SELECT principalID, operationID, regionID, accountID, events, denials, successes, firstSuccess, lastSuccess
            FROM usage
            """
        ) { row in
            let (principal, operation) = (try row[0], try row[1])
            if principal != last.principal {
                last.principal = principal
                last.isAsked = principalIDs.contains(principal)
            }
            let denials = try row.integer(5, in: ColumnBounds.counts)
            totals[operation, default: Total()]
                .add(events: try row.integer(4, in: ColumnBounds.counts), denials: denials)
            guard let isAnybodys = asked[operation] else { return }
            let successes = try row.integer(6, in: ColumnBounds.counts)
            guard last.isAsked || isAnybodys && successes > 0 else { return }
            lines.append(
                Line(
                    principal: principal, operation: operation, region: try row[2], account: try row[3],
                    successes: successes, first: try row.integer(7, in: ColumnBounds.times),
                    last: try row.integer(8, in: ColumnBounds.times), denials: denials))
        }
    }

    /// The totals alone.
    init(_ db: Database) throws { try self.init(of: EmptyCollection(), Self.operations(db), db) }

    /// Reads all operations.
    static func operations(_ db: Database) throws -> [Int64: Operation] {
        var operations: [Int64: Operation] = [:]
        try RawCursor.forEach(
            db, "SELECT id, eventSource, eventName, eventCategory, action, readOnly FROM operation"
        ) { row in
            operations[try row[0]] = Operation(
                eventSource: try row.text(1), eventName: try row.text(2), eventCategory: try row.optionalText(3),
                action: try row.text(4), readOnly: try row.optionalBool(5))
        }
        return operations
    }

    /// Operations with which a principal succeeded, told by number.
    func forEachSuccess(_ body: (_ principal: Int64, _ operation: Int64) -> Void) {
        for line in lines where line.successes > 0 { body(line.principal, line.operation) }
    }

    /// The rows that were kept, ordered by principal, action, eventName, Region and account.
    func usage(_ texts: TextReader) throws -> [Usage] {
        // Texts are compared once each, not once a pair of rows.
        var numbers: Set<Int64> = []
        var known: Set<Int64> = []
        for line in lines {
            numbers.formUnion([line.principal, line.region, line.account])
            known.insert(line.operation)
        }
        let textOrder = try Self.ranks(of: numbers) { try texts.text($0) ?? "" }
        let actionOrder = Self.ranks(of: known) { operations[$0]?.action ?? "" }
        let nameOrder = Self.ranks(of: known) { operations[$0]?.eventName ?? "" }
        let keyed = lines.map { line in
            (
                key: (
                    textOrder[line.principal] ?? 0, actionOrder[line.operation] ?? 0, nameOrder[line.operation] ?? 0,
                    textOrder[line.region] ?? 0, textOrder[line.account] ?? 0
                ), line: line
            )
        }
        return try keyed.sorted { $0.key < $1.key }.compactMap { _, line in
            guard let operation = operations[line.operation], let principal = try texts.text(line.principal) else {
                return nil
            }
            return Usage(
                principal: principal, action: operation.action, eventSource: operation.eventSource,
                eventName: operation.eventName, readOnly: operation.readOnly,
                awsRegion: try texts.text(line.region) ?? "", accountId: try texts.text(line.account) ?? "",
                successes: Int(line.successes), firstSuccess: line.successes > 0 ? Timestamp.text(line.first) : nil,
                lastSuccess: line.successes > 0 ? Timestamp.text(line.last) : nil, denials: Int(line.denials))
        }
    }

    /// For each number the place of its text among the texts of all; equal texts share one.
    private static func ranks(of ids: Set<Int64>, text: (Int64) throws -> String) rethrows -> [Int64: Int] {
        let named = try ids.map { (id: $0, text: try text($0)) }.sorted { $0.text < $1.text }
        var ranks: [Int64: Int] = [:]
        var rank = 0
        for (index, entry) in named.enumerated() {
            if index > 0, named[index - 1].text != entry.text { rank = index }
            ranks[entry.id] = rank
        }
        return ranks
    }
}
