import OrderedJSON

/// What `aws ec2 describe-vpc-endpoints` prints.
///
/// Source: DescribeVpcEndpoints in the Amazon EC2 API reference.
struct EndpointExport {
    private let endpoints: [JSONValue]

    /// The export in a value; `nil` where it is none.
    init?(_ value: JSONValue) {
        guard case .array(let endpoints)? = value["VpcEndpoints"] else { return nil }
        self.endpoints = endpoints
    }

    func observe(in snapshot: inout Snapshot) {
        for item in endpoints {
            guard let id = ChangeReading.text(item["VpcEndpointId"]) else { continue }
            let endpoint = Holder.vpcEndpoint(id)
            snapshot.observe(endpoint, .existence, ["": .present], complete: true)
            if let text = item["PolicyDocument"] {
                snapshot.observe(endpoint, .policy, ["": .document(DocumentText(text))], complete: true)
            }
            var settings: [String: Value] = [:]
            settings["vpc"] = ChangeReading.text(item["VpcId"]).map(Value.text)
            settings["service"] = ChangeReading.text(item["ServiceName"]).map(Value.text)
            settings["owner"] = ChangeReading.text(item["OwnerId"]).map(Value.text)
            settings["type"] = ChangeReading.text(item["VpcEndpointType"]).map(Value.text)
            snapshot.observe(endpoint, .settings, settings, complete: false)
        }
    }
}
