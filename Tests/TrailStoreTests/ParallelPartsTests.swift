import Testing

import TrailStore

@Suite("Work on parts of an array at the same time")
struct ParallelPartsTests {
    @Test("Every element is there once and in its place", arguments: [0, 1, 31, 64, 65, 1_000, 4_099])
    func keepsOrder(count: Int) {
        let numbers = Array(0..<count)
        #expect(numbers.parallelParts { part in part.map { $0 * 2 } } == numbers.map { $0 * 2 })
    }

    @Test("A part may give more or fewer results than it has elements")
    func mayFilter() {
        let numbers = Array(0..<1_000)
        #expect(numbers.parallelParts { part in part.filter { $0 % 3 == 0 } } == numbers.filter { $0 % 3 == 0 })
    }
}
