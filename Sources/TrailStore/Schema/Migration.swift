import GRDB

/// Lays out an empty database, and brings an older one up to date.
enum Migration {
    /// Lays out an empty database, inside of a transaction.
    static func layOut(_ db: Database) throws {
        try db.execute(sql: Schema.allTables)
        try db.execute(sql: Schema.views)
        try db.execute(sql: Schema.companionViews)
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
    }

    /// Brings an older database up to date, in one transaction; `check` judges the result before it is committed.
    static func migrate(_ db: Database, check: () throws -> Void) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < Schema.version else { return }
        try db.inTransaction(.immediate) {
            guard try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < Schema.version else { return .commit }
            for view in Schema.viewNames { try db.execute(sql: "DROP VIEW IF EXISTS \(view)") }
            for added in Schema.addedColumns
            where try !db.columns(in: added.table).contains(where: { $0.name == added.column }) {
                try db.execute(sql: "ALTER TABLE \(added.table) ADD COLUMN \(added.column) \(added.type)")
            }
            if try db.tableExists("sessionRow"), try db.primaryKey("sessionRow").columns == ["accessKeyId"] {
                try db.execute(sql: Schema.sessionsInOrder)
            }
            try db.execute(sql: Schema.sessions)
            try db.execute(sql: Schema.sessionTags)
            try db.execute(sql: "DROP INDEX IF EXISTS successOfReportedService")
            try db.execute(sql: Schema.additions)
            // Each version found more names of a change.
            try db.execute(sql: Schema.changeNames)
            try db.execute(sql: "DELETE FROM changeName")
            try ChangeNames.writeAll(db)
            if try !db.tableExists("prunedOperation") {
                try db.execute(sql: Schema.prunedOperations)
                try db.execute(sql: Schema.earlierPrunings)
            }
            try db.execute(sql: Schema.operationNames)
            if try !db.tableExists("partialEvent") {
                try db.execute(sql: Schema.forms)
                try db.execute(sql: Schema.earlierForms)
                try db.execute(sql: Schema.earlierQueryResults)
            }
            try db.execute(sql: Schema.diagnoses)
            try db.execute(sql: Schema.addedIndexes)
            try db.execute(sql: Schema.companions)
            try db.execute(sql: Schema.views)
            try db.execute(sql: Schema.companionViews)
            try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
            try check()
            return .commit
        }
    }
}
