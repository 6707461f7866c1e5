#ifndef TRAIL403_CCHECKSUM_H
#define TRAIL403_CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor can do it.
int trail403_has_crc32(void);

/// The CRC-32 of gzip and zip after `size` more bytes, as zlib's `crc32` has it; only where `trail403_has_crc32`.
uint32_t trail403_crc32(uint32_t sum, const uint8_t *bytes, size_t size);

#endif
