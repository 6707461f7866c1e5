#include "CBuild.h"

#ifndef TRAIL403_COMMIT
#define TRAIL403_COMMIT ""
#endif

const char *trail403_commit(void) { return TRAIL403_COMMIT; }
