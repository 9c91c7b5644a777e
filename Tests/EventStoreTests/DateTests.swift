import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import AzureLogs
@testable import EventStore

/// How dates are read whose order of day and month their form leaves open.
@Suite struct DateTests {
    private static let hub = "/SUBSCRIPTIONS/X/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/H"
    private static let may = "2025-05-11"
    private static let november = "2025-11-05"

    private static func csv(_ times: [String], column: String = "TimeGenerated [UTC]", separator: String = ",")
        -> String
    {
        ([[column, "ResourceId", "Category", "OperationName", "DeviceId"]]
            + times.enumerated().map { ["\"\($1)\"", hub, "Connections", "deviceConnect", "dev-\($0)"] })
            .map { $0.joined(separator: separator) }.joined(separator: "\r\n") + "\r\n"
    }

    private static func json(_ times: [String]) -> String {
        times.enumerated().map {
            #"{"time":"\#($1)","resourceId":"\#(hub)","category":"Connections","operationName":"deviceConnect","properties":"{\"deviceId\":\"dev-\#($0)\"}"}"#
        }.joined(separator: "\n") + "\n"
    }

    private struct Outcome: Equatable {
        var days: [String]
        var rejected: Int
        var dates: [String]
    }

    /// Reads files in the order given, in one run or a run each.
    private func read(
        _ files: [(name: String, text: String)],
        options: IngestOptions = IngestOptions(),
        apart: Bool = false
    ) async throws -> Outcome {
        let folder = try TestFolder()
        let paths = try files.map { try folder.write($0.text, to: $0.name) }
        var store = try Store()
        for part in apart ? paths.map({ [$0] }) : [paths] { try await store.ingest(part, options: options) }
        #expect(store.report.isBalanced)
        return try outcome(store)
    }

    private func outcome(_ store: Store) throws -> Outcome {
        try store.database.access.read { connection in
            let days = try Int64.fetchAll(connection, sql: "SELECT DISTINCT time / 86400000000 FROM event ORDER BY 1")
            return Outcome(
                days: days.map { String(Timestamp.format(microseconds: $0 * 86_400_000_000).prefix(10)) },
                rejected: try Int.fetchOne(connection, sql: "SELECT count(*) FROM reject WHERE line > 0") ?? -1,
                dates: try String.fetchAll(
                    connection,
                    sql: """
                        SELECT f.dates FROM file f
                        WHERE f.dates <> '' AND NOT EXISTS (
                            SELECT 1 FROM file g WHERE g.path = f.path AND g.generation > f.generation)
                        ORDER BY f.path
                        """
                )
            )
        }
    }

    private static let open = "05/11/2025, 09:15:00.403"

    @Test func aNumberAboveTwelveDecidesForTheWholeFile() async throws {
        for place in 0..<3 {
            var times = [String](repeating: Self.open, count: 3)
            times[place] = "13/11/2025, 09:15:00.403"
            for text in [
                Self.csv(times), Self.json(times), Self.csv(times, separator: ";"), Self.csv(times, separator: "\t"),
            ] {
                let day = try await read([("x", text)])
                #expect(day == Outcome(days: [Self.november, "2025-11-13"], rejected: 0, dates: ["file"]))
                let month = try await read([("x", text.replacing("13/11", with: "11/13"))])
                #expect(month == Outcome(days: [Self.may, "2025-11-13"], rejected: 0, dates: ["file"]))
            }
        }
    }

