import CompanionLogs
import GRDB

// Rows of the logs beside CloudTrail.

extension EventWriter {
    /// Inserts a batch's rows. A row that is in already, from another file or another transport, is a duplicate.
    func insertCompanions(_ batch: borrowing EventBatch, _ db: Database) throws {
        guard !batch.companions.isEmpty, let fileID = current?.id else { return }
        for row in batch.companions {
            let columns = row.table.columns
            let places = String(repeating: ", ?", count: columns.count)
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO \(row.table.rawValue) (key, time, \(columns.joined(separator: ", ")), logFileID, byteOffset)
                    VALUES (?, ?\(places), ?, ?)
                    """)
            var arguments: [(any DatabaseValueConvertible)?] = [
                row.table.isSharedByFiles ? row.key : nil, Timestamp.text(row.time),
            ]
            for value in row.values {
                switch value {
                case .text(let text): arguments.append(text)
                case .integer(let number): arguments.append(number)
                case .null: arguments.append(nil)
                }
            }
            try statement.execute(arguments: StatementArguments(arguments + [fileID, row.byteOffset]))
            if db.changesCount > 0 { current?.result.stored += 1 } else { current?.result.duplicates += 1 }
        }
        rowsInTransaction += batch.companions.count
        hasCompanions = true
    }

    /// Tells how far the logs in a file reach.
    func insertCoverage(_ coverage: [CompanionCoverage], fileID: Int64, _ db: Database) throws {
        for part in coverage {
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO companionLog (logFileID, kind, scope, entries, refusals, firstTime, lastTime)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """)
            try statement.execute(arguments: [
                fileID, part.kind.rawValue, part.scope, part.entries, part.refusals,
                part.first <= part.last ? Timestamp.text(part.first) : nil,
                part.first <= part.last ? Timestamp.text(part.last) : nil,
            ])
        }
    }

    /// What an earlier reading of a file gave becomes the later reading's; what is rolled up is told anew.
    func moveCompanions(from earlier: Int64, to later: Int64, _ db: Database) throws {
        for table in CompanionTable.allCases {
            if table.isSharedByFiles {
                try db.execute(
                    sql: "UPDATE \(table.rawValue) SET logFileID = ? WHERE logFileID = ?", arguments: [later, earlier])
            } else {
                try db.execute(sql: "DELETE FROM \(table.rawValue) WHERE logFileID = ?", arguments: [earlier])
            }
        }
        try db.execute(sql: "DELETE FROM companionLog WHERE logFileID = ?", arguments: [earlier])
    }
}
