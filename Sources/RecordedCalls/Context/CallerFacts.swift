import CloudTrail
import IAMPolicy
import OrderedJSON

/// What follows from the caller and the way of a call, by rules that take more than one place of the record.
///
/// Source of every rule: "AWS global condition context keys" in the IAM user guide, against "CloudTrail userIdentity element" in the
/// CloudTrail user guide.
extension RecordedCall {
    /// The AWS service that made the call with the caller's credentials.
    func findThroughService() -> String? {
        guard identityType != "AWSService" else { return nil }
        if let service = text("userIdentity", "invokedBy") { return service }
        guard let address = text("sourceIPAddress"), address.hasSuffix(".amazonaws.com") else { return nil }
        return address
    }

    /// The address that the call came from.
    func findAddress() -> String? { text("sourceIPAddress").flatMap { $0.isAddress ? $0 : nil } }

    /// Whether the call came through no endpoint for certain.
    var isOverPublicPath: Bool {
        guard endpoint == nil, throughService == nil, let address, case .missing = at(["vpcEndpointId"]) else {
            return false
        }
        // An address of a private network can have come through an endpoint of an old record.
        return !Self.privateNetworks.contains { address.hasPrefix($0) }
    }

    private static let privateNetworks = [
        "10.", "192.168.", "172.16.", "172.17.", "172.18.", "172.19.", "172.2", "172.30.", "172.31.",
    ]

    /// Whether the credentials are a user's own key, without a session.
    var isLongTerm: Bool {
        if let key = text("userIdentity", "accessKeyId") { return key.hasPrefix("AKIA") && !hasSession }
        return identityType == "IAMUser" && isWhole && !hasSession
    }

    private var hasSession: Bool {
        if case .value = at(["userIdentity", "sessionContext", "attributes"]) { return throughService == nil }
        return false
    }

    static func sourceIP(_ call: RecordedCall) -> ContextRow.Told {
        // A service carries on the caller's address, which its record does not tell.
        if call.throughService != nil { return .untold }
        if call.endpoint != nil { return .missing }
        return call.address.map(ContextRow.Told.value) ?? .untold
    }

    static func vpcSourceIP(_ call: RecordedCall) -> ContextRow.Told {
        if call.throughService != nil || call.isOverPublicPath { return .missing }
        guard call.endpoint != nil else { return .untold }
        return call.address.map(ContextRow.Told.value) ?? .untold
    }

    static func sourceEndpoint(_ call: RecordedCall) -> ContextRow.Told {
        if let endpoint = call.endpoint { return .value(endpoint) }
        return call.throughService != nil || call.isOverPublicPath ? .missing : .untold
    }

    static func sourceVPC(_ call: RecordedCall) -> ContextRow.Told {
        if call.endpoint != nil { return .among(nil, orAbsent: false) }
        return call.throughService != nil || call.isOverPublicPath ? .missing : .untold
    }

    static func endpointAccount(_ call: RecordedCall) -> ContextRow.Told {
        guard call.endpoint != nil else { return sourceEndpoint(call) }
        // Few services give it.
        return call.text("vpcEndpointAccountId").map { .among([$0], orAbsent: true) } ?? .untold
    }

    static func secureTransport(_ call: RecordedCall) -> ContextRow.Told {
        if case .value = call.at(["tlsDetails", "tlsVersion"]) { return .value("true") }
        return call.throughService != nil ? .value("true") : .untold
    }

    static func userID(_ call: RecordedCall) -> ContextRow.Told {
        let identity = call.text("userIdentity", "principalId")
        return identity.map(ContextRow.Told.value) ?? .untold
    }

    static func userName(_ call: RecordedCall) -> ContextRow.Told {
        guard let type = call.identityType else { return .untold }
        guard type == "IAMUser" else { return .missing }
        if let name = call.text("userIdentity", "userName") { return .value(name) }
        return call.text("userIdentity", "arn").flatMap { ARN($0) }.map { .value($0.name) } ?? .untold
    }

    static func isService(_ call: RecordedCall) -> ContextRow.Told {
        guard let type = call.identityType else { return .untold }
        return .value(type == "AWSService" ? "true" : "false")
    }

    static func viaService(_ call: RecordedCall) -> ContextRow.Told {
        if call.throughService != nil { return .value("true") }
        return call.identityType == nil && !call.isWhole ? .untold : .value("false")
    }

    /// The services that carry on the caller's credentials and say so; others leave the key out, or the list grew since.
    static func calledVia(_ call: RecordedCall) -> ContextRow.Told {
        guard let service = call.throughService else { return call.isWhole ? .missing : .untold }
        return setsCalledVia.contains(service) ? .list([service]) : .untold
    }

