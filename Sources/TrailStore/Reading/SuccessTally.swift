import AccessDenial
import GRDB

/// What the successes of a group's principal with the group's action prove about its denials, kept apart by what they were on.
struct SuccessTally {
    /// Successes of one kind.
    private struct Part {
        var count = 0
        var lastBefore: Int64?
        private let spells: [QuietSpell]
        /// By the number of quiet spells that were over.
        var within: [Int]
        /// For each quiet spell the last success in it.
        var lastInSpell: [Int64?]
        var after = 0
        /// The traits of the successes between the first denial and the last.
        var traitsWithin = SuccessScan.Traits()
        /// The keys of the last success before the first denial, the last between two, and the first after the last denial.
        var keyBefore: Int64?
        var keyWithin: Int64?
        var keyAfter: Int64?
        /// Whether keys are kept of those to be looked up.
        var isLookedUp = false
        /// The keys of the latest successes before the first denial, latest first, and of those between the first and the last: as
        /// many as are looked up.
        private(set) var keysBefore: [Int64] = []
        private(set) var keysWithin: [Int64] = []
        private(set) var keysSince: [Int64] = []
        private var countWithin = 0
        /// The time of the first success behind the last denial whose record names what was refused.
        private(set) var provenAfter: Int64?

        init(of group: DenialGroup) {
            spells = group.quietSpells
            within = Array(repeating: 0, count: spells.count + 1)
            lastInSpell = Array(repeating: nil, count: spells.count)
        }

        /// Takes notice of a success; `isRefusedAround` tells whether the places that it is compared with were refused both before
        /// and after it.
        mutating func add(_ row: RawRow, at time: Int64, since first: Int64, isRefusedAround: Bool) throws {
            count += 1
            let key = try row.key(0)
            // Times are whole seconds: a success in the second of the first denial may well be what came before it, and one in
            // the second of the last denial what followed it.
            if time <= first {
                lastBefore = max(lastBefore ?? time, time)
                keyBefore = max(keyBefore ?? key, key)
                guard isLookedUp else { return }
                let place = keysBefore.firstIndex { $0 < key } ?? keysBefore.endIndex
                if place < SuccessTally.lookupLimit { keysBefore.insert(key, at: place) }
                if keysBefore.count > SuccessTally.lookupLimit { keysBefore.removeLast() }
            } else if isRefusedAround {
                keyWithin = max(keyWithin ?? key, key)
                addWithin(time)
                if isLookedUp, keysWithin.count < SuccessTally.lookupLimit { keysWithin.append(key) }
                countWithin += 1
                try traitsWithin.add(row)
            } else {
                if isLookedUp, after < SuccessTally.lookupLimit { keysSince.append(key) }
                after += 1
                keyAfter = min(keyAfter ?? key, key)
            }
        }

        private mutating func addWithin(_ time: Int64) {
            let spell = spells.partitioningIndex { $0.to > time }
            within[spell] += 1
            if spell < lastInSpell.count, spells[spell].from < time {
                lastInSpell[spell] = max(lastInSpell[spell] ?? time, time)
            }
        }

        /// Takes those out that were on something else, by their records, and gives them; `isOnRefused` is asked until a success before
        /// the first denial is not known to be on something else, and of all between two denials and behind the last where these are few.
        mutating func takeOthers(_ isOnRefused: (Int64) throws -> Bool?) rethrows -> Part {
            var others = self
            (others.lastBefore, others.keyBefore, others.after, others.keyAfter) = (nil, nil, 0, nil)
            others.clearWithin()
            for key in keysBefore {
                let time = EventKey.time(of: key)
                (lastBefore, keyBefore) = (time, key)
                guard try isOnRefused(key) == false else { break }
                (lastBefore, keyBefore) = (nil, nil)
                if others.keyBefore == nil { (others.lastBefore, others.keyBefore) = (time, key) }
            }
            if countWithin == keysWithin.count {
                let keys = keysWithin
                clearWithin()
                for key in keys {
                    if try isOnRefused(key) == false { others.addWithin(key: key) } else { addWithin(key: key) }
                }
            }
            if after == keysSince.count {
                for key in keysSince.sorted() {
                    let isSame = try isOnRefused(key)
                    if isSame == false { continue }
                    if isSame == true { provenAfter = EventKey.time(of: key) }
                    return others
                }
                (others.after, others.keyAfter) = (after, keyAfter)
                (after, keyAfter) = (0, nil)
            }
            return others
        }

        /// Takes in what another one tells.
        mutating func add(_ others: Part) {
            func later(_ one: Int64?, _ two: Int64?) -> Int64? { [one, two].compactMap(\.self).max() }
            lastBefore = later(lastBefore, others.lastBefore)
            keyBefore = later(keyBefore, others.keyBefore)
            keyWithin = later(keyWithin, others.keyWithin)
            keyAfter = [keyAfter, others.keyAfter].compactMap(\.self).min()
            after += others.after
            within = zip(within, others.within).map(+)
            lastInSpell = zip(lastInSpell, others.lastInSpell).map(later)
        }

