#ifndef TRAIL403_CPAGES_H
#define TRAIL403_CPAGES_H

/// The text of a page of the catalogue, such as `Database` or `Findings/missing-allow`, in UTF-8 without an end mark; NULL where the
/// program holds no such page.
const unsigned char *_Nullable trail403_page(const char *_Nonnull name, unsigned long *_Nonnull size);

#endif
