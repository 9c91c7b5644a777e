/// Numbers and their words.
enum Words {
    /// `1 finding`, `2 findings`.
    static func count(_ number: Int, _ what: String) -> String {
        if number == 1 { return "1 \(what)" }
        let isChanged = what.hasSuffix("y") && !["ay", "ey", "oy", "uy"].contains { what.hasSuffix($0) }
        return isChanged ? "\(number) \(what.dropLast())ies" : "\(number) \(what)s"
    }

    /// `1 time`, `2 times`.
    static func times(_ number: Int) -> String { count(number, "time") }
}