    @Test func theFormOfThePortalInEnglishIsMonthFirst() async throws {
        let times = ["11/5/2025, 9:15:00.403 AM", "11/5/2025, 12:15:00.403 PM"]
        #expect(
            try await read([("x", Self.csv(times))]) == Outcome(days: [Self.november], rejected: 0, dates: ["file"])
        )
    }

    @Test func timesOfTheFileThatLeaveNothingOpenDecide() async throws {
        let text = Self.json([Self.open, "2025-11-05T09:20:00Z"])
        #expect(try await read([("x", text)]) == Outcome(days: [Self.november], rejected: 0, dates: ["file"]))
    }

    @Test func whatNothingDecidesIsRefusedAndSaysWhatToDo() async throws {
        for text in [Self.csv([Self.open, Self.open]), Self.json([Self.open, Self.open])] {
            let folder = try TestFolder()
            var store = try Store()
            let path = try folder.write(text, to: "x")
            try await store.ingest([path])
            #expect(try outcome(store) == Outcome(days: [], rejected: 2, dates: ["undecided"]))
            #expect(
                try store.count(
                    "SELECT count(*) FROM rejects WHERE reason = 'ambiguous-date' AND detail LIKE '%\(Self.open)%--date-order%'"
                )
                    == 2
            )
            // Named again, it is looked at again, and nothing is said twice.
            try await store.ingest([path])
            #expect(store.report.filesUnchanged == 1)
            #expect(try outcome(store) == Outcome(days: [], rejected: 2, dates: ["undecided"]))
            // With the option it is read.
            for (order, day) in [(DateOrder.dayFirst, Self.november), (.monthFirst, Self.may)] {
                var options = IngestOptions()
                options.dateOrder = order
                var other = try Store()
                try await other.ingest([path])
                try await other.ingest([path], options: options)
                #expect(try outcome(other) == Outcome(days: [day], rejected: 0, dates: ["option"]))
            }
        }
    }

    @Test func neighboursDecideInAnyOrderAndAnySplit() async throws {
        let exported = ("a.csv", Self.csv([Self.open, "06/11/2025, 09:15:00.403"]))
        let november = ("b.json", Self.json(["2025-11-05T09:30:00Z"]))
        let may = ("c.json", Self.json(["2025-05-11T09:30:00Z"]))
        let dayFirst = Outcome(days: [Self.november, "2025-11-06"], rejected: 0, dates: ["neighbours"])
        for files in [[exported, november], [november, exported]] {
            for apart in [false, true] { #expect(try await read(files, apart: apart) == dayFirst) }
        }
        let monthFirst = Outcome(days: [Self.may, "2025-06-11"], rejected: 0, dates: ["neighbours"])
        for apart in [false, true] { #expect(try await read([exported, may], apart: apart) == monthFirst) }
        // Both fit: nothing is decided.
        let both = try await read([exported, november, may])
        #expect(both == Outcome(days: [Self.may, Self.november], rejected: 2, dates: ["undecided"]))
    }

    @Test func aGuessIsNoGroundForAnother() async throws {
        let files = [
            ("a.csv", Self.csv([Self.open])), ("b.csv", Self.csv(["05/11/2025, 10:15:00", "06/11/2025, 10:15:00"])),
            ("c.json", Self.json(["2025-11-06T09:30:00Z"])),
        ]
        for order in [files, files.reversed()] {
            #expect(try await read(order).dates == ["neighbours", "neighbours"])
        }
    }

    @Test func aColumnOfBothOrdersIsReadOnlyWhereTimesDecideThemselves() async throws {
        let text = Self.csv(["13/11/2025, 09:15:00", "11/14/2025, 09:15:00", Self.open])
        #expect(
            try await read([("x", text)])
                == Outcome(days: ["2025-11-13", "2025-11-14"], rejected: 1, dates: ["undecided"])
        )
    }

    @Test func membersOfArchivesAreDecidedLikeFiles() async throws {
        let folder = try TestFolder()
        let tar = ArchiveMaker.tar([
            ("a.csv", Array(Self.csv([Self.open]).utf8)), ("b.json", Array(Self.json(["2025-11-05T09:30:00Z"]).utf8)),
        ])
        var store = try Store()
        try await store.ingest([folder.write(tar, to: "x.tar")])
        #expect(try outcome(store) == Outcome(days: [Self.november], rejected: 0, dates: ["neighbours"]))
        #expect(store.report.isBalanced)
    }

    private static let locals = ["Local Time", "Ortszeit", "heure locale"]

    @Test(arguments: locals) func localTimeWithoutAnOffsetIsRefusedByName(_ suffix: String) async throws {
        let folder = try TestFolder()
        let text = Self.csv(["2025-11-05 09:15:00", "13/11/2025, 09:15:00.403"], column: "TimeGenerated [\(suffix)]")
        let path = try folder.write(text, to: "x")
        var store = try Store()
        try await store.ingest([path])
        #expect(try outcome(store) == Outcome(days: [], rejected: 2, dates: ["local"]))
        #expect(
            try store.count(
                "SELECT count(*) FROM rejects WHERE reason = 'local-time' AND detail LIKE '%local time without an offset%--time-zone%'"
            )
                == 2
        )
        var options = IngestOptions()
        options.timeZone = ZoneNames.zone("Europe/Berlin")
        try await store.ingest([path], options: options)
        #expect(try outcome(store).rejected == 0)
        #expect(try store.count("SELECT count(*) FROM events WHERE time_utc LIKE '2025-11-05T08:15:00%'") == 1)
    }

    @Test func headersSayTheZone() async throws {
        for (column, hour) in [
            ("TimeGenerated", "09"), ("TimeGenerated [UTC]", "09"), ("TimeGenerated [UTC+02:00]", "07"),
            ("time [+0530]", "03"),
        ] {
            let folder = try TestFolder()
            var store = try Store()
            try await store.ingest([folder.write(Self.csv(["13/11/2025 09:15:00"], column: column), to: "x")])
            #expect(
                try store.count("SELECT count(*) FROM events WHERE time_utc LIKE '2025-11-13T\(hour):%'") == 1,
                "\(column)"
            )
        }
    }

    @Test func theClockThatWasSetBackIsNotGuessed() async throws {
        var options = IngestOptions()
        options.timeZone = ZoneNames.zone("Europe/Berlin")
        let times = ["2025-10-26 02:30:00", "2025-03-30 02:30:00", "2025-10-26 03:30:00"]
        let outcome = try await read([("x", Self.csv(times, column: "TimeGenerated [Local Time]"))], options: options)
        #expect(outcome.rejected == 2)
        #expect(outcome.days == ["2025-10-26"])
    }

    /// Two ways to the same answer: any fleet exported in any locale's form gives what its ISO form gives.
    @Test func everyLocalesExportGivesTheSameEvents() async throws {
        let days = [3, 5, 11, 12, 14, 28]
        let iso = days.map { "2025-11-\($0 < 10 ? "0" : "")\($0)T13:05:09.250Z" }
        let plain = try await read([("x", Self.csv(iso))])
        for form in [
            { "\($0)/11/2025, 13:05:09.250" }, { "\($0).11.2025 13:05:09,250" }, { "11/\($0)/2025 1:05:09.250 PM" },
            { "2025/11/\($0) 13:05:09.250" }, { "\($0)-11-2025 13:05:09.250" }, { "\($0)/11/2025, 1:05:09.250 pm" },
        ] as [@Sendable (Int) -> String] {
            let read = try await read([("x", Self.csv(days.map(form)))])
            #expect(read.days == plain.days, "\(form(3))")
            #expect(read.rejected == 0)
        }
    }
}
