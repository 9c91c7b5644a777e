import AzureLogs
import Basics
import EventStore
import Findings
import Testing

@testable import Reports

@Suite struct TimesketchExportTests {
    @Test func aFindingIsARowForEachOfItsTwoTimes() throws {
        let table = TimesketchExport.table([ReportFixture.finding("1")])
        #expect(Array(table.columns.prefix(3)) == ["datetime", "timestamp_desc", "message"])
        #expect(Array(table.columns.dropFirst(3)) == FindingTable.columns)
        #expect(table.rows.map { $0[0].plain } == ["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"])
        #expect(table.rows.map { $0[1].plain } == ["First seen", "Last seen"])
        #expect(table.rows[0][2].plain == "high throttled: press-1 was throttled 3 times by dps-1")
        for row in table.rows {
            #expect(row.count == table.columns.count)
            #expect(Timestamp.parse(row[0].plain) != nil)
        }
    }

    @Test func noFindingIsLostForWantOfATime() {
        let table = TimesketchExport.table([
            ReportFixture.finding("1", first: nil, last: nil), ReportFixture.finding("2", last: nil),
        ])
        #expect(table.rows.map { $0[1].plain } == ["Time not known", "First seen"])
        #expect(table.rows[0][0].plain == "1970-01-01T00:00:00Z")
    }

    @Test func aSpreadsheetRunsNoneOfItsCells() throws {
        let finding = ReportFixture.finding("1", subject: "=cmd|' /C calc'!A0")
        let text = try Export.render(.timesketch, try ReportFixture.report([finding]), findings: [finding]).whole()
        #expect(text.contains(",'=cmd|' /C calc'!A0,"))
        #expect(!text.contains(",=cmd"))
    }
}
