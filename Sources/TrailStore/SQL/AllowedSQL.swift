/// What a user's statement may use; all else is refused. The page "SQL recipes" tells of it.
enum AllowedSQL {
    /// Functions of SQLite that compute and do nothing else: core, aggregate, window, date and time, JSON, mathematics.
    /// Source: the lists of functions in SQLite's documentation, up to 3.50.
    static let functions: Set<String> = [
        // Core.
        "abs", "changes", "char", "coalesce", "concat", "concat_ws", "format", "glob", "hex", "if", "ifnull", "iif",
        "instr",
        "last_insert_rowid", "length", "like", "likelihood", "likely", "lower", "ltrim", "max", "min", "nullif",
        "octet_length", "printf", "quote", "random", "randomblob", "replace", "round", "rtrim", "sign", "soundex",
        "sqlite_compileoption_get", "sqlite_compileoption_used", "sqlite_source_id", "sqlite_version", "substr",
        "substring", "total_changes", "trim", "typeof", "unhex", "unicode", "unistr", "unistr_quote", "unlikely",
        "upper",
        "zeroblob",
        // Aggregate and window.
        "avg", "count", "cume_dist", "dense_rank", "first_value", "group_concat", "lag", "last_value", "lead", "median",
        "nth_value", "ntile", "percent_rank", "percentile", "percentile_cont", "percentile_disc", "rank", "row_number",
        "string_agg", "sum", "total",
        // Date and time.
        "current_date", "current_time", "current_timestamp", "date", "datetime", "julianday", "strftime", "time",
        "timediff", "unixepoch",
        // JSON.
        "->", "->>", "json", "json_array", "json_array_insert", "json_array_length", "json_error_position",
        "json_extract",
        "json_group_array", "json_group_object", "json_insert", "json_object", "json_patch", "json_pretty",
        "json_quote",
        "json_remove", "json_replace", "json_set", "json_type", "json_valid", "jsonb", "jsonb_array", "jsonb_extract",
        "jsonb_group_array", "jsonb_group_object", "jsonb_insert", "jsonb_object", "jsonb_patch", "jsonb_remove",
        "jsonb_replace", "jsonb_set", "subtype",
        // Mathematics.
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp",
        "floor", "ln", "log", "log10", "log2", "mod", "pi", "pow", "power", "radians", "sin", "sinh", "sqrt", "tan",
        "tanh",
        "trunc",
    ]

    /// Pragmas that only tell.
    static let pragmas: Set<String> = [
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
        "database_list", "collation_list", "function_list", "pragma_list", "compile_options", "integrity_check",
        "quick_check", "user_version", "application_id", "page_count", "page_size", "encoding", "freelist_count",
        "schema_version", "data_version",
    ]

    /// Those of them that would set something if they were given a value.
    static let pragmasWithoutValue: Set<String> = [
        "user_version", "application_id", "page_size", "encoding", "schema_version",
    ]

    /// Tables that SQLite brings: the schema, statistics of ANALYZE, and those that stand for a function.
    static let builtInTables: Set<String> = Set(
        [
            "sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema", "sqlite_sequence",
            "sqlite_stat1",
            "sqlite_stat2", "sqlite_stat3", "sqlite_stat4", "json_each", "json_tree",
        ] + pragmas.map { "pragma_\($0)" })
}
