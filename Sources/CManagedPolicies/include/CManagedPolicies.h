#ifndef TRAIL403_CMANAGEDPOLICIES_H
#define TRAIL403_CMANAGEDPOLICIES_H

/// The texts of AWS's managed policies, as Scripts/update-managed-policies wrote them.
const unsigned char *_Nonnull trail403_managed_policies(void);

/// How many bytes they are.
unsigned long trail403_managed_policies_size(void);

#endif
