import AzureLogs
import FleetSimulator
import TestSupport
import Testing

@testable import LogIngest

@Suite struct CSVFramerTests {
    private struct Cut {
        var container: Container
        var formats: [String]
        var records: [String] = []
        var lines: [Int] = []
        var rejects: [FramingReject] = []

        init(_ text: String) throws {
            let folder = try TestFolder()
            let file = try FramedFile(path: folder.write(text, to: "x"), limits: ReadLimits())
            container = file.container
            formats = file.formats
            file.read(DateReading())
            var chunk = RecordChunk(capacity: 1 << 12)
            while file.fill(&chunk) {
                for record in chunk.records {
                    records.append(
                        String(decoding: chunk.bytes[record.start..<record.start + record.count], as: UTF8.self)
                    )
                    lines.append(record.line)
                }
                rejects += chunk.rejects
            }
        }
    }

    private static let row = #"{"TimeGenerated":"2025-11-05T09:15:00Z","Category":"c","Level":"x"}"#

    @Test(arguments: [
        "TimeGenerated,Category,Level\n2025-11-05T09:15:00Z,c,x\n",
        "TimeGenerated;Category;Level\n2025-11-05T09:15:00Z;c;x",
        "TimeGenerated\tCategory\tLevel\r\n2025-11-05T09:15:00Z\tc\tx\r\n",
        "TimeGenerated|Category|Level\n2025-11-05T09:15:00Z|c|x\n",
        "\u{FEFF}\"TimeGenerated\",\"Category\",\"Level\"\n\"2025-11-05T09:15:00Z\",\"c\",\"x\"\n",
        "SEP=;\nTimeGenerated;Category;Level\n2025-11-05T09:15:00Z;c;x\n",
        "\u{FEFF}\"sep=,\"\r\nTimeGenerated,Category,Level\r\n2025-11-05T09:15:00Z,c,x",
        "#TYPE System.Management.Automation.PSCustomObject\r\n\"TimeGenerated\",\"Category\",\"Level\"\r\n\"2025-11-05T09:15:00Z\",\"c\",\"x\"\r\n",
        "Exported on Monday\n\nTimeGenerated,Category,Level\n2025-11-05T09:15:00Z,c,x\n",
        "TimeGenerated [UTC],Category,Level\n\"11/5/2025, 9:15:00 AM\",c,x\n".replacing(
            "11/5/2025, 9:15:00 AM",
            with: "2025/11/5 9:15:00"
        ),
        "TimeGenerated,Category,Level\n2025-11-05T09:15:00Z,c,x,,\n,,,,\n",
        "TimeGenerated , Category,Level \n2025-11-05T09:15:00Z,c,x\n",
    ])
    func everyFormOfAHeaderGivesTheRow(_ text: String) throws {
        let cut = try Cut(text)
        #expect(cut.container == .csv)
        #expect(cut.records == [Self.row])
        #expect(cut.rejects == [])
    }

    @Test func whatSeparatesIsSaid() throws {
        #expect(try Cut("TimeGenerated;Category\na;b").formats == ["csv with semicolons"])
        #expect(try Cut("TimeGenerated\tCategory\na\tb").formats == ["csv with tabs"])
    }

    @Test func valuesThatExcelLeftOutAreAbsent() throws {
        let cut = try Cut(
            "TimeGenerated,Category,Level,ResultType\n2025-11-05T09:15:00Z,c,x\n2025-11-05T09:16:00Z,c,y,1\n2025-11-05T09:17:00Z,c\n"
        )
        #expect(cut.rejects == [])
        #expect(cut.lines == [2, 3, 4])
    }

    @Test func aRowThatIsCutOrTornIsNotReadInPart() throws {
        let head = "TimeGenerated,Category,Level,ResultType\n2025-11-05T09:15:00Z,c,y,1\n"
        // No line end behind it: the file may go on.
        #expect(try Cut(head + "2025-11-05T09:16:00Z,c,x").rejects.map(\.line) == [3])
        // Torn by a line feed outside of quotes.
        let torn = try Cut(head + "2025-11-05T09:16:00Z,c\nrest,401003\n2025-11-05T09:17:00Z,c,y,2\n")
        #expect(torn.rejects.map(\.line) == [3, 4])
        #expect(torn.records.count == 2)
        // A separator outside of quotes.
        let more = try Cut(head + "2025-11-05T09:16:00Z,c,x,1,401003\n")
        #expect(more.rejects.map(\.reason) == ["not-csv"])
        #expect(more.rejects.map(\.detail).allSatisfy { $0.contains("5 values for 4 columns") })
    }

    @Test func exportsAndLandingTablesHaveHeadersToo() throws {
        #expect(try Cut("RegistrationId,AssignedHub,Status\nr,h,assigned\n").records.count == 1)
        #expect(try Cut("Records\n\"{\"\"time\"\":1}\"\n").records == [#"{"Records":"{\"time\":1}"}"#])
        #expect(try Cut("message,source\nhello,there\n").container == .lines)
    }
}
