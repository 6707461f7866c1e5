#ifndef TRAIL403_CZLIB_H
#define TRAIL403_CZLIB_H
#include <zlib.h>
/* Extended attributes, which Swift's own module of the C library lacks. */
#include <sys/types.h>
#include <sys/xattr.h>
#endif