        private mutating func clearWithin() {
            within = within.map { _ in 0 }
            lastInSpell = lastInSpell.map { _ in nil }
            keyWithin = nil
        }

        private mutating func addWithin(key: Int64) {
            addWithin(EventKey.time(of: key))
            keyWithin = max(keyWithin ?? key, key)
        }

        var keys: [Int64] { [keyBefore, keyWithin, keyAfter].compactMap(\.self) }
    }

    /// The keys of successes to compare with the denials: those on what was refused, else those that may have been; and one on
    /// something else.
    var examples: [Int64] {
        let near = same.count > 0 ? same.keys : unplaced.keys
        return near + [other.keyWithin ?? other.keyBefore ?? other.keyAfter].compactMap(\.self)
    }

    /// On what was refused.
    private var same: Part
    /// On what was refused or on something else: the records do not tell.
    private var unplaced: Part
    /// On something else, which proves nothing.
    private var other: Part
    /// Of the successes that can be compared with the denials.
    private var traits = SuccessScan.Traits()
    /// What was refused, told by name; a bucket as a whole.
    private var things: RefusedThings
    private var places: RefusedPlaces
    /// Whether objects were refused: then it says little that both calls were on the same bucket.
    private let isAboutObjects: Bool
    /// The first denial that the database holds, in seconds since 1970.
    private let first: Int64

    init(of group: DenialGroup) {
        first = Timestamp.seconds(group.firstDenial) ?? 0
        isAboutObjects =
            group.action.hasPrefix("s3:")
            && (group.resources + group.inferredResources).contains {
                CallTarget.objectKey(ofResource: $0.value) != nil
            }
        same = Part(of: group)
        unplaced = same
        other = same
        unplaced.isLookedUp = !CallTarget.isTold(action: group.successAction)
        things = RefusedThings(of: group)
        places = RefusedPlaces(group.places)
    }

    /// Takes notice of a success, in whatever order they come; one in another account or Region counts as nothing.
    mutating func add(_ row: RawRow) throws {
        let time = EventKey.time(of: try row.key(0))
        let (region, account, target) = (try row[3], try row[4], try row[8])
        let tells = target < 0 || target > 0 && !isAboutObjects
        let match = places.match(region: region, account: account, target: target, tells: tells)
        switch match {
        case .elsewhere: return
        case .same(let lists):
            let isRefused = places.isRefused(around: time, in: lists)
            try same.add(row, at: time, since: first, isRefusedAround: isRefused)
            places.add(time, to: lists)
        case .unplaced(let lists):
            let isRefused = places.isRefused(around: time, in: lists)
            try unplaced.add(row, at: time, since: first, isRefusedAround: isRefused)
            places.add(time, to: lists)
        case .other(let lists):
            let isRefused = places.isRefused(around: time, in: lists)
            try other.add(row, at: time, since: first, isRefusedAround: isRefused)
        }
        things.add(target, region: region, account: account, at: time)
        if case .other = match { return }
        try traits.add(row)
    }

    /// How many successes of a kind are looked up in their records at most.
    private static let lookupLimit = 4

    /// Seconds that a refusal may take to end everywhere: a success so soon behind a denial does not show that it had ended.
    fileprivate static let settling: Int64 = 300

    /// Says in the group what the successes prove.
    mutating func tell(
        _ group: inout DenialGroup, _ records: inout RecordedTarget, _ texts: TextReader, _ db: Database
    ) throws {
        if same.count == 0, unplaced.count > 0, let names = try records.names(of: group, db) {
            let others = try unplaced.takeOthers { try records.isNamed(names, by: $0, db) }
            other.add(others)
            records.finish(group)
        }
        // Where a success is known to be on what was refused, one that tells nothing does not stand for it.
        let known = same.count > 0 ? same : unplaced
        group.successesTellTheirResource = same.count > 0
        tellBefore(&group, same.lastBefore, unplaced: unplaced.lastBefore, other: other.lastBefore)
        // Where the calls worked for hours between denials, what came before is an outage of its own: the latest one is asked
        // about.
        let ends = group.quietSpells.indices.filter { index in
            known.lastInSpell[index].map { $0 - group.quietSpells[index].from > Self.settling } ?? false
        }
        if let last = ends.last {
            group.outages = ends.count + 1
            group.outageStart = Timestamp.text(group.quietSpells[last].to)
            tellBefore(
                &group, same.lastInSpell[last], unplaced: unplaced.lastInSpell[last], other: other.lastInSpell[last])
        }
        try tellLaterOutage(&group, texts)
        let spells = (ends.last.map { $0 + 1 } ?? 0)...
        group.successesWithin = known.within[spells].reduce(0, +)
        group.successesElsewhere = other.within[spells].reduce(0, +) + other.after
        group.unplacedSuccesses = unplaced.within[spells].reduce(0, +) + unplaced.after
        tellAfter(&group)
        group.successContext = try traits.context(texts, db)
        group.alternatingContext = try known.traitsWithin.context(texts, db)
    }

