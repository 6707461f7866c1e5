import IAMPolicy
import OrderedJSON

/// One thing in which refused and allowed requests differ.
public struct RequestDifference: Sendable, Hashable {
    /// Where it stands in the records, such as `requestParameters.x-amz-acl`.
    public var field: String
    /// The condition key that a policy sees it by; `nil` where no policy does.
    public var contextKey: String?
    /// What the refused requests had; empty where they had nothing there.
    public var denied: [String]
    /// What the allowed requests had; empty where they had nothing there.
    public var succeeded: [String]

    /// One difference.
    public init(field: String, contextKey: String? = nil, denied: [String], succeeded: [String]) {
        self.field = field
        self.contextKey = contextKey
        self.denied = denied
        self.succeeded = succeeded
    }
}

/// Refused and allowed requests of one group, compared field by field.
public struct RequestComparison: Sendable, Hashable {
    /// In what every refused request differs from every allowed one, what a policy sees first.
    public var differences: [RequestDifference]
    /// Whether everything could be compared: only then does "nothing tells them apart" follow from no difference.
    public var isWhole: Bool
    /// CloudTrail's id of a refused call.
    public var deniedEventID: String
    /// CloudTrail's id of an allowed call.
    public var succeededEventID: String

    /// Whether nothing that was recorded tells the requests apart.
    public var tellsNothingApart: Bool { isWhole && differences.isEmpty }
}

extension RequestComparison {
    /// Compares refused requests with allowed ones; `nil` where there is none of either.
    ///
    /// A field whose values overlap tells nothing and is left out.
    ///
    /// - Parameter areAll: whether no more were refused than these.
    package init?(refused: [ObservedRequest], areAll: Bool, allowed: [ObservedRequest]) {
        guard let first = refused.first, let last = allowed.last else { return nil }
        deniedEventID = first.eventID
        succeededEventID = last.eventID
        isWhole = (refused + allowed).allSatisfy(\.call.isWhole) && areAll
        // What is the same in both tells nothing, and what differs between all of them differs between the first two.
        let (own, other) = first.call.record.differences(from: allowed[0].call.record, besides: Self.passing)
        let fields = ComparedFields([(first, own), (allowed[0], other)], besides: Self.passing)
        var (left, right) = ([fields.texts(of: (first, own))], [fields.texts(of: (allowed[0], other))])
        let differing = fields.indices.filter { left[0][$0] != right[0][$0] }
        // Mostly nothing does.
        if !differing.isEmpty {
            left += refused.dropFirst().map { fields.texts(of: ($0, $0.call.record)) }
            right += allowed.dropFirst().map { fields.texts(of: ($0, $0.call.record)) }
        }
        var found: [RequestDifference] = []
        for place in differing {
            let isApart = left.allSatisfy { had in right.allSatisfy { $0[place] != had[place] } }
            guard isApart else { continue }
            let field = fields.name(of: place)
            func isTold(_ texts: [String?], _ request: ObservedRequest) -> Bool {
                texts[place] != nil || Self.isMissing(field, request)
            }
            guard zip(left, refused).allSatisfy(isTold), zip(right, allowed).allSatisfy(isTold) else { continue }
            let (had, wanted) = (Set(left.map { $0[place] }), Set(right.map { $0[place] }))
            found.append(
                RequestDifference(
                    field: field, contextKey: Self.contextKey(field, first.action),
                    denied: had.compactMap(\.self).sorted(), succeeded: wanted.compactMap(\.self).sorted()))
        }
        differences = found.sorted { (Self.rank($0), $0.field) < (Self.rank($1), $1.field) }
    }

    /// What policies see first, then what was asked for, then the rest.
    private static func rank(_ difference: RequestDifference) -> Int {
        if difference.contextKey != nil { return difference.field.hasPrefix("userAgent") ? 3 : 0 }
        return difference.field.hasPrefix("requestParameters") ? 1 : 2
    }

    /// Fields that differ from call to call by themselves, or that say again what another field says.
    private static let passing = MemberTree(paths: [
        "eventVersion", "eventTime", "eventID", "requestID", "sharedEventID", "errorCode", "eventType",
        "managementEvent",
        "eventCategory", "eventSource", "userIdentity.accessKeyId", "userIdentity.principalId",
        "userIdentity.sessionContext.attributes.creationDate", "additionalEventData.x-amz-id-2",
        "additionalEventData.bytesTransferredIn", "additionalEventData.bytesTransferredOut",
        "additionalEventData.requestID", "additionalEventData.SSEApplied", "requestParameters.Host",
        "requestParameters.clientToken", "requestParameters.clientRequestToken", "tlsDetails.cipherSuite",
    ])

