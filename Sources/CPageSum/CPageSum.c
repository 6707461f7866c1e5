#include "CPageSum.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// A layer over SQLite's own file layer ("VFS") that is asked for database files alone; logs and journals have checksums of their
// own.
//
// A page's last 8 bytes are its checksum, or 0 for none. SQLite gets the page with 0 there, so that whatever it puts into its
// log bears none, and another program that moves pages from the log into the file, as every reader of a database may when it is
// the last to close it, leaves pages without a checksum rather than with a wrong one. A page that another program changed in
// place keeps the old checksum, and is found; `VACUUM` writes all pages anew, without any.
//
// Whether such a page was damaged or changed on purpose cannot be told from it. Who reads gets it, and it is counted; who writes
// does not, since the page would get a right checksum for wrong bytes.

enum { SUM_BYTES = 8, HEADER_BYTES = 100 };

typedef struct {
    sqlite3_file base;
    /// Of a file whose pages bear checksums, else 0.
    int pageSize;
    /// Of a file that was opened for writing.
    int isWritten;
    /// A page on its way into the file.
    uint8_t *scratch;
    int scratchSize;
} SumFile;

static uint32_t wantedApplicationID;
static atomic_ullong changedPages;
static sqlite3_vfs layer;

static sqlite3_vfs *real(sqlite3_vfs *vfs) { return (sqlite3_vfs *)vfs->pAppData; }
static sqlite3_file *realFile(sqlite3_file *file) { return (sqlite3_file *)((SumFile *)file + 1); }