    static func calledViaOne(_ call: RecordedCall) -> ContextRow.Told {
        guard let service = call.throughService else { return call.isWhole ? .missing : .untold }
        return setsCalledVia.contains(service) ? .among([service], orAbsent: false) : .untold
    }

    private static let setsCalledVia = Set(
        [
            "aoss", "athena", "backup", "cloud9", "cloudformation", "databrew", "dataexchange", "dynamodb",
            "imagebuilder", "kms", "mgn", "nimble", "omics", "ram", "robomaker", "servicecatalog-appregistry",
            "sqlworkbench",
        ].map { $0 + ".amazonaws.com" })

    static func tokenIssueTime(_ call: RecordedCall) -> ContextRow.Told {
        if let time = call.text("userIdentity", "sessionContext", "attributes", "creationDate") {
            return call.isLongTerm ? .missing : .value(time)
        }
        return call.isLongTerm ? .missing : .untold
    }

    /// Records of roles' sessions say `false` also where the key is absent.
    static func multiFactor(_ call: RecordedCall) -> ContextRow.Told {
        if call.isLongTerm { return .missing }
        switch call.text("userIdentity", "sessionContext", "attributes", "mfaAuthenticated") {
        case "true"?: return .value("true")
        case "false"?:
            let isRole = ["AssumedRole", "Role"].contains(call.identityType)
            return isRole ? .among(["false"], orAbsent: true) : .value("false")
        default: return .untold
        }
    }

    static func multiFactorAge(_ call: RecordedCall) -> ContextRow.Told {
        switch multiFactor(call) {
        case .value("true"): break
        case .missing, .value, .among: return .missing
        case .list, .pairs, .untold: return .untold
        }
        guard let began = call.text("userIdentity", "sessionContext", "attributes", "creationDate"),
            let start = EventTime.seconds(began), let time = call.text("eventTime"), let end = EventTime.seconds(time),
            end >= start
        else { return .untold }
        return .value(String(end - start))
    }

    static func sourceIdentity(_ call: RecordedCall) -> ContextRow.Told {
        if let identity = call.text("userIdentity", "sessionContext", "sourceIdentity") { return .value(identity) }
        return call.isWhole ? .missing : .untold
    }

    static func epochTime(_ call: RecordedCall) -> ContextRow.Told {
        call.text("eventTime").flatMap { EventTime.seconds($0) }.map { .value(String($0)) } ?? .untold
    }

    static func userAgent(_ call: RecordedCall) -> ContextRow.Told {
        guard call.throughService == nil, var agent = call.text("userAgent"), agent.utf8.count < 1000 else {
            return .untold
        }
        // S3 records the agent in brackets.
        if agent.hasPrefix("["), agent.hasSuffix("]") { agent = String(agent.dropFirst().dropLast()) }
        return .value(agent)
    }

    /// The Region that the key is about: of a resource in another Region than the record's, such as the target of an inference
    /// profile, the resource's.
    static func requestedRegion(_ call: RecordedCall) -> ContextRow.Told {
        call.text("awsRegion").map(ContextRow.Told.value) ?? .untold
    }

    /// The address and the name of `Name <address>`, from which mail is to be sent; `nil` where the record does not tell it.
    var sender: (address: ContextRow.Told, name: ContextRow.Told)? {
        guard let text = parameterText("source") ?? parameterText("fromEmailAddress") else { return nil }
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else { return (.value(text), .missing) }
        let name = text[..<open].drop { $0 == " " || $0 == "\"" }
        let end = name.lastIndex { $0 != " " && $0 != "\"" }
        return (
            .value(String(text[text.index(after: open)...].dropLast())),
            end.map { .value(String(name[...$0])) } ?? .missing
        )
    }

    static func serviceName(_ call: RecordedCall) -> ContextRow.Told {
        guard let type = call.identityType else { return .untold }
        guard type == "AWSService" else { return .missing }
        return call.text("userIdentity", "invokedBy").map(ContextRow.Told.value) ?? .untold
    }

    static func instanceARN(_ call: RecordedCall) -> ContextRow.Told {
        guard let session = call.sessionName, session.hasPrefix("i-") else { return call.sessionKeyMissing }
        guard let account = call.text("userIdentity", "accountId"), let region = call.text("awsRegion") else {
            return .untold
        }
        return .among(["arn:aws:ec2:\(region):\(account):instance/\(session)"], orAbsent: false)
    }

