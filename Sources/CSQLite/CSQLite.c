#include "CSQLite.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

void trail403_sqlite_allow_uris(void) { sqlite3_config(SQLITE_CONFIG_URI, 1); }

void trail403_sqlite_count_no_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

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

int trail403_sqlite_write_without_journal(void *connection) {
    sqlite3 *db = connection;
    // A defensive connection keeps its journal whatever it is told.
    int code = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)0);
    if (code != SQLITE_OK) return code;
    code = sqlite3_exec(db, "PRAGMA main.journal_mode = OFF", 0, 0, 0);
    int again = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    return code != SQLITE_OK ? code : again;
}

// A hash table with open addressing: the numbers may be any, since the file that holds them may be anybody's.
struct trail403_numbers {
    struct {
        sqlite3_int64 old, new;
        int is_used;
    } *slots;
    // A power of two, above twice the count; 0 where there is none.
    uint64_t capacity;
};

static uint64_t first_slot(const struct trail403_numbers *numbers, sqlite3_int64 old) {
    return (((uint64_t)old * 0x9E3779B97F4A7C15u) >> 32) & (numbers->capacity - 1);
}

static void translate(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const struct trail403_numbers *numbers = sqlite3_user_data(context);
    if (numbers->capacity == 0 || sqlite3_value_type(values[0]) != SQLITE_INTEGER) return;
    sqlite3_int64 old = sqlite3_value_int64(values[0]);
    for (uint64_t i = first_slot(numbers, old); numbers->slots[i].is_used; i = (i + 1) & (numbers->capacity - 1)) {
        if (numbers->slots[i].old == old) {
            sqlite3_result_int64(context, numbers->slots[i].new);
            return;
        }
    }
}

static void forget(void *data) {
    struct trail403_numbers *numbers = data;
    free(numbers->slots);
    free(numbers);
}

struct trail403_numbers *trail403_sqlite_add_numbers(void *connection, const char *name) {
    struct trail403_numbers *numbers = calloc(1, sizeof *numbers);
    if (!numbers) return 0;
    // It frees them, too, where it fails.
    int code = sqlite3_create_function_v2(connection, name, 1, SQLITE_UTF8, numbers, translate, 0, 0, forget);
    return code == SQLITE_OK ? numbers : 0;
}

static int add(struct trail403_numbers *numbers, uint64_t count, sqlite3_int64 old, sqlite3_int64 new) {
    if (2 * (count + 1) > numbers->capacity) {
        struct trail403_numbers larger = {0, numbers->capacity ? 2 * numbers->capacity : 1024};
        larger.slots = calloc(larger.capacity, sizeof *larger.slots);
        if (!larger.slots) return SQLITE_NOMEM;
        for (uint64_t i = 0; i < numbers->capacity; i++) {
            if (!numbers->slots[i].is_used) continue;
            uint64_t j = first_slot(&larger, numbers->slots[i].old);
            while (larger.slots[j].is_used) j = (j + 1) & (larger.capacity - 1);
            larger.slots[j] = numbers->slots[i];
        }
        free(numbers->slots);
        *numbers = larger;
    }
    uint64_t i = first_slot(numbers, old);
    while (numbers->slots[i].is_used) i = (i + 1) & (numbers->capacity - 1);
    numbers->slots[i].old = old;
    numbers->slots[i].new = new;
    numbers->slots[i].is_used = 1;
    return SQLITE_OK;
}

int trail403_sqlite_fill_numbers(void *connection, struct trail403_numbers *numbers, const char *query) {
    free(numbers->slots);
    numbers->slots = 0;
    numbers->capacity = 0;
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(connection, query, -1, &statement, 0);
    if (code != SQLITE_OK) return code;
    uint64_t count = 0;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (sqlite3_column_type(statement, 1) != SQLITE_INTEGER) continue;
        code = add(numbers, count++, sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1));
        if (code != SQLITE_OK) break;
    }
    int ended = sqlite3_finalize(statement);
    return code == SQLITE_DONE ? ended : code;
}
