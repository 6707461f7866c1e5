import OrderedJSON
import Testing

/// What must hold of every request, shown on random ones. A failure names its seed.
@Suite struct EvaluatorPropertyTests {
    /// Seeds in parts, so that parts run side by side.
    static let parts = (0..<8).map { part in part * 300..<(part + 1) * 300 }
    /// Fewer of them for what takes several decisions a seed.
    static let smallParts = (0..<8).map { part in part * 100..<(part + 1) * 100 }

    private static func rank(_ decision: String) -> Int { ["undetermined": 1, "allowed": 2][decision] ?? 0 }

    @Test(arguments: parts) func theFastEvaluatorEqualsThePlainOne(_ seeds: Range<Int>) throws {
        for seed in seeds {
            var random = RandomRequest(seed: seed)
            let request = random.request()
            let fast = try EvaluatorAnswer(fast: request)
            let plain = EvaluatorAnswer(plain: request)
            guard fast.decision == plain.decision else {
                // The fast one tries the values of unknown keys, and so may know more. Then the plain one must find the same for
                // every value.
                #expect(plain.decision == "undetermined" || plain.decision == "implicitlyDenied", "seed \(seed)")
                for _ in 0..<20 {
                    let resolved = EvaluatorAnswer(plain: random.resolved(request)).decision
                    let isStricter = fast.decision == "implicitlyDenied" && resolved == "explicitlyDenied"
                    #expect(resolved == fast.decision || isStricter, "seed \(seed)")
                }
                continue
            }
            #expect(fast.refusedBy == plain.refusedBy, "seed \(seed)")
            #expect(
                fast.missingKeys.map { $0.lowercased() } == plain.missingKeys.map { $0.lowercased() }, "seed \(seed)")
            #expect(fast.missingPolicies == plain.missingPolicies, "seed \(seed)")
            #expect(fast.decidedBy == plain.decidedBy, "seed \(seed)")
        }
    }

    @Test(arguments: smallParts) func anotherStatementMovesTheDecisionOneWay(_ seeds: Range<Int>) throws {
        for seed in seeds {
            var random = RandomRequest(seed: seed)
            let request = random.request()
            let before = Self.rank(try EvaluatorAnswer(fast: request).decision)
            if let more = random.adding(effect: "Deny", to: request) {
                #expect(Self.rank(try EvaluatorAnswer(fast: more).decision) <= before, "a Deny allows, seed \(seed)")
            }
            if let more = random.adding(effect: "Allow", to: request) {
                #expect(Self.rank(try EvaluatorAnswer(fast: more).decision) >= before, "an Allow refuses, seed \(seed)")
            }
        }
    }

    @Test(arguments: smallParts) func theOrderOfStatementsAndDocumentsIsNothing(_ seeds: Range<Int>) throws {
        for seed in seeds {
            var random = RandomRequest(seed: seed)
            let request = random.request()
            let before = try EvaluatorAnswer(fast: request)
            let after = try EvaluatorAnswer(fast: random.shuffled(request))
            #expect(before.decision == after.decision && before.refusedBy == after.refusedBy, "seed \(seed)")
            #expect(Set(before.missingKeys) == Set(after.missingKeys), "seed \(seed)")
            #expect(before.missingPolicies == after.missingPolicies, "seed \(seed)")
        }
    }

    /// What is decided despite unknown keys stays decided whatever they are; what is not is decided when the missing ones are known.
    @Test(arguments: smallParts) func anUnknownKeepsItsPromise(_ seeds: Range<Int>) throws {
        for seed in seeds {
            var random = RandomRequest(seed: seed)
            let request = random.request()
            let before = try EvaluatorAnswer(fast: request)
            if before.decision == "undetermined" {
                #expect(
                    !before.missingKeys.isEmpty || !before.missingPolicies.isEmpty, "nothing is missing, seed \(seed)")
                if before.missingPolicies.isEmpty {
                    let after = try EvaluatorAnswer(fast: random.resolved(request, only: before.missingKeys))
                    #expect(after.decision != "undetermined", "more was missing, seed \(seed)")
                }
                continue
            }
            for _ in 0..<2 {
                let after = try EvaluatorAnswer(fast: random.resolved(request))
                let isSame = after.decision == before.decision
                let isStricter = before.decision == "implicitlyDenied" && after.decision == "explicitlyDenied"
                #expect(isSame || isStricter, "seed \(seed)")
            }
        }
    }
}
