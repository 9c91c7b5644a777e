import FleetSimulator
import Testing

@testable import LogIngest

@Suite struct PathPatternTests {
    @Test(arguments: [
        ("*", "", true), ("*", "a", true), ("a*b", "ab", true), ("a*b", "axxb", true), ("a*b", "axxbc", false),
        ("?", "漢", true), ("?", "\\xE9", true), ("??", "a", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
        ("[^a-c]x", "dx", true), ("[]]", "]", true), ("[a", "[a", true), ("[a-]", "-", true),
        ("*.json.gz", "PT1H.json.gz", true),
        ("**", "anything", true), ("\\xE9*", "\\xE9t", true), ("[\\xE9]", "\\xE9", true),
    ])
    func namesMatchAsAShellHasIt(_ pattern: String, _ name: String, _ isMatch: Bool) {
        #expect(NamePattern(pattern).matches(name) == isMatch)
    }

    /// The obvious way, whose time has no bound.
    private static func slowly(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return slowly(pattern.dropFirst(), name) || (!name.isEmpty && slowly(pattern, name.dropFirst()))
        }
        guard let character = name.first else { return false }
        return (first == "?" || first == character) && slowly(pattern.dropFirst(), name.dropFirst())
    }

    @Test func itAgreesWithTheObviousWay() {
        var random = SplitMix64(seed: 7)
        func word(_ alphabet: [Character], _ most: UInt64) -> [Character] {
            (0..<Int(random.next() % most)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
        }
        for _ in 0..<20_000 {
            let pattern = word(["a", "b", "*", "?"], 8)
            let name = word(["a", "b"], 9)
            let expected = Self.slowly(pattern[...], name[...])
            #expect(
                NamePattern(String(pattern)).matches(String(name)) == expected,
                "\(String(pattern)) \(String(name))"
            )
        }
    }

    @Test func manyStarsTakeNoTime() {
        // The obvious way would take longer than the universe is old.
        let pattern = NamePattern(String(repeating: "a*", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 255)))
    }
}
