/// Parts of records of calls, as CloudTrail writes them.
package enum RecordText {
    /// Who calls: the role of an instance.
    package static let instance =
        #"{"type":"AssumedRole","principalId":"AROAB2QJQIX2UAD52XTB6:i-0abc","arn":"arn:aws:sts::111122223333:assumed-role/web-instance/i-0abc","accountId":"111122223333","accessKeyId":"ASIAIDFT4BVCAKMDNJQK","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/app/web-instance","accountId":"111122223333","userName":"web-instance"},"attributes":{"creationDate":"2026-06-16T06:00:00Z","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}}"#
    /// Who calls: a user with a key of its own.
    package static let user =
        #"{"type":"IAMUser","principalId":"AIDATHTR54U7YMETBRYU4","arn":"arn:aws:iam::111122223333:user/team/ops","accountId":"111122223333","accessKeyId":"AKIAVGCHQYE7CF332DGJ","userName":"ops"}"#
    /// Who calls: the same user in a session of the console, with MFA.
    package static let console =
        #"{"type":"IAMUser","principalId":"AIDATHTR54U7YMETBRYU4","arn":"arn:aws:iam::111122223333:user/team/ops","accountId":"111122223333","accessKeyId":"ASIAVGCHQYE7CF332DGJ","userName":"ops","sessionContext":{"attributes":{"creationDate":"2026-06-16T06:00:00Z","mfaAuthenticated":"true"}}}"#
    /// Who calls: whoever has a token of GitHub.
    package static let token =
        #"{"type":"WebIdentityUser","principalId":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:JarvisShop/web-app:ref:refs/heads/main","userName":"repo:JarvisShop/web-app:ref:refs/heads/main","identityProvider":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#
    /// An upload to S3 without who calls; what it passes follows.
    package static let put =
        #""eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.31","userAgent":"[aws-cli/2.31.0]","additionalEventData":{"SignatureVersion":"SigV4","AuthenticationMethod":"AuthHeader"},"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::acme-assets/foo/bar"},{"accountId":"111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::acme-assets"}],"tlsDetails":{"tlsVersion":"TLSv1.3"},"requestParameters":"#
}
