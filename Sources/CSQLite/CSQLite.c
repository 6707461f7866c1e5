#include "CSQLite.h"

#include <sqlite3.h>

void trail403_sqlite_allow_uris(void) { sqlite3_config(SQLITE_CONFIG_URI, 1); }

int trail403_sqlite_harden(void *connection, int is_reader) {
    sqlite3 *db = connection;
    const struct {
        int option;
        int value;
    } settings[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_reader ? 1 : 0},
    };
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) {
        int code = sqlite3_db_config(db, settings[i].option, settings[i].value, (int *)0);
        if (code != SQLITE_OK) return code;
    }
    const char *kept[] = {"json_each", "json_tree", 0};
    return sqlite3_drop_modules(db, kept);
}