static inline uint64_t word(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static inline uint64_t mix(uint64_t state, uint64_t value) {
    state = (state ^ value) * 0x9e3779b97f4a7c15u;
    return state ^ state >> 32;
}

uint64_t trail403_page_sum(const uint8_t *page, size_t size, uint32_t number) {
    size_t count = size - SUM_BYTES, offset = 0;
    // Four lanes: a multiplication need not wait for the one before.
    uint64_t lanes[4] = {number, 1, 2, 3};
    for (; offset + 32 <= count; offset += 32)
        for (int lane = 0; lane < 4; lane++) lanes[lane] = mix(lanes[lane], word(page + offset + 8 * lane));
    for (; offset + 8 <= count; offset += 8) lanes[0] = mix(lanes[0], word(page + offset));
    uint64_t sum = count;
    for (int lane = 0; lane < 4; lane++) sum = mix(sum, lanes[lane]);
    return sum ? sum : 1;
}

/// Learns from the first bytes of a database whether its pages bear checksums.
static void readHeader(SumFile *file, const uint8_t *bytes) {
    if (memcmp(bytes, "SQLite format 3", 16) != 0) {
        file->pageSize = 0;
        return;
    }
    int size = bytes[16] << 8 | bytes[17];
    if (size == 1) size = 65536;
    uint32_t id = (uint32_t)bytes[68] << 24 | (uint32_t)bytes[69] << 16 | (uint32_t)bytes[70] << 8 | bytes[71];
    int isOurs = bytes[20] == SUM_BYTES && id == wantedApplicationID && size >= 512 && (size & (size - 1)) == 0;
    file->pageSize = isOurs ? size : 0;
}

static int isPage(const SumFile *file, int amount, sqlite3_int64 offset) {
    return file->pageSize > 0 && amount == file->pageSize && offset % amount == 0;
}

static int sumClose(sqlite3_file *file) {
    SumFile *own = (SumFile *)file;
    free(own->scratch);
    own->scratch = NULL;
    return realFile(file)->pMethods ? realFile(file)->pMethods->xClose(realFile(file)) : SQLITE_OK;
}

static int sumRead(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
    SumFile *own = (SumFile *)file;
    int code = realFile(file)->pMethods->xRead(realFile(file), buffer, amount, offset);
    if (code != SQLITE_OK) return code;
    if (offset == 0 && amount >= HEADER_BYTES) readHeader(own, buffer);
    if (!isPage(own, amount, offset)) return SQLITE_OK;
    uint8_t *stored = (uint8_t *)buffer + amount - SUM_BYTES;
    uint64_t sum = word(stored);
    if (sum == 0) return SQLITE_OK;
    if (sum != trail403_page_sum(buffer, (size_t)amount, (uint32_t)(offset / amount + 1))) {
        if (own->isWritten) return SQLITE_IOERR_DATA;
        atomic_fetch_add(&changedPages, 1);
    }
    memset(stored, 0, SUM_BYTES);
    return SQLITE_OK;
}

static int sumWrite(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
    SumFile *own = (SumFile *)file;
    sqlite3_file *under = realFile(file);
    if (offset == 0 && amount >= HEADER_BYTES) readHeader(own, buffer);
    if (!isPage(own, amount, offset)) return under->pMethods->xWrite(under, buffer, amount, offset);
    if (own->scratchSize < amount) {
        uint8_t *grown = realloc(own->scratch, (size_t)amount);
        if (!grown) return SQLITE_IOERR_NOMEM;
        own->scratch = grown;
        own->scratchSize = amount;
    }
    memcpy(own->scratch, buffer, (size_t)amount);
    uint64_t sum = trail403_page_sum(own->scratch, (size_t)amount, (uint32_t)(offset / amount + 1));
    memcpy(own->scratch + amount - SUM_BYTES, &sum, SUM_BYTES);
    return under->pMethods->xWrite(under, own->scratch, amount, offset);
}

static int sumFileControl(sqlite3_file *file, int operation, void *argument) {
    sqlite3_file *under = realFile(file);
    if (operation == SQLITE_FCNTL_CKPT_START) {
        // Another connection may have laid the file out anew since its header was read.
        uint8_t header[HEADER_BYTES];
        if (under->pMethods->xRead(under, header, HEADER_BYTES, 0) == SQLITE_OK) readHeader((SumFile *)file, header);
    }
    return under->pMethods->xFileControl(under, operation, argument);
}

static int sumTruncate(sqlite3_file *f, sqlite3_int64 size) { return realFile(f)->pMethods->xTruncate(realFile(f), size); }
static int sumSync(sqlite3_file *f, int flags) { return realFile(f)->pMethods->xSync(realFile(f), flags); }
static int sumFileSize(sqlite3_file *f, sqlite3_int64 *size) { return realFile(f)->pMethods->xFileSize(realFile(f), size); }
static int sumLock(sqlite3_file *f, int level) { return realFile(f)->pMethods->xLock(realFile(f), level); }
static int sumUnlock(sqlite3_file *f, int level) { return realFile(f)->pMethods->xUnlock(realFile(f), level); }
static int sumCheckReservedLock(sqlite3_file *f, int *out) { return realFile(f)->pMethods->xCheckReservedLock(realFile(f), out); }
static int sumSectorSize(sqlite3_file *f) { return realFile(f)->pMethods->xSectorSize(realFile(f)); }
static int sumDeviceCharacteristics(sqlite3_file *f) { return realFile(f)->pMethods->xDeviceCharacteristics(realFile(f)); }
static int sumShmMap(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return realFile(f)->pMethods->xShmMap(realFile(f), page, size, extend, out);
}
static int sumShmLock(sqlite3_file *f, int offset, int n, int flags) {
    return realFile(f)->pMethods->xShmLock(realFile(f), offset, n, flags);
}
static void sumShmBarrier(sqlite3_file *f) { realFile(f)->pMethods->xShmBarrier(realFile(f)); }
static int sumShmUnmap(sqlite3_file *f, int delete) { return realFile(f)->pMethods->xShmUnmap(realFile(f), delete); }

// Version 2: there is no xFetch, so that SQLite never maps a file into memory past this layer.
static const sqlite3_io_methods methods = {
    2, sumClose, sumRead, sumWrite, sumTruncate, sumSync, sumFileSize, sumLock, sumUnlock, sumCheckReservedLock, sumFileControl,
    sumSectorSize, sumDeviceCharacteristics, sumShmMap, sumShmLock, sumShmBarrier, sumShmUnmap, NULL, NULL,
};

static int layerOpen(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags) {
    if (!(flags & SQLITE_OPEN_MAIN_DB)) return real(vfs)->xOpen(real(vfs), name, file, flags, outFlags);
    SumFile *own = (SumFile *)file;
    memset(own, 0, sizeof *own);
    int code = real(vfs)->xOpen(real(vfs), name, realFile(file), flags, outFlags);
    // SQLite closes a file that could not be opened only where it has methods.
    int hasMethods = realFile(file)->pMethods != NULL;
    if (hasMethods && code == SQLITE_OK && realFile(file)->pMethods->iVersion < 2) {
        realFile(file)->pMethods->xClose(realFile(file));
        return SQLITE_CANTOPEN;
    }
    own->isWritten = (flags & SQLITE_OPEN_READWRITE) != 0;
    own->base.pMethods = hasMethods ? &methods : NULL;
    return code;
}

static int layerDelete(sqlite3_vfs *v, const char *name, int sync) { return real(v)->xDelete(real(v), name, sync); }
static int layerAccess(sqlite3_vfs *v, const char *name, int flags, int *out) { return real(v)->xAccess(real(v), name, flags, out); }
static int layerFullPathname(sqlite3_vfs *v, const char *name, int n, char *out) { return real(v)->xFullPathname(real(v), name, n, out); }
static void *layerDlOpen(sqlite3_vfs *v, const char *name) { return real(v)->xDlOpen(real(v), name); }
static void layerDlError(sqlite3_vfs *v, int n, char *out) { real(v)->xDlError(real(v), n, out); }
static void (*layerDlSym(sqlite3_vfs *v, void *handle, const char *name))(void) { return real(v)->xDlSym(real(v), handle, name); }
static void layerDlClose(sqlite3_vfs *v, void *handle) { real(v)->xDlClose(real(v), handle); }
static int layerRandomness(sqlite3_vfs *v, int n, char *out) { return real(v)->xRandomness(real(v), n, out); }
static int layerSleep(sqlite3_vfs *v, int microseconds) { return real(v)->xSleep(real(v), microseconds); }
static int layerCurrentTime(sqlite3_vfs *v, double *now) { return real(v)->xCurrentTime(real(v), now); }
static int layerGetLastError(sqlite3_vfs *v, int n, char *out) { return real(v)->xGetLastError(real(v), n, out); }
static int layerCurrentTimeInt64(sqlite3_vfs *v, sqlite3_int64 *now) { return real(v)->xCurrentTimeInt64(real(v), now); }

uint64_t trail403_changed_pages(void) { return atomic_load(&changedPages); }

int trail403_register_page_sums(uint32_t applicationID) {
    sqlite3_vfs *under = sqlite3_vfs_find(NULL);
    if (!under) return SQLITE_ERROR;
    wantedApplicationID = applicationID;
    layer = (sqlite3_vfs){
        .iVersion = under->iVersion < 2 ? under->iVersion : 2,
        .szOsFile = under->szOsFile + (int)sizeof(SumFile),
        .mxPathname = under->mxPathname,
        .zName = "trail403",
        .pAppData = under,
        .xOpen = layerOpen,
        .xDelete = layerDelete,
        .xAccess = layerAccess,
        .xFullPathname = layerFullPathname,
        .xDlOpen = layerDlOpen,
        .xDlError = layerDlError,
        .xDlSym = layerDlSym,
        .xDlClose = layerDlClose,
        .xRandomness = layerRandomness,
        .xSleep = layerSleep,
        .xCurrentTime = layerCurrentTime,
        .xGetLastError = layerGetLastError,
        .xCurrentTimeInt64 = layerCurrentTimeInt64,
    };
    return sqlite3_vfs_register(&layer, 1);
}
