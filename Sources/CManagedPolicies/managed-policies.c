#include "CManagedPolicies.h"

// The bytes stand in the program itself: a resource bundle would have to lie beside it, and one file would no longer do. C takes
// them from the file as they are; as Swift text they would be a third larger, and take the compiler seconds.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char bytes[] = {
#embed "managed-policies.bin"
};

const unsigned char *trail403_managed_policies(void) { return bytes; }

unsigned long trail403_managed_policies_size(void) { return sizeof bytes; }
