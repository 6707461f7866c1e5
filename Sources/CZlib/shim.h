#ifndef TRAIL403_CZLIB_H
#define TRAIL403_CZLIB_H
#include <zlib.h>
#endif
