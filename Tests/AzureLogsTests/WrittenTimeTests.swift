import Basics
import Testing

@testable import AzureLogs

@Suite struct WrittenTimeTests {
    private static let moment = Timestamp.parseRFC3339("2025-11-05T09:41:00Z")

    @Test(arguments: [
        "2025/11/05 9:41:00", "2025.11.05 09:41:00", "2025-11-5 9:41", "2025/11/5, 9:41:00 AM",
        "2025-11-05T10:41:00+1:00",
        "5 Nov 2025 09:41:00", "Nov 5, 2025 9:41:00 AM", "Wednesday, November 5, 2025 9:41:00 AM",
        "05-Nov-2025 09:41:00",
        "Wed, 05 Nov 2025 09:41:00 GMT", "1762335660", "1762335660000", "1762335660000000", "1762335660000000000",
        "1762335660.0", "/Date(1762335660000)/", "/Date(1762335660000+0100)/",
    ])
    func formsThatLeaveNothingOpen(_ text: String) {
        #expect(WrittenTime.parse(text)?.isOpen == false)
        #expect(Timestamp.parse(text) == Self.moment)
    }

    @Test(arguments: [
        "05/11/2025 09:41:00", "5.11.2025 9:41:00", "05-11-2025 09:41", "05/11/2025, 09:41:00.000",
        "05/11/2025,09:41:00",
        "5/11/2025 9:41:00 am", "5/11/2025 9:41:00 a.m.", "5/11/2025, 9:41:00\u{202F}AM", "05.11.2025 9.41.00",
        "5/11/2025 10:41:00 AM +01:00", "05/11/2025 10:41:00+0100", "5/11/2025 09:41:00 UTC", "5/11/2025 09:41:00Z",
        "\u{200E}5\u{200E}/\u{200E}11\u{200E}/\u{200E}2025 09:41:00",
    ])
    func formsWithTheYearLastAreReadInBothOrders(_ text: String) throws {
        let written = try #require(WrittenTime.parse(text))
        #expect(written.isOpen)
        #expect(written.ticks(nil) == nil)
        #expect(written.ticks(.dayFirst) == Self.moment)
        #expect(written.ticks(.monthFirst) == Timestamp.parseRFC3339("2025-05-11T09:41:00Z"))
    }

    @Test func aNumberAboveTwelveDecides() {
        #expect(WrittenTime.parse("13/11/2025 09:41:00")?.decided == .dayFirst)
        #expect(WrittenTime.parse("11/13/2025 09:41:00")?.decided == .monthFirst)
        #expect(WrittenTime.parse("11/11/2025 09:41:00")?.isOpen == false)
        #expect(WrittenTime.parse("31/11/2025 09:41:00")?.ticks(nil) == nil)
        #expect(WrittenTime.parse("11/5/2025, 9:41:00.403 AM")?.isPortalEnglish == true)
        for other in ["11/5/2025 9:41:00 AM", "11/5/2025, 9:41:00 am", "11/05/2025, 9:41:00 AM", "11/5/2025, 09:41:00"]
        {
            #expect(WrittenTime.parse(other)?.isPortalEnglish == false)
        }
    }

    @Test(arguments: [
        "", "noon", "05/11/25 09:41:00", "05/11/2025", "09:41:00", "05/11/2025 25:00", "05/11/2025 09:61:00",
        "05/11/2025 13:00 PM", "05/11/2025 09:41:00 CET", "05/11/2025 klo 09:41", "123456", "17623356601",
        "17623356600000000000", "0x1762335660", "1762335660.", "-1762335660", "05/11/2025 09:41:00 +99:00",
        "5/11/2025 09:41:00 UTC UTC", "05/11/2025 09:41:00 09:41:00",
    ])
    func whatIsNotUnderstoodIsNoTime(_ text: String) { #expect(WrittenTime.parse(text)?.ticks(.dayFirst) == nil) }

    /// Two ways to the same answer: what is written in any form reads back as the moment it was written from.
    @Test func everyFormReadsBack() {
        var day = 3
        for number in 0..<400 {
            day = (day * 31 + 17) % 3650
            let seconds = 1_400_000_000 + day * 86_400 + number * 997 % 86_400
            let (year, month, dayOfMonth) = CivilDate.date(days: seconds / 86_400)
            let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
            func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
            let clock = "\(two(hour)):\(two(minute)):\(two(second))"
            let half = "\((hour + 11) % 12 + 1):\(two(minute)):\(two(second)) \(hour < 12 ? "AM" : "PM")"
            let ticks = Int64(seconds) * Timestamp.ticksPerSecond
            for mark in ["/", ".", "-"] {
                for clock in [clock, half] {
                    let dayFirst = "\(two(dayOfMonth))\(mark)\(two(month))\(mark)\(year) \(clock)"
                    let monthFirst = "\(month)\(mark)\(dayOfMonth)\(mark)\(year), \(clock)"
                    #expect(WrittenTime.parse(dayFirst)?.ticks(.dayFirst) == ticks, "\(dayFirst)")
                    #expect(WrittenTime.parse(monthFirst)?.ticks(.monthFirst) == ticks, "\(monthFirst)")
                    #expect(Timestamp.parse("\(year)\(mark)\(month)\(mark)\(dayOfMonth) \(clock)") == ticks)
                }
            }
            #expect(Timestamp.parse("\(seconds)") == ticks)
            #expect(Timestamp.format(ticks: ticks + 1_234_567).flatMap { Timestamp.parse($0) } == ticks + 1_234_567)
        }
    }
}

@Suite struct LocalZoneTests {
    @Test func fixedOffsets() {
        #expect(LocalZone(fixed: "+01:00")?.utc(36_000_000_000) == .ticks(0))
        #expect(LocalZone(fixed: "-0530")?.utc(0) == .ticks(198_000_000_000))
        #expect(LocalZone(fixed: "UTC")?.utc(5) == .ticks(5))
        for text in ["CET", "", "1", "+25:00", "Europe/Berlin"] { #expect(LocalZone(fixed: text)?.name == nil) }
    }

    @Test func whatTheClockShowedTwiceOrNeverIsNoMoment() {
        // A zone that is set back an hour at second 1,000,000 and forward again at 2,000,000.
        let zone = LocalZone(name: "x") { $0 < 1_000_000 ? 7200 : $0 < 2_000_000 ? 3600 : 7200 }
        let ticks = Timestamp.ticksPerSecond
        #expect(zone.utc(1_003_000 * ticks) == .ticks(995_800 * ticks))
        #expect(zone.utc(1_004_000 * ticks) == .twice)
        #expect(zone.utc(1_008_000 * ticks) == .ticks(1_004_400 * ticks))
        #expect(zone.utc(2_004_000 * ticks) == .never)
    }
}
