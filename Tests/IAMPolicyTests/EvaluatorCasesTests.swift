import OrderedJSON
import Testing

@Suite struct EvaluatorCasesTests {
    @Test(arguments: EvaluatorCases.all) func theEvaluatorDecidesAsAWSDoes(_ file: EvaluatorCases) throws {
        for row in file.rows {
            let answer = try EvaluatorAnswer(fast: row.request)
            #expect(answer.differences(from: row.expected) == [], "\(row.name)")
        }
    }

    @Test(arguments: EvaluatorCases.all) func thePlainEvaluatorDecidesAsAWSDoes(_ file: EvaluatorCases) {
        // Whether every value of an unknown key gives the same answer is beyond it.
        for row in file.rows where row.expected["enumerated"] != .bool(true) {
            #expect(EvaluatorAnswer(plain: row.request).differences(from: row.expected) == [], "\(row.name)")
        }
    }

    @Test func thereAreManyRowsAndEachFileNamesItsPages() {
        #expect(EvaluatorCases.all.map(\.rows.count).reduce(0, +) >= 700)
        for file in EvaluatorCases.all {
            #expect(!file.sources.isEmpty, "\(file.name)")
            #expect(file.sources.allSatisfy { $0.hasPrefix("https://docs.aws.amazon.com/") }, "\(file.name)")
            #expect(!file.rows.isEmpty && Set(file.rows.map(\.name)).count == file.rows.count, "\(file.name)")
        }
    }
}
