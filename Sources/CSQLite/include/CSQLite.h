#ifndef TRAIL403_CSQLITE_H
#define TRAIL403_CSQLITE_H

/// Lets SQLite open files by URI, where its build does not already. Call once, before the first connection is opened.
void trail403_sqlite_allow_uris(void);

/// Takes from an `sqlite3 *` what a hostile database file or statement could use: triggers, functions with side effects in the
/// schema, writes past the schema, loading of extensions, the two-argument `fts3_tokenizer`, and virtual tables other than
/// `json_each` and `json_tree`; and keeps a reader from folding the write-ahead log into the file.
///
/// Gives an SQLite result code.
int trail403_sqlite_harden(void *_Nonnull connection, int is_reader);

#endif
