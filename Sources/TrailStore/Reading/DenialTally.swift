/// How many denials one group has, and when they were: what is counted of each group of an outline, in order of time.
struct DenialCount {
    /// A stretch of time and how many denials are of it.
    struct Stretch {
        var start: Int64
        var denials: Int
    }

    private(set) var denials = 0
    /// How many of them no report of the name has told.
    private(set) var unreported = 0
    private(set) var first: Int64 = 0
    private(set) var last: Int64 = 0
    /// The operation of the first one.
    private(set) var operation: Int64 = 0
    /// The type of principal of the first one.
    private var firstType: Int64 = 0
    /// How many bear another one.
    private var otherTypes: [Int64: Int] = [:]
    /// Days since 1970.
    private(set) var days: [Stretch] = []
    /// Minutes since 1970; `nil` as soon as the denials span too much.
    private(set) var minutes: [Stretch]? = []

    /// The most frequent type of principal; `nil` where none is known.
    func commonType(_ texts: TextReader) throws -> String? {
        guard !otherTypes.isEmpty else { return try texts.text(firstType) }
        var types = otherTypes
        types[firstType] = denials - otherTypes.values.reduce(0, +)
        return try texts.counted(types, limit: 1).first?.value
    }

    /// Counts a denial.
    ///
    /// - Parameter keepsTime: whether days and minutes are counted as well.
    mutating func add(_ row: DenialRow, isUnreported: Bool, keepsTime: Bool = true) {
        if denials == 0 {
            first = row.key
            operation = row.operation
            firstType = row.principalType
        }
        denials += 1
        if isUnreported { unreported += 1 }
        last = row.key
        if row.principalType != firstType { otherTypes[row.principalType, default: 0] += 1 }
        guard keepsTime else { return }
        Self.count(row.time / 86_400, in: &days)
        if row.time - EventKey.time(of: first) > DenialGroup.shortSpan { minutes = nil }
        if var known = minutes.take() {
            Self.count(row.time / 60, in: &known)
            minutes = known
        }
    }

    private static func count(_ start: Int64, in stretches: inout [Stretch]) {
        // They come in order of time.
        if stretches.last?.start == start {
            stretches[stretches.count - 1].denials += 1
        } else {
            stretches.append(Stretch(start: start, denials: 1))
        }
    }
}

/// What is counted of one group's denials while they are read, in order of time; texts by their numbers.
struct DenialTally {
    struct EvidenceRow {
        var key: Int64
        var operation: Int64
        var region: Int64
        var resource: Int64
        var errorCode: Int64
    }

    /// What the columns tell of a request, by the numbers of the texts.
    struct Alike: Hashable {
        var identity, operation, region, account, address, agent, endpoint, resource: Int64
    }

    var count = DenialCount()
    var resources: [Int64: Int] = [:]
    var inferredResources: [Int64: Int] = [:]
    var policies: [Int64: Int] = [:]
    var regions: [Int64: Int] = [:]
    var accounts: [Int64: Int] = [:]
    var addresses: [Int64: Int] = [:]
    var agents: [Int64: Int] = [:]
    var endpoints: [Int64: Int] = [:]
    var codes: [Int64: Int] = [:]
    var services: [Int64: Int] = [:]
    var identities: [Int64: IdentitySpan] = [:]
    var truncated = 0
    var encoded = 0
    var authorizationIDs = 0
    var evidence: [EvidenceRow] = []
    var lastEvidence: EvidenceRow?
    /// By what the columns tell of a request, its first denial and how many look like it; the first ones of very many.
    var requests: [Alike: (first: Int64, count: Int, resource: Int64)] = [:]
    /// Keys over the whole database, and where and on what: by place without its times.
    var wholeFirst = Int64.max
    var wholeLast = Int64.min
    var places: [DenialPlace: (first: Int64, last: Int64, resource: Int64)] = [:]
    var quietSpells: [QuietSpell] = []
    var lastTime: Int64?

