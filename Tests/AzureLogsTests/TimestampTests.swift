import Testing

@testable import AzureLogs

@Suite struct TimestampTests {
    private static let times: [(String, Int64)] = [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-20T08:15:30Z", 17_951_625_300_000_000),
        ("2026-11-20 08:15:30", 17_951_625_300_000_000),
        ("2026-11-20T10:15:30+02:00", 17_951_625_300_000_000),
        ("2026-11-20T02:45:30-0530", 17_951_625_300_000_000),
        ("2026-11-20T08:15:30.1Z", 17_951_625_301_000_000),
        ("2026-11-20T08:15:30.1234567Z", 17_951_625_301_234_567),
        ("2026-11-20T08:15:30.123456789Z", 17_951_625_301_234_567),
        ("2024-02-29T00:00:00Z", 17_091_648_000_000_000),
        ("2016-12-31T23:59:60Z", 14_832_287_999_999_999),
        ("4/2/2022, 12:05:51.000 AM", 16_488_579_510_000_000),
        ("4/2/2022, 12:05:51.000 PM", 16_489_011_510_000_000),
    ]

    @Test(arguments: times)
    func timesAreReadToTheTick(_ text: String, _ ticks: Int64) {
        #expect(Timestamp.parse(text) == ticks)
    }

    @Test(arguments: [
        "", "UTC timestamp", "2026-02-29T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T08:60:00Z",
        "2026-11-20T08:15:61Z",
        "2026-11-20T08:15:30.Z", "2026-11-20T08:15:30.1234567890Z", "2026-11-20",
        "1969-12-31T23:59:59Z",
        "20261120T081530Z", "2026-11-20T08:15:30Zx", "4/2/2022, 13:00:00 AM", "04/02/2022 01:00:00",
    ])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func formattingGivesBackWhatWasRead() {
        for second in stride(from: Int64(0), to: 4_102_444_800, by: 86_399 * 37) {
            let text = Timestamp.format(microseconds: second * 1_000_000 + second % 1_000_000)
            #expect(Timestamp.parse(text) == (second * 1_000_000 + second % 1_000_000) * 10)
        }
        #expect(Timestamp.format(microseconds: 1_500_000) == "1970-01-01T00:00:01.5Z")
    }
}