    static func functionARN(_ call: RecordedCall) -> ContextRow.Told {
        for name in ["credentialsIssuedTo", "sourceArn"] {
            if let arn = call.text("userIdentity", "inScopeOf", name), arn.contains(":lambda:") { return .value(arn) }
        }
        if call.text("userAgent")?.contains("exec-env/AWS_Lambda") ?? false { return .among(nil, orAbsent: false) }
        return call.sessionKeyMissing
    }

    /// The name of the session.
    var sessionName: String? {
        guard let arn = text("userIdentity", "arn"), let parsed = ARN(arn), parsed.service == "sts" else { return nil }
        return parsed.name
    }

    /// A key of certain sessions, of a call whose session is not one of them as far as its record shows.
    private var sessionKeyMissing: ContextRow.Told {
        ["IAMUser", "Root"].contains(identityType) ? .missing : .untold
    }

    static func kmsVia(_ call: RecordedCall) -> ContextRow.Told {
        guard let service = call.throughService else { return call.isWhole ? .missing : .untold }
        guard let region = call.text("awsRegion"), service.hasSuffix(".amazonaws.com") else { return .untold }
        return .value("\(service.dropLast(".amazonaws.com".utf8.count)).\(region).amazonaws.com")
    }

    static func encryptionContext(_ call: RecordedCall) -> ContextRow.Told {
        switch call.parameter(["encryptionContext"]) {
        case .value(.object(let members)):
            return .pairs(Dictionary(members.map { ($0.key, $0.value.scalarText ?? "") }) { $1 })
        case .value, .untold: return .untold
        case .missing: return .missing
        }
    }

    static func encryptionContextKeys(_ call: RecordedCall) -> ContextRow.Told {
        guard case .pairs(let pairs) = encryptionContext(call) else { return encryptionContext(call) }
        return .list(pairs.keys.sorted())
    }

    /// Headers that S3 gives as parameters: a header that is not there was not sent.
    static func authenticationType(_ call: RecordedCall) -> ContextRow.Told {
        switch call.text("additionalEventData", "AuthenticationMethod") {
        case "AuthHeader"?: .value("REST-HEADER")
        case "QueryString"?: .value("REST-QUERY-STRING")
        default: .untold
        }
    }

    static func signatureVersion(_ call: RecordedCall) -> ContextRow.Told {
        switch call.text("additionalEventData", "SignatureVersion") {
        case "SigV4"?: .value("AWS4-HMAC-SHA256")
        case "SigV2"?: .value("AWS")
        default: .untold
        }
    }

    /// Milliseconds from the signature of a presigned URL to the call, as far as two times of whole seconds tell.
    static func signatureAge(_ call: RecordedCall) -> ContextRow.Told {
        guard call.text("additionalEventData", "AuthenticationMethod") == "QueryString",
            let signed = call.parameterText("X-Amz-Date"), let start = basicTime(signed),
            let time = call.text("eventTime"), let end = EventTime.seconds(time), end >= start
        else { return .untold }
        return .value(String((end - start) * 1000))
    }

    /// Seconds since 1970 of a time such as `20260611T080000Z`.
    private static func basicTime(_ text: String) -> Int64? {
        let digits = Array(text.utf8)
        guard digits.count == 16, digits[8] == UInt8(ascii: "T"), digits[15] == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        return EventTime.seconds(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }

    static func tlsVersion(_ call: RecordedCall) -> ContextRow.Told {
        guard let version = call.text("tlsDetails", "tlsVersion"), version.hasPrefix("TLSv") else { return .untold }
        let number = String(version.dropFirst(4))
        return .value(number == "1" ? "1.0" : number)
    }

    /// The service that a role is passed to.
    static func passedTo(_ call: RecordedCall) -> ContextRow.Told {
        guard let source = call.text("eventSource") else { return .untold }
        let services = PassedRole.services(passedToBy: source, call.text("eventName") ?? "")
        return switch services.count {
        case 0: .among(nil, orAbsent: false)
        case 1: .value(services[0])
        default: .among(services, orAbsent: false)
        }
    }

    static func tagKeys(_ call: RecordedCall) -> ContextRow.Told {
        if case .value(let keys) = call.parameter(["tagKeys"]) { return .list(keys.listed.compactMap(\.scalarText)) }
        return switch ContextTable.requestTags.told(by: call) {
        case .pairs(let tags): .list(tags.keys.sorted())
        case .missing: .missing
        case .value, .list, .among, .untold: .untold
        }
    }
}
