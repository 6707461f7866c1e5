#include "CPages.h"

#include <string.h>

// The pages that `trail403 help` shows, as they stand in the catalogue: one source, and one program without a folder beside it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char database[] = {
#embed "../trail403/trail403.docc/Database.md"
};
static const unsigned char service_ended[] = {
#embed "../trail403/trail403.docc/Findings/service-ended.md"
};
static const unsigned char not_subscribed[] = {
#embed "../trail403/trail403.docc/Findings/not-subscribed.md"
};
static const unsigned char account_state[] = {
#embed "../trail403/trail403.docc/Findings/account-state.md"
};
static const unsigned char mfa_failed[] = {
#embed "../trail403/trail403.docc/Findings/mfa-failed.md"
};
static const unsigned char credentials_expired[] = {
#embed "../trail403/trail403.docc/Findings/credentials-expired.md"
};
static const unsigned char credentials_invalid[] = {
#embed "../trail403/trail403.docc/Findings/credentials-invalid.md"
};
static const unsigned char signature_invalid[] = {
#embed "../trail403/trail403.docc/Findings/signature-invalid.md"
};
static const unsigned char cognito_guest_session_policy[] = {
#embed "../trail403/trail403.docc/Findings/cognito-guest-session-policy.md"
};
static const unsigned char permissions_changed[] = {
#embed "../trail403/trail403.docc/Findings/permissions-changed.md"
};
static const unsigned char principal_recreated[] = {
#embed "../trail403/trail403.docc/Findings/principal-recreated.md"
};
static const unsigned char wrong_iam_prefix[] = {
#embed "../trail403/trail403.docc/Findings/wrong-iam-prefix.md"
};
static const unsigned char resource_too_narrow[] = {
#embed "../trail403/trail403.docc/Findings/resource-too-narrow.md"
};
static const unsigned char condition_unmet[] = {
#embed "../trail403/trail403.docc/Findings/condition-unmet.md"
};
static const unsigned char pass_role_missing[] = {
#embed "../trail403/trail403.docc/Findings/pass-role-missing.md"
};
static const unsigned char not_yet_effective[] = {
#embed "../trail403/trail403.docc/Findings/not-yet-effective.md"
};
static const unsigned char explicit_deny[] = {
#embed "../trail403/trail403.docc/Findings/explicit-deny.md"
};
static const unsigned char region_mismatch[] = {
#embed "../trail403/trail403.docc/Findings/region-mismatch.md"
};
static const unsigned char mfa_absent[] = {
#embed "../trail403/trail403.docc/Findings/mfa-absent.md"
};
static const unsigned char network_path_changed[] = {
#embed "../trail403/trail403.docc/Findings/network-path-changed.md"
};
static const unsigned char environment_difference[] = {
#embed "../trail403/trail403.docc/Findings/environment-difference.md"
};
static const unsigned char cross_account[] = {
#embed "../trail403/trail403.docc/Findings/cross-account.md"
};
static const unsigned char read_works_write_denied[] = {
#embed "../trail403/trail403.docc/Findings/read-works-write-denied.md"
};
static const unsigned char missing_allow[] = {
#embed "../trail403/trail403.docc/Findings/missing-allow.md"
};
static const unsigned char client_changed[] = {
#embed "../trail403/trail403.docc/Findings/client-changed.md"
};
static const unsigned char never_succeeded[] = {
#embed "../trail403/trail403.docc/Findings/never-succeeded.md"
};
static const unsigned char refused_by_service[] = {
#embed "../trail403/trail403.docc/Findings/refused-by-service.md"
};
static const unsigned char via_api_gateway[] = {
#embed "../trail403/trail403.docc/Findings/via-api-gateway.md"
};
static const unsigned char via_aws_service[] = {
#embed "../trail403/trail403.docc/Findings/via-aws-service.md"
};
static const unsigned char message_truncated[] = {
#embed "../trail403/trail403.docc/Findings/message-truncated.md"
};
static const unsigned char reason_unstated[] = {
#embed "../trail403/trail403.docc/Findings/reason-unstated.md"
};

static const struct {
    const char *name;
    const unsigned char *bytes;
    unsigned long size;
} pages[] = {
    {"Database", database, sizeof database},
    {"Findings/service-ended", service_ended, sizeof service_ended},
    {"Findings/not-subscribed", not_subscribed, sizeof not_subscribed},
    {"Findings/account-state", account_state, sizeof account_state},
    {"Findings/mfa-failed", mfa_failed, sizeof mfa_failed},
    {"Findings/credentials-expired", credentials_expired, sizeof credentials_expired},
    {"Findings/credentials-invalid", credentials_invalid, sizeof credentials_invalid},
    {"Findings/signature-invalid", signature_invalid, sizeof signature_invalid},
    {"Findings/cognito-guest-session-policy", cognito_guest_session_policy, sizeof cognito_guest_session_policy},
    {"Findings/permissions-changed", permissions_changed, sizeof permissions_changed},
    {"Findings/principal-recreated", principal_recreated, sizeof principal_recreated},
    {"Findings/wrong-iam-prefix", wrong_iam_prefix, sizeof wrong_iam_prefix},
    {"Findings/resource-too-narrow", resource_too_narrow, sizeof resource_too_narrow},
    {"Findings/condition-unmet", condition_unmet, sizeof condition_unmet},
    {"Findings/pass-role-missing", pass_role_missing, sizeof pass_role_missing},
    {"Findings/not-yet-effective", not_yet_effective, sizeof not_yet_effective},
    {"Findings/explicit-deny", explicit_deny, sizeof explicit_deny},
    {"Findings/region-mismatch", region_mismatch, sizeof region_mismatch},
    {"Findings/mfa-absent", mfa_absent, sizeof mfa_absent},
    {"Findings/network-path-changed", network_path_changed, sizeof network_path_changed},
    {"Findings/environment-difference", environment_difference, sizeof environment_difference},
    {"Findings/cross-account", cross_account, sizeof cross_account},
    {"Findings/read-works-write-denied", read_works_write_denied, sizeof read_works_write_denied},
    {"Findings/missing-allow", missing_allow, sizeof missing_allow},
    {"Findings/client-changed", client_changed, sizeof client_changed},
    {"Findings/never-succeeded", never_succeeded, sizeof never_succeeded},
    {"Findings/refused-by-service", refused_by_service, sizeof refused_by_service},
    {"Findings/via-api-gateway", via_api_gateway, sizeof via_api_gateway},
    {"Findings/via-aws-service", via_aws_service, sizeof via_aws_service},
    {"Findings/message-truncated", message_truncated, sizeof message_truncated},
    {"Findings/reason-unstated", reason_unstated, sizeof reason_unstated},
};

const unsigned char *trail403_page(const char *name, unsigned long *size) {
    for (unsigned long i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (strcmp(pages[i].name, name) == 0) {
            *size = pages[i].size;
            return pages[i].bytes;
        }
    }
    return 0;
}
