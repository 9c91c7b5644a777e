import Basics
import Testing

@Suite struct TimeSpanTests {
    @Test(
        arguments: [
            ("30s", 30_000_000), ("10m", 600_000_000), ("6h", 21_600_000_000), ("1d", 86_400_000_000),
            ("2w", 1_209_600_000_000), ("0s", 0),
        ] as [(String, Int64)]
    )
    func aNumberWithItsUnitIsRead(_ text: String, _ expected: Int64) {
        #expect(TimeSpan.microseconds(text) == expected)
    }

    @Test(arguments: ["", "s", "10", "-1d", "1.5h", "1y", "1000000s", "10 m"])
    func anythingElseIsNone(_ text: String) { #expect(TimeSpan.microseconds(text) == nil) }

    @Test(
        arguments: [
            (0, "0 ms"), (1_500, "1 ms"), (2_000_000, "2 s"), (90_000_000, "1 min 30 s"), (3_600_000_000, "1 h"),
            (-7_260_000_000, "-2 h 1 min"), (90_000_000_000, "1 d 1 h"),
        ] as [(Int64, String)]
    )
    func aSpanHasItsTwoLargestUnits(_ microseconds: Int64, _ text: String) {
        #expect(TimeSpan.text(microseconds) == text)
    }
}