    /// Where something worked while something else was refused already, and then was refused for good, that is the latest outage.
    private func tellLaterOutage(_ group: inout DenialGroup, _ texts: TextReader) throws {
        let start = Timestamp.seconds(group.since) ?? 0
        let broken = things.all.filter { $0.broke(after: start + Self.settling) }
        guard let success = broken.compactMap(\.lastBefore).max() else { return }
        let latest = broken.filter { $0.first > success }
        guard let first = latest.map(\.first).min() else { return }
        group.outageStart = Timestamp.text(first)
        group.outageResources = try latest.flatMap(\.resources).compactMap { try texts.text($0) }.sorted()
        tellBefore(&group, success, unplaced: nil, other: nil)
    }

    private func tellBefore(_ group: inout DenialGroup, _ same: Int64?, unplaced: Int64?, other: Int64?) {
        let success = same ?? unplaced
        func later(_ time: Int64?) -> String? {
            time.flatMap { $0 > success ?? .min ? Timestamp.text($0) : nil }
        }
        group.lastSuccessBefore = success.map { Timestamp.text($0) }
        group.lastSuccessIsOnSameResource = same != nil
        group.laterUnplacedSuccessBefore = later(unplaced)
        group.laterSuccessElsewhereBefore = later(other)
    }

    private func tellAfter(_ group: inout DenialGroup) {
        guard same.after + unplaced.after > 0 else { return }
        // Elsewhere than in one place it may be refused still.
        if let proven = unplaced.provenAfter, group.places.count == 1 {
            group.firstSuccessAfter = Timestamp.text(proven)
            group.successesAreOnSameResource = true
            return
        }
        let (sameHealed, unplacedHealed) = places.healed
        let healed = zip(sameHealed, unplacedHealed).map { $0 ?? $1 }
        guard let latest = healed.compactMap(\.self).max() else { return }
        if healed.allSatisfy({ $0 != nil }) {
            group.firstSuccessAfter = Timestamp.text(latest)
            group.successesAreOnSameResource = sameHealed.allSatisfy { $0 != nil }
        } else {
            let certain = sameHealed.compactMap(\.self).max()
            group.partialSuccessAfter = Timestamp.text(certain ?? latest)
            group.successesAreOnSameResource = certain != nil
        }
    }
}

/// What was refused later than something else, by account, Region and name: only that can tell of a later outage.
private struct RefusedThings {
    private struct Key: Hashable {
        var region: Int64
        var account: Int64
        var target: Int64
    }

    private(set) var all: [RefusedThing] = []
    private var numbers: [Key: Int] = [:]

    init(of group: DenialGroup) {
        guard group.places.count > 1 else { return }
        for place in group.places where place.target != 0 {
            let key = Key(region: place.region, account: place.account, target: TargetNumber.whole(place.target))
            let number = numbers[key, default: all.count]
            if number == all.count {
                numbers[key] = number
                all.append(RefusedThing(first: place.first))
            }
            all[number].add(place)
        }
    }

    /// Takes notice of a success, on whatever it was.
    mutating func add(_ success: Int64, region: Int64, account: Int64, at time: Int64) {
        let key = Key(region: region, account: account, target: TargetNumber.whole(success))
        guard let number = numbers[key] else { return }
        all[number].add(successAt: time)
    }
}

/// One thing that was refused, in one account and Region, and how it fared.
private struct RefusedThing {
    /// The first denial, in seconds since 1970.
    private(set) var first: Int64
    /// The resources as the denials name them: the numbers of their texts.
    private(set) var resources: Set<Int64> = []
    /// The last success before the first denial.
    private(set) var lastBefore: Int64?
    private var worksStill = false

    init(first: Int64) { self.first = first }

    mutating func add(_ place: DenialPlace) {
        first = min(first, place.first)
        if place.resource != 0 { resources.insert(place.resource) }
    }

    mutating func add(successAt time: Int64) {
        if time < first {
            lastBefore = max(lastBefore ?? time, time)
        } else if time > first + SuccessTally.settling {
            worksStill = true
        }
    }

    /// Whether it worked after that moment, and from its first denial on no more.
    func broke(after moment: Int64) -> Bool { !worksStill && lastBefore.map { $0 > moment } ?? false }
}
