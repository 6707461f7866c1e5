#ifndef CPAGESUM_H
#define CPAGESUM_H

#include <stddef.h>
#include <stdint.h>

/// Makes SQLite's file layer write a checksum into every page of trail403's databases and compare it when a page is read.
///
/// The layer becomes the default of the process. It touches only database files whose header bears `applicationID` and says that
/// the last 8 bytes of each page are reserved. Of those, a page that is not as it was written is counted where it is read from a
/// file that was opened for reading only, and gives `SQLITE_IOERR_DATA` where the file was opened for writing. Returns an SQLite
/// result code. To be called once.
int trail403_register_page_sums(uint32_t applicationID);

/// How often this process has read a page that is not as it was written.
uint64_t trail403_changed_pages(void);

/// The checksum of the page with this number; `size` is that of the page, whose last 8 bytes do not count. Never 0.
uint64_t trail403_page_sum(const uint8_t *page, size_t size, uint32_t number);

#endif
