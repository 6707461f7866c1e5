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
static const unsigned char network_rejected[] = {
#embed "../trail403/trail403.docc/Findings/network-rejected.md"
};
static const unsigned char endpoint_dns_public[] = {
#embed "../trail403/trail403.docc/Findings/endpoint-dns-public.md"
};
static const unsigned char dns_failed[] = {
#embed "../trail403/trail403.docc/Findings/dns-failed.md"
};
static const unsigned char dns_firewall[] = {
#embed "../trail403/trail403.docc/Findings/dns-firewall.md"
};
static const unsigned char proxy_answered[] = {
#embed "../trail403/trail403.docc/Findings/proxy-answered.md"
};
static const unsigned char cloudfront_refused[] = {
#embed "../trail403/trail403.docc/Findings/cloudfront-refused.md"
};
static const unsigned char load_balancer_refused[] = {
#embed "../trail403/trail403.docc/Findings/load-balancer-refused.md"
};
static const unsigned char waf_blocked[] = {
#embed "../trail403/trail403.docc/Findings/waf-blocked.md"
};
static const unsigned char gateway_no_such_route[] = {
#embed "../trail403/trail403.docc/Findings/gateway-no-such-route.md"
};
static const unsigned char gateway_unsigned[] = {
#embed "../trail403/trail403.docc/Findings/gateway-unsigned.md"
};
static const unsigned char gateway_api_key[] = {
#embed "../trail403/trail403.docc/Findings/gateway-api-key.md"
};
static const unsigned char gateway_authorizer_denied[] = {
#embed "../trail403/trail403.docc/Findings/gateway-authorizer-denied.md"
};
static const unsigned char gateway_resource_policy[] = {
#embed "../trail403/trail403.docc/Findings/gateway-resource-policy.md"
};
static const unsigned char gateway_iam_denied[] = {
#embed "../trail403/trail403.docc/Findings/gateway-iam-denied.md"
};
static const unsigned char gateway_unauthenticated[] = {
#embed "../trail403/trail403.docc/Findings/gateway-unauthenticated.md"
};
static const unsigned char gateway_integration_role[] = {
#embed "../trail403/trail403.docc/Findings/gateway-integration-role.md"
};
static const unsigned char gateway_refused[] = {
#embed "../trail403/trail403.docc/Findings/gateway-refused.md"
};
static const unsigned char gateway_integration_denied[] = {
#embed "../trail403/trail403.docc/Findings/gateway-integration-denied.md"
};
static const unsigned char gateway_status_masked[] = {
#embed "../trail403/trail403.docc/Findings/gateway-status-masked.md"
};
static const unsigned char gateway_passed[] = {
#embed "../trail403/trail403.docc/Findings/gateway-passed.md"
};
static const unsigned char network_cleared[] = {
#embed "../trail403/trail403.docc/Findings/network-cleared.md"
};
static const unsigned char signature_refused[] = {
#embed "../trail403/trail403.docc/Findings/signature-refused.md"
};
static const unsigned char seen_by_application_only[] = {
#embed "../trail403/trail403.docc/Findings/seen-by-application-only.md"
};
static const unsigned char s3_refused_unseen[] = {
#embed "../trail403/trail403.docc/Findings/s3-refused-unseen.md"
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
    {"Findings/network-rejected", network_rejected, sizeof network_rejected},
    {"Findings/endpoint-dns-public", endpoint_dns_public, sizeof endpoint_dns_public},
    {"Findings/dns-failed", dns_failed, sizeof dns_failed},
    {"Findings/dns-firewall", dns_firewall, sizeof dns_firewall},
    {"Findings/proxy-answered", proxy_answered, sizeof proxy_answered},
    {"Findings/cloudfront-refused", cloudfront_refused, sizeof cloudfront_refused},
    {"Findings/load-balancer-refused", load_balancer_refused, sizeof load_balancer_refused},
    {"Findings/waf-blocked", waf_blocked, sizeof waf_blocked},
    {"Findings/gateway-no-such-route", gateway_no_such_route, sizeof gateway_no_such_route},
    {"Findings/gateway-unsigned", gateway_unsigned, sizeof gateway_unsigned},
    {"Findings/gateway-api-key", gateway_api_key, sizeof gateway_api_key},
    {"Findings/gateway-authorizer-denied", gateway_authorizer_denied, sizeof gateway_authorizer_denied},
    {"Findings/gateway-resource-policy", gateway_resource_policy, sizeof gateway_resource_policy},
    {"Findings/gateway-iam-denied", gateway_iam_denied, sizeof gateway_iam_denied},
    {"Findings/gateway-unauthenticated", gateway_unauthenticated, sizeof gateway_unauthenticated},
    {"Findings/gateway-integration-role", gateway_integration_role, sizeof gateway_integration_role},
    {"Findings/gateway-refused", gateway_refused, sizeof gateway_refused},
    {"Findings/gateway-integration-denied", gateway_integration_denied, sizeof gateway_integration_denied},
    {"Findings/gateway-status-masked", gateway_status_masked, sizeof gateway_status_masked},
    {"Findings/gateway-passed", gateway_passed, sizeof gateway_passed},
    {"Findings/network-cleared", network_cleared, sizeof network_cleared},
    {"Findings/signature-refused", signature_refused, sizeof signature_refused},
    {"Findings/seen-by-application-only", seen_by_application_only, sizeof seen_by_application_only},
    {"Findings/s3-refused-unseen", s3_refused_unseen, sizeof s3_refused_unseen},
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
