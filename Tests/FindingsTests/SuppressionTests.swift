import Testing

@testable import Findings

@Suite struct SuppressionTests {
    private static let head = "version: 1\nsuppressions:\n"
    private static let entry = """
          - rule: key-derivation-failure
            subject: "lab-*"
            reason: bench devices
            owner: lab
            expires: 2026-12-31

        """

    private static func parse(_ text: String) throws -> [Suppression] {
        try SuppressionFile.parse(text, file: "s.yaml", rules: RuleSet.builtIn())
    }

    @Test func aFileIsReadWithTheLinesOfItsEntries() throws {
        let found = try Self.parse(Self.head + Self.entry)
        #expect(found.map(\.subject) == ["lab-*"])
        #expect(found.first?.line == 3)
        #expect(try Self.parse(Self.head) == [])
        #expect(try Self.parse("") == [])
    }

    @Test(arguments: [
        ("version: 2\n", "s.yaml:1: version 2"), ("suppressions: []\n", "`version: 1` is missing"),
        ("version: 1\nsuppressions: 3\n", "is a list"), ("- a\n", "a mapping"),
        ("version: 1\nsupressions: []\n", "did you mean `suppressions`"),
        (head + "  - rule: key-derivation-failure\n", "`subject` is missing"),
        (
            head + "  - {rule: key-derivation-falure, subject: a, reason: r, owner: o, expires: 2026-01-01}\n",
            "did you mean key-derivation-failure?"
        ),
        (head + "  - {rule: '*', subject: a, reason: r, owner: o, expires: 2026-02-30}\n", "is no date"),
        (head + "  - {rule: '*', subject: a, reason: r, owner: o, expires: soon}\n", "is no date"),
        (head + "  - {rule: '*', subject: a, reason: ' ', owner: o, expires: 2026-01-01}\n", "`reason` is missing"),
        (
            head + "  - {rule: '*', subject: a, reason: r, owner: o, expires: 2026-01-01, until: x}\n",
            "`until` is not known"
        ),
        (head + "  - [\n", "it is not YAML"),
    ])
    func aMistakeStopsTheWholeFileWithItsLine(_ text: String, _ message: String) {
        let error = #expect(throws: SuppressionError.self) { _ = try Self.parse(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["plain", "with \"quotes\" and \\", "line\nbreak", "# no comment", "tab\tand \u{7} bell", "é ß 漢"])
    func whatIsAddedIsReadBackToTheLetter(_ text: String) throws {
        let added = Suppression(rule: "*", subject: text, reason: text, owner: text, expires: "2026-12-31")
        for before in ["", Self.head + Self.entry, "# ours\nversion: 1\nsuppressions:"] {
            let last = try #require(try Self.parse(SuppressionFile.adding(added, to: before)).last)
            #expect((last.subject, last.reason, last.owner) == (text, text, text))
        }
    }

    @Test(arguments: [
        ("lab-*", "lab-1", true), ("lab-*", "LAB-1", false), ("lab-?", "lab-12", false), ("*", "", true),
        ("?", "", false),
        ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-b-b", false), ("[x]", "[x]", true), ("a.c", "abc", false),
        ("**", "x", true), ("é?", "éa", true),
    ])
    func aPatternMeansWhatItSays(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(NamePattern.matches(pattern, name) == matches)
    }

    @Test func aPatternOfManyStarsIsQuick() {
        let pattern = String(repeating: "a*", count: 60) + "b"
        #expect(!NamePattern.matches(pattern, String(repeating: "a", count: 5000)))
    }

    @Test func aSuppressionHoldsThroughItsLastDay() throws {
        let item = Suppression(rule: "*", subject: "*", reason: "", owner: "", expires: "2026-12-31")
        let midnight: Int64 = 1_798_761_600_000_000
        #expect(item.holds(at: midnight - 1))
        #expect(!item.holds(at: midnight))
        #expect(!Suppression(rule: "*", subject: "*", reason: "", owner: "", expires: "never").holds(at: 0))
    }

    @Test func whatIsToBeTidiedUpIsTold() {
        func item(_ rule: String, _ subject: String, _ expires: String = "2099-01-01", line: Int) -> Suppression {
            Suppression(rule: rule, subject: subject, reason: "r", owner: "o", expires: expires, line: line)
        }
        let findings =
            (0..<150).map { Sample.finding("throttled", "dev-\($0)") } + [Sample.finding("throttled", "lab-1")]
        let problems = SuppressionCheck.problems(
            [
                item("throttled", "lab-1", line: 3), item("throttled", "lab-1", line: 8), item("*", "*", line: 13),
                item("throttled", "dev-*", line: 18), item("throttled", "gone", line: 23),
                item("throttled", "lab-1", "2020-01-01", line: 28),
            ],
            findings: findings,
            at: 1_764_000_000_000_000
        )
        #expect(
            problems.map { "\($0.suppression.line) \($0.kind)" } == [
                "8 duplicate", "13 over-broad", "18 over-broad", "23 unused", "28 duplicate", "28 expired",
            ]
        )
    }
}