    /// Distinct requests of a group that are counted.
    private static let alikeLimit = 32

    /// The denials that stand for the distinct requests: the first of each that differs in the columns, and beside these the first
    /// ones and the last, whose records may tell more.
    func distinctDenials(limit: Int, _ texts: TextReader) throws -> DistinctDenials {
        var distinct = DistinctDenials()
        var covered = 0
        func add(_ key: Int64, _ count: Int, _ resource: Int64) throws {
            distinct.denials.append(
                DistinctDenials.Denial(key: key, count: count, resource: try texts.text(resource)))
            covered += count
        }
        for alike in requests.values.sorted(by: { $0.first < $1.first }).prefix(limit) {
            try add(alike.first, alike.count, alike.resource)
        }
        distinct.further = count.denials - covered
        for row in ([lastEvidence].compactMap(\.self) + evidence)
        where distinct.denials.count < limit && !distinct.denials.contains(where: { $0.key == row.key }) {
            try add(row.key, 0, row.resource)
        }
        return distinct
    }

    /// Places of a group from which on further objects are told by their bucket.
    private static let placeLimit = 200

    /// Takes notice of a denial, be it outside of the window.
    mutating func see(_ row: DenialRow) {
        let (key, time) = (row.key, row.time)
        wholeFirst = min(wholeFirst, key)
        wholeLast = max(wholeLast, key)
        var place = DenialPlace(region: row.region, account: row.account, target: row.target)
        // Of very many objects the bucket alone is remembered.
        if place.target < 0, places.count >= Self.placeLimit, places[place] == nil {
            place.target = TargetNumber.whole(place.target)
        }
        // They come in order of time.
        let known = places[place] ?? (key, key, row.resource != 0 ? row.resource : row.inferredResource)
        places[place] = (known.first, key, known.resource)
        if let before = lastTime, time - before >= QuietSpell.minimum {
            quietSpells.append(QuietSpell(from: before, to: time))
        }
        lastTime = time
    }

    /// Counts a denial of the window.
    mutating func add(_ row: DenialRow, isUnreported: Bool, evidenceLimit: Int) {
        let (key, time) = (row.key, row.time)
        count.add(row, isUnreported: isUnreported)
        if row.service != 0 { services[row.service, default: 0] += 1 }
        if row.resource != 0 { resources[row.resource, default: 0] += 1 }
        if row.inferredResource != 0 { inferredResources[row.inferredResource, default: 0] += 1 }
        if row.policy != 0 { policies[row.policy, default: 0] += 1 }
        if row.region != 0 { regions[row.region, default: 0] += 1 }
        if row.account != 0 { accounts[row.account, default: 0] += 1 }
        if row.address != 0 { addresses[row.address, default: 0] += 1 }
        if row.agent != 0 { agents[row.agent, default: 0] += 1 }
        if row.endpoint != 0 { endpoints[row.endpoint, default: 0] += 1 }
        if row.code != 0 { codes[row.code, default: 0] += 1 }
        truncated += row.isTruncated ? 1 : 0
        encoded += row.isEncoded ? 1 : 0
        authorizationIDs += row.hasAuthorizationID ? 1 : 0
        identities[row.identity, default: IdentitySpan(first: time)].add(time)
        let alike = Alike(
            identity: row.identity, operation: row.operation, region: row.region, account: row.account,
            address: row.address, agent: row.agent, endpoint: row.endpoint,
            resource: row.resource != 0 ? row.resource : row.inferredResource)
        if let known = requests[alike] {
            requests[alike] = (known.first, known.count + 1, known.resource)
        } else if requests.count < Self.alikeLimit {
            requests[alike] = (key, 1, row.resource)
        }
        let evidenceRow = EvidenceRow(
            key: key, operation: row.operation, region: row.region, resource: row.resource, errorCode: row.code)
        if evidence.count < evidenceLimit {
            evidence.append(evidenceRow)
        } else {
            lastEvidence = evidenceRow
        }
    }
}
