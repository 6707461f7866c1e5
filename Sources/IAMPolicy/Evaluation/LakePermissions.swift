/// Permissions of AWS Lake Formation: beside IAM's policies they must allow, too, what is done in its Data Catalog and with its data.
///
/// Sources: "Lake Formation permissions reference" and "Default settings for your data lake" in the AWS Lake Formation developer guide.
public struct LakePermissions: Sendable, Hashable {
    /// What somebody was granted.
    public struct Grant: Sendable, Hashable {
        /// `SELECT`, `DESCRIBE`, `ALL`, …
        public var permission: String
        /// A database, `*` for all of them; `nil` where it is granted on none.
        public var database: String?
        /// A table of the database, `*` for all of them; `nil` where it is granted on none.
        public var table: String?
        /// An ARN, an account, or `IAM_ALLOWED_PRINCIPALS` for everybody whom IAM allows.
        public var principal: String

        /// A grant.
        public init(permission: String, database: String?, table: String?, principal: String) {
            self.permission = permission
            self.database = database
            self.table = table
            self.principal = principal
        }
    }

    /// What is known to be granted.
    public var grants: [Grant]
    /// Whether nothing else is granted.
    public var isComplete: Bool

    /// Permissions; whether there are others is told by `isComplete`.
    public init(_ grants: [Grant] = [], isComplete: Bool) {
        self.grants = grants
        self.isComplete = isComplete
    }

    /// Whether they allow a request; they allow whatever does not concern them.
    func allows(_ request: AuthorizationRequest) -> Truth {
        guard let need = Need(request) else { return .yes }
        if grants.contains(where: { need.isMet(by: $0, request) }) { return .yes }
        return isComplete ? .no : .undetermined
    }
}

/// What a call asks of Lake Formation.
private struct Need {
    /// The permissions of which one is enough; empty where any is.
    let permissions: Set<String>
    let database: String
    let table: String?

    init?(_ request: AuthorizationRequest) {
        guard request.service == "glue", let arn = request.resourceARN else { return nil }
        let parts = arn.resource.split(separator: "/").map(String.init)
        let kind = parts.first == "table" && parts.count == 3 ? "table" : parts.count == 2 ? parts[0] : ""
        guard let permissions = Self.permissions[kind]?[request.operation] else { return nil }
        self.permissions = permissions
        database = parts[1]
        table = kind == "table" ? parts[2] : nil
    }

    func isMet(by grant: LakePermissions.Grant, _ request: AuthorizationRequest) -> Bool {
        let isEnough =
            permissions.isEmpty || permissions.contains(grant.permission) || Self.whole.contains(grant.permission)
        guard isEnough, grant.database == "*" || grant.database?.lowercased() == database.lowercased() else {
            return false
        }
        if let table, grant.table != "*", grant.table?.lowercased() != table.lowercased() { return false }
        if table == nil, grant.table != nil { return false }
        let principal = request.principal
        return grant.principal == "IAM_ALLOWED_PRINCIPALS" || grant.principal == principal.principalARN
            || grant.principal == principal.arn || grant.principal == principal.account
    }

    /// Permissions that hold all others.
    private static let whole: Set<String> = ["ALL", "SUPER"]

    /// By the kind of resource and the operation. A call asks IAM on the catalog and the database of a table, too, and Lake Formation on
    /// what it is about alone.
    private static let permissions: [String: [String: Set<String>]] = [
        "database": [
            "getdatabase": [], "updatedatabase": ["ALTER"], "deletedatabase": ["DROP"],
            "createtable": ["CREATE_TABLE"],
        ],
        "table": [
            "gettable": [], "gettableversion": [], "gettableversions": [], "getpartition": [], "getpartitions": [],
            "batchgetpartition": [], "updatetable": ["ALTER"], "deletetable": ["DROP"],
            "createpartition": ["INSERT", "ALTER"], "batchcreatepartition": ["INSERT", "ALTER"],
            "updatepartition": ["INSERT", "ALTER"], "deletepartition": ["DELETE", "ALTER"],
            "batchdeletepartition": ["DELETE", "ALTER"],
        ],
    ]
}
