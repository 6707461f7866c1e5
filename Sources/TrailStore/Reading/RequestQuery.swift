import AccessDenial
import CloudTrail
import GRDB

/// What the record of a denial tells of the request, where the database kept it.
public struct DenialRequest: Sendable, Hashable {
    /// CloudTrail's `eventID`.
    public var eventID: String
    /// The record's `requestParameters`, JSON text; `nil` where it has none.
    public var requestParameters: String?
    /// The ARNs of the record's `resources`.
    public var resources: [String]

    /// One request.
    public init(eventID: String, requestParameters: String? = nil, resources: [String] = []) {
        self.eventID = eventID
        self.requestParameters = requestParameters
        self.resources = resources
    }
}

/// Reads the requests behind denials from the records that the database kept: for the few groups where the messages tell too
/// little.
enum RequestQuery {
    static func complete(_ groups: inout [DenialGroup], _ db: Database) throws {
        for index in groups.indices where groups[index].category == .authorization {
            let group = groups[index]
            let isAssumption = group.action == "sts:AssumeRole"
            let isTold = (group.resources + group.inferredResources).contains { $0.value.hasPrefix("arn:") }
            guard isAssumption || !isTold else { continue }
            // What an assumption passes may differ from call to call; of the resource one call tells enough.
            for denial in group.evidence.prefix(isAssumption ? group.evidence.count : 1) {
                guard let json = try RecordQuery.kept(denial.key, path: "", db),
                    let event = Event(json: Array(json.utf8))
                else { continue }
                groups[index].requests.append(
                    DenialRequest(
                        eventID: denial.eventID,
                        requestParameters: event.requestParameters.map {
                            String(decoding: $0.bytes, as: UTF8.self)
                        },
                        resources: event.resources?.elements().compactMap {
                            $0.string(at: "ARN", ignoringCase: true)
                        } ?? []))
            }
        }
    }
}
