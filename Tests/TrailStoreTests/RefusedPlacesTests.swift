import TestSupport
import Testing

@testable import TrailStore

/// The index of a group's places against the obvious comparison of each success with each place.
@Suite struct RefusedPlacesTests {
    private struct Success {
        var region: Int64
        var account: Int64
        var target: Int64
        var tells: Bool
        var time: Int64
    }

    /// What the successes tell, by the rules as they read.
    private struct Slow {
        var kinds: [String] = []
        var isRefused: [Bool] = []
        var same: [Int64?]
        var unplaced: [Int64?]

        init(_ places: [DenialPlace], _ successes: [Success]) {
            same = Array(repeating: nil, count: places.count)
            unplaced = same
            for success in successes {
                let near = places.indices.filter {
                    places[$0].region == success.region && places[$0].account == success.account
                }
                let equal = success.tells ? near.filter { places[$0].target == success.target } : []
                let possible = near.filter {
                    success.target == 0 || places[$0].target == 0
                        || TargetNumber.whole(success.target) == TargetNumber.whole(places[$0].target)
                }
                let (kind, told) =
                    near.isEmpty
                    ? ("elsewhere", [])
                    : !equal.isEmpty ? ("same", equal) : !possible.isEmpty ? ("unplaced", possible) : ("other", near)
                kinds.append(kind)
                isRefused.append(told.contains { places[$0].first < success.time && success.time < places[$0].last })
                for index in told where kind == "same" || kind == "unplaced" {
                    let (first, last, time) = (places[index].first, places[index].last, success.time)
                    guard time >= last && time > first || time > last else { continue }
                    if kind == "same" {
                        same[index] = min(same[index] ?? time, time)
                    } else {
                        unplaced[index] = min(unplaced[index] ?? time, time)
                    }
                }
            }
        }
    }

    private static func places(_ count: Int, _ random: inout SeededGenerator) -> [DenialPlace] {
        var places: [DenialPlace] = []
        for _ in 0..<count {
            var place = DenialPlace(
                region: .random(in: 1...2, using: &random), account: .random(in: 1...2, using: &random),
                target: target(&random))
            place.first = .random(in: 0...30, using: &random)
            place.last = .random(in: place.first...40, using: &random)
            let isNew = !places.contains {
                ($0.region, $0.account, $0.target) == (place.region, place.account, place.target)
            }
            if isNew { places.append(place) }
        }
        return places
    }

    private static func target(_ random: inout SeededGenerator) -> Int64 {
        TargetNumber.number(name: .random(in: 0...3, using: &random), part: .random(in: 0...2, using: &random))
    }

    @Test func `The index says what comparing one by one says`() {
        var random = SeededGenerator(state: 12)
        for _ in 0..<500 {
            let places = Self.places(.random(in: 0...8, using: &random), &random)
            let successes = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                let target = Self.target(&random)
                return Success(
                    region: .random(in: 1...3, using: &random), account: .random(in: 1...2, using: &random),
                    target: target,
                    tells: target != 0 && Bool.random(using: &random), time: .random(in: 0...45, using: &random))
            }
            let slow = Slow(places, successes)
            var fast = RefusedPlaces(places)
            for (index, success) in successes.enumerated() {
                let match = fast.match(
                    region: success.region, account: success.account, target: success.target, tells: success.tells)
                let (kind, lists): (String, [Int]) =
                    switch match {
                    case .elsewhere: ("elsewhere", [])
                    case .same(let lists): ("same", lists)
                    case .unplaced(let lists): ("unplaced", lists)
                    case .other(let lists): ("other", lists)
                    }
                #expect(kind == slow.kinds[index])
                #expect(fast.isRefused(around: success.time, in: lists) == slow.isRefused[index])
                if kind == "same" || kind == "unplaced" { fast.add(success.time, to: lists) }
            }
            #expect(fast.healed.same == slow.same && fast.healed.unplaced == slow.unplaced)
        }
    }

    @Test func `A success is compared with two lists at most, however many places there are`() {
        for count in [100, 1_000, 10_000] {
            let places = (1...count).map { DenialPlace(region: 1, account: 1, target: Int64($0)) }
            let index = RefusedPlaces(places)
            for target in [0, 1, Int64(count), Int64(count + 1)] {
                switch index.match(region: 1, account: 1, target: target, tells: target != 0) {
                case .elsewhere: Issue.record("it is there")
                case .same(let lists), .unplaced(let lists), .other(let lists): #expect(lists.count <= 2)
                }
            }
        }
    }
}