    /// Whether the record shows that there is nothing at the place.
    private static func isMissing(_ field: String, _ request: ObservedRequest) -> Bool {
        guard request.call.isWhole else { return false }
        return !field.hasPrefix("requestParameters") || request.call.parameters != nil
    }

    /// The condition key by which a policy sees a field.
    private static func contextKey(_ field: String, _ action: String) -> String? {
        if let known = keys[field] { return known }
        if field.hasSuffix(":aud") || field.hasSuffix(":sub") { return field }
        guard field.hasPrefix("requestParameters.") else { return nil }
        let path = field.dropFirst("requestParameters.".count).split(separator: ".").map { $0.lowercased() }
        let action = action.lowercased()
        return ContextTable.rowsByParameter[path, default: []].first { $0.applies(to: action) }?.key
            ?? (path.first == "tags" || path.first == "tagspecificationset" ? "aws:RequestTag" : nil)
    }

    private static let keys: [String: String] = [
        "sourceIPAddress": "aws:SourceIp", "vpcEndpointId": "aws:SourceVpce", "awsRegion": "aws:RequestedRegion",
        "userAgent": "aws:UserAgent",
        "userIdentity.sessionContext.attributes.mfaAuthenticated": "aws:MultiFactorAuthPresent",
        "userIdentity.sessionContext.sourceIdentity": "aws:SourceIdentity",
        "userIdentity.invokedBy": "aws:ViaAWSService",
        "tlsDetails.tlsVersion": "s3:TlsVersion",
    ]
}

extension JSONValue {
    /// How many members of one object are looked at.
    private static let memberLimit = 64

    /// What two values do not have in common: of objects the members that differ, besides some.
    fileprivate func differences(from other: JSONValue, besides passing: MemberTree?) -> (JSONValue, JSONValue) {
        guard case .object(let own) = self, case .object(let others) = other,
            own.namesAreUnique(upTo: Self.memberLimit), others.namesAreUnique(upTo: Self.memberLimit)
        else { return (self, other) }
        var (left, right): ([Member], [Member]) = ([], [])
        var isPaired = Array(repeating: false, count: others.count)
        for (place, member) in own.enumerated() {
            let below = passing?[member.key]
            let isAtSamePlace = place < others.count && others[place].key == member.key
            let twin = isAtSamePlace ? place : others.place(of: member.key)
            guard let twin else {
                if below?.isLeaf != true { left.append(member) }
                continue
            }
            isPaired[twin] = true
            if below?.isLeaf == true || member.value == others[twin].value { continue }
            let (mine, theirs) = member.value.differences(from: others[twin].value, besides: below)
            left.append(Member(member.key, mine))
            right.append(Member(member.key, theirs))
        }
        for (place, member) in others.enumerated() where !isPaired[place] && passing?[member.key]?.isLeaf != true {
            right.append(member)
        }
        return (.object(left), .object(right))
    }
}

extension [JSONValue.Member] {
    /// Whether there are no more than so many, and no name twice.
    fileprivate func namesAreUnique(upTo limit: Int) -> Bool {
        guard count <= limit else { return false }
        for place in indices.dropFirst() {
            let name = self[place].key
            let length = name.utf8.count
            for other in 0..<place where self[other].key.utf8.count == length && self[other].key == name {
                return false
            }
        }
        return true
    }
}

/// The names of members, and of the members below them: few, so that a walk finds one sooner than a table.
final class MemberTree: Sendable {
    private let names: [String]
    private let below: [MemberTree]

    private init(_ names: [String], _ below: [MemberTree]) { (self.names, self.below) = (names, below) }

    /// Names with dots between them.
    convenience init(paths: [String]) { self.init(paths.map { $0.split(separator: ".").map(String.init)[...] }) }

    private convenience init(_ paths: [ArraySlice<String>]) {
        var names: [String] = []
        var below: [[ArraySlice<String>]] = []
        for path in paths {
            guard let name = path.first else { continue }
            let place = names.place(of: name) ?? names.count
            if place == names.count {
                names.append(name)
                below.append([])
            }
            below[place].append(path.dropFirst())
        }
        self.init(names, below.map(MemberTree.init))
    }

    /// Whether nothing stands below.
    var isLeaf: Bool { names.isEmpty }

    /// What stands below a name; `nil` where that is not in it.
    subscript(name: String) -> MemberTree? { names.place(of: name).map { below[$0] } }
}

extension [String] {
    /// The place of a name: names of another length need no look.
    fileprivate func place(of name: String) -> Int? {
        let length = name.utf8.count
        for place in indices where self[place].utf8.count == length && self[place] == name { return place }
        return nil
    }
}

extension [JSONValue.Member] {
    /// The place of the first member of a name.
    fileprivate func place(of name: String) -> Int? {
        let length = name.utf8.count
        for place in indices where self[place].key.utf8.count == length && self[place].key == name { return place }
        return nil
    }
}
