import Basics
import Foundation
import Testing

@Suite struct CivilDateTests {
    /// The first, the last and a middle day of every month of four hundred years, and the ends of the range of years.
    @Test func daysAndDatesAreEachOthersInverse() {
        var before = CivilDate.days(1899, 12, 31)
        for year in 1900..<2300 {
            for month in 1...12 {
                for day in 1...CivilDate.daysInMonth(year, month) {
                    let days = CivilDate.days(year, month, day)
                    #expect(days == before + 1)
                    before = days
                    #expect(CivilDate.date(days: days) == (year, month, day))
                }
            }
        }
        for year in [1, 4, 100, 400, 1582, 9999] {
            #expect(CivilDate.date(days: CivilDate.days(year, 2, 28)) == (year, 2, 28))
        }
    }

    /// From 1587 on: before that Foundation has the Julian calendar.
    @Test func theDaysAreThoseOfFoundation() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for days in stride(from: -140_000, through: 2_900_000, by: 9973) {
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            #expect(CivilDate.date(days: days) == (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
        }
    }

    @Test(arguments: [(-1, 400, -1), (0, 400, 0), (-400, 400, -1), (399, 400, 0), (-401, 400, -2)])
    func quotientsAreRoundedDown(_ number: Int, _ divisor: Int, _ quotient: Int) {
        #expect(number.quotient(flooredBy: divisor) == quotient)
    }
}
