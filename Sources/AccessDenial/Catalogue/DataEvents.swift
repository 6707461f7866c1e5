/// Actions that CloudTrail records as data events, which a trail holds only where it is told to. Those of Pinpoint are in
/// ``PinpointOperation/recording(on:)``.
///
/// Source: "Logging data events" in the AWS CloudTrail user guide; the most used services alone.
public enum DataEvents {
    /// Whether an IAM action is one.
    public static func contains(_ action: String) -> Bool { actions.contains(action) }

    private static let actions: Set<String> = Set(
        """
        s3:GetObject s3:PutObject s3:DeleteObject s3:GetObjectAcl s3:PutObjectAcl s3:ListBucket s3:GetObjectVersion s3:DeleteObjectVersion
        s3:GetObjectTagging s3:PutObjectTagging s3:RestoreObject s3:AbortMultipartUpload s3:ListMultipartUploadParts
        lambda:InvokeFunction
        dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:Query dynamodb:Scan dynamodb:BatchGetItem
        dynamodb:BatchWriteItem dynamodb:PartiQLSelect dynamodb:PartiQLInsert dynamodb:PartiQLUpdate dynamodb:PartiQLDelete
        sns:Publish sns:PublishBatch sqs:SendMessage sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility
        sms-voice:SendTextMessage sms-voice:SendMediaMessage sms-voice:SendVoiceMessage social-messaging:SendWhatsAppMessage
        kinesis:PutRecord kinesis:PutRecords kinesis:GetRecords states:StartSyncExecution
        cognito-identity:GetId cognito-identity:GetCredentialsForIdentity
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
