extension Event {
    /// The event of a projected record.
    package init(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) {
        self.init()
        eventVersion = unsafe fields.string(.eventVersion, in: record)
        eventTime = unsafe fields.string(.eventTime, in: record)
        eventSource = unsafe fields.string(.eventSource, in: record)
        eventName = unsafe fields.string(.eventName, in: record)
        awsRegion = unsafe fields.string(.awsRegion, in: record)
        sourceIPAddress = unsafe fields.string(.sourceIPAddress, in: record)
        userAgent = unsafe fields.string(.userAgent, in: record)
        errorCode = unsafe fields.string(.errorCode, in: record)
        errorMessage = unsafe fields.string(.errorMessage, in: record)
        requestID = unsafe fields.string(.requestID, in: record)
        eventID = unsafe fields.string(.eventID, in: record) ?? fields.string(.aggregatedEventId, in: record)
        eventType = unsafe fields.string(.eventType, in: record)
        eventCategory = unsafe fields.string(.eventCategory, in: record)
        readOnly = unsafe fields.bool(.readOnly, in: record)
        managementEvent = unsafe fields.bool(.managementEvent, in: record)
        recipientAccountId = unsafe fields.string(.recipientAccountId, in: record)
        sharedEventID = unsafe fields.string(.sharedEventID, in: record)
        vpcEndpointId = unsafe fields.string(.vpcEndpointId, in: record)
        vpcEndpointAccountId = unsafe fields.string(.vpcEndpointAccountId, in: record)
        var identity = IdentityFields()
        unsafe identity.project(fields, in: record)
        userIdentity = unsafe UserIdentity(identity, in: record)
        requestParameters = unsafe fields.fragment(.requestParameters, in: record)
        responseElements = unsafe fields.fragment(.responseElements, in: record)
        additionalEventData = unsafe fields.fragment(.additionalEventData, in: record)
        serviceEventDetails = unsafe fields.fragment(.serviceEventDetails, in: record)
        resources = unsafe fields.fragment(.resources, in: record)
        tlsDetails = unsafe fields.fragment(.tlsDetails, in: record)
        addendum = unsafe fields.fragment(.addendum, in: record)
    }

    /// Of a projected record what tells whether and how it was refused, and what it changed; the rest stays absent.
    package init(brief fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) {
        self.init()
        eventSource = unsafe fields.string(.eventSource, in: record)
        eventName = unsafe fields.string(.eventName, in: record)
        awsRegion = unsafe fields.string(.awsRegion, in: record)
        recipientAccountId = unsafe fields.string(.recipientAccountId, in: record)
        errorCode = unsafe fields.string(.errorCode, in: record)
        errorMessage = unsafe fields.string(.errorMessage, in: record)
        var identity = IdentityFields()
        unsafe identity.project(fields, in: record)
        userIdentity = unsafe UserIdentity(identity, in: record)
        requestParameters = unsafe fields.fragment(.requestParameters, in: record)
        responseElements = unsafe fields.fragment(.responseElements, in: record)
        serviceEventDetails = unsafe fields.fragment(.serviceEventDetails, in: record)
    }

    /// The event of a record's JSON text; `nil` where it is not one whole JSON object.
    public init?(json: [UInt8]) {
        var fields = RecordFields()
        // SAFETY: the bytes are read within the call alone.
        let event: Event? = unsafe json.withUnsafeBytes { record in
            guard case .complete = unsafe fields.project(record) else { return nil }
            return unsafe Event(fields, record)
        }
        guard let event else { return nil }
        self = event
    }
}
