/// The known word that a mistyped one is nearest to.
enum NearMiss {
    /// The nearest of `words`; `nil` where none is near.
    static func of(_ word: String, among words: [String]) -> String? {
        let typed = Array(word.lowercased().utf8)
        let ranked = words.map { (distance: distance(typed, Array($0.lowercased().utf8)), word: $0) }
            .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let ranked, ranked.distance <= max(1, min(typed.count, ranked.word.utf8.count) / 3) else { return nil }
        return ranked.word
    }

    /// How many letters must be changed, added, left out or swapped with their neighbour.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        // Long input is no near miss of anything.
        guard a.count < 64, b.count < 64 else { return Int.max }
        var rows = [Array(0...b.count)]
        for i in 1...max(a.count, 1) where i <= a.count {
            var row = [i]
            for j in 1...max(b.count, 1) where j <= b.count {
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
