#ifndef TRAIL403_CBUILD_H
#define TRAIL403_CBUILD_H

/// The commit that the package was built from; empty where Scripts/install did not build it.
const char *_Nonnull trail403_commit(void);

#endif
