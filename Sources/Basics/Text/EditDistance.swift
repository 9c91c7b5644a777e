/// How many letters two words differ by (Levenshtein).
public enum EditDistance {
    /// The number of letters to be put in, taken out or changed.
    public static func between(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }

    /// The name that a word was meant for, as far as few letters show it; nil if none is near.
    ///
    /// - Parameter most: how many letters may differ.
    public static func nearest(_ word: String, in names: [String], most: Int = 4) -> String? {
        names.map { ($0, between($0, word)) }.filter { $0.1 <= most }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}
