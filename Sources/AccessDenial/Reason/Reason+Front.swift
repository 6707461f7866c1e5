extension Reason {
    /// What refuses in front of a service, as the logs beside CloudTrail tell it: no event of CloudTrail has these.
    ///
    /// Sources: "Gateway response types for API Gateway" in the Amazon API Gateway developer guide; "How do I troubleshoot HTTP 403 errors
    /// from API Gateway?" in the AWS Knowledge Center; "Log fields" in the AWS WAF developer guide.
    static let frontRows: [Row] = [
        Row(
            "gateway:missing-token", "API Gateway has no such route, or the call is not signed",
            "API Gateway knows no such path, method or stage, or the method uses IAM authorization and the call is unsigned."
        ),
        Row(
            "gateway:api-key", "API Gateway does not accept the API key",
            "The API key is missing, unknown, disabled, or in no usage plan of the stage."),
        Row(
            "gateway:authorizer", "the policy of the API's authorizer does not allow it",
            "The policy that a Lambda authorizer returned does not allow the path, or denies it."),
        Row(
            "gateway:resource-policy", "the API's resource policy does not allow it",
            "The resource policy of the API does not allow an unsigned call from there."),
        Row(
            "gateway:iam", "no policy lets the caller invoke the API",
            "The method uses IAM authorization, and no policy allows execute-api:Invoke, or one denies it."),
        Row(
            "gateway:unauthenticated", "the API's authorizer does not know the caller", category: .authentication,
            "The token is missing, or the authorizer does not accept it: API Gateway answers 401."),
        Row(
            "gateway:integration-role", "API Gateway may not assume the role of the integration",
            "The trust policy of the integration's role does not let API Gateway assume it."),
        Row(
            "gateway:integration", "the service behind API Gateway refused",
            "API Gateway passed the call on, and what it calls refused."),
        Row(
            "gateway:unstated", "API Gateway answered Forbidden and no more",
            "API Gateway refused, and the log does not tell for which of several causes."),
        Row(
            "waf", "a rule of AWS WAF blocks it",
            "A rule of the web ACL blocked the request before anything behind it saw it."),
        Row(
            "load-balancer", "the load balancer refused",
            "A rule of the listener, or what it asks first, refused: the target did not see the request."),
        Row(
            "cloudfront", "CloudFront refused", "The distribution refused, and the origin did not see the request."),
        Row(
            "proxy", "something that is not AWS answered",
            "The answer is a web page without a request id of AWS: a proxy or a web server on the way wrote it."),
        Row(
            "network", "the network rejected the connection",
            "A security group or network ACL rejected packets to port 443, so that no request was sent."),
    ]
}
