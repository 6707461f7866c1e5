#ifndef TRAIL403_CSQLITE_H
#define TRAIL403_CSQLITE_H

/// Lets SQLite open files by URI, where its build does not already. Call once, before the first connection is opened.
void trail403_sqlite_allow_uris(void);

/// Has SQLite not count the memory that it uses, which takes a lock each time. It cannot bound it then. Call once, before the first
/// connection is opened.
void trail403_sqlite_count_no_memory(void);

/// Takes from an `sqlite3 *` what a hostile database file or statement could use: triggers, functions with side effects in the
/// schema, writes past the schema, loading of extensions, the two-argument `fts3_tokenizer`, and virtual tables other than
/// `json_each` and `json_tree`; and keeps a reader from folding the write-ahead log into the file.
///
/// Gives an SQLite result code.
int trail403_sqlite_harden(void *_Nonnull connection, int is_reader);

/// Lets a connection to a database that is nobody's yet write without a journal, which what was taken by
/// `trail403_sqlite_harden` includes. A write that is cut short then leaves a broken file.
///
/// Gives an SQLite result code.
int trail403_sqlite_write_without_journal(void *_Nonnull connection);

/// A function of SQL that translates numbers: `NAME(old)` is the new one, or NULL where there is none.
struct trail403_numbers;

/// Adds such a function to an `sqlite3 *`, which frees what this gives when it is closed; `NULL` where it cannot.
struct trail403_numbers *_Nullable trail403_sqlite_add_numbers(void *_Nonnull connection, const char *_Nonnull name);

/// Lets a function translate by the rows (old, new) that a query gives, in place of what it knew.
///
/// Gives an SQLite result code.
int trail403_sqlite_fill_numbers(
    void *_Nonnull connection, struct trail403_numbers *_Nonnull numbers, const char *_Nonnull query);

#endif
