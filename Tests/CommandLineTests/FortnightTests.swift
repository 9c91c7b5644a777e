import AzureLogs
import Foundation
import TestSupport
import Testing

/// Fourteen nights of the audit, by the real binary, with all that goes wrong with logs and runs.
@Suite struct FortnightTests {
    /// Second 0 is the midnight before day 1, 2026-03-01.
    private static let midnight: Int64 = 1_772_323_200

    private static func time(_ day: Int, _ hour: Double) -> String {
        let seconds = midnight + Int64(day - 1) * 86_400 + Int64(hour * 3600)
        return String(Timestamp.format(microseconds: seconds * 1_000_000).prefix(19)) + "Z"
    }

    private static func date(_ day: Int) -> String { String(time(day, 0).prefix(10)) }

    private static let resource = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES"

    private static func registration(_ day: Int, _ hour: Double, _ id: String, ok: Bool) -> String {
        let properties =
            ok
            ? #"{\"registrationId\":\"\#(id)\",\"attestationType\":\"symmetricKey\",\"status\":\"assigned\",\"assignedHub\":\"hub-a.azure-devices.net\"}"#
            : #"{\"registrationId\":\"\#(id)\",\"attestationType\":\"symmetricKey\",\"status\":\"failed\",\"errorCode\":401002}"#
        return
            #"{"time":"\#(time(day, hour))","resourceId":"\#(resource)/PROVISIONINGSERVICES/DPS-1","operationName":"Register","category":"RegistrationsOperationalLogs","resultType":"\#(ok ? "Success" : "Failure")","properties":"\#(properties)"}"#
    }

    private static func connect(_ day: Int, _ hour: Double, _ id: String) -> String {
        #"{"time":"\#(time(day, hour))","resourceId":"\#(resource)/IOTHUBS/HUB-A","operationName":"deviceConnect","category":"Connections","level":"Information","properties":"{\"deviceId\":\"\#(id)\",\"protocol\":\"Mqtt\"}"}"#
    }

    /// Three attempts that fail, and what a device does when all is well.
    private static func fails(_ day: Int, _ hour: Double, _ id: String) -> [String] {
        (0..<3).map { registration(day, hour + Double($0) * 0.1, id, ok: false) }
    }

    private static func works(_ day: Int, _ hour: Double, _ id: String) -> [String] {
        [registration(day, hour, id, ok: true), connect(day, hour + 0.01, id)]
    }

    private static func flaps(_ day: Int, _ hour: Double, _ id: String) -> [String] {
        (0..<12).map { connect(day, hour + Double($0) * 0.05, id) }
    }

    /// The rest of the fleet: something every hour in both logs.
    private static func background(_ day: Int, hub: Bool = true) -> [String] {
        (0..<24).flatMap { hour in
            let id = "bg-\(hour % 6)"
            let asked = registration(day, Double(hour) + 0.3, id, ok: true)
            return hub ? [asked, connect(day, Double(hour) + 0.31, id)] : [asked]
        }
    }

    /// What is new in the folder before a night's run.
    private static func deliver(_ day: Int, _ folder: TestFolder) throws {
        func file(_ name: String, _ lines: [String]) throws {
            try folder.write(lines.joined(separator: "\n") + "\n", to: "logs/\(name).json")
        }
        // On day 9 the hub's log is missing altogether.
        try file("fleet-\(10 + day)", background(day, hub: day != 9))
        switch day {
        case 1: try file("a1", fails(1, 10, "a"))
        case 2: try file("a2", fails(2, 10, "a"))
        case 3: try file("a3", works(3, 10, "a"))
        case 5: try file("a5", fails(5, 10, "a"))
        case 7: try file("a7", works(7, 10, "a"))
        case 8:
            // Of day 4, long after the overlap; and the device that flaps.
            try file("late", fails(4, 12, "late"))
            try file("g8", flaps(8, 9, "g"))
        case 10:
            // Of the evening of day 9, within the overlap.
            try file("evening", fails(9, 21, "evening"))
            try file("g10", [connect(10, 8, "g")])
        case 11: try file("missed", fails(11, 10, "missed"))
        case 12: try file("grown", Array(fails(12, 19, "grown").prefix(2)))
        case 13: try file("grown", fails(12, 19, "grown").prefix(2) + [registration(13, 1, "grown", ok: false)])
        default: break
        }
        try file("b\(10 + day)", fails(day, 11, "b"))
    }

    /// What each night says of each subject.
    ///
    /// Device `b` is suppressed through day 6.
    private static let table: [Int: [String: String]] = [
        1: ["a": "new", "b": "suppressed"],
        2: ["a": "ongoing", "b": "suppressed"],
        3: ["a": "resolved", "b": "suppressed"],
        4: ["b": "suppressed"],
        5: ["a": "reopened", "b": "suppressed"],
        // Nothing is heard of device a.
        6: ["a": "unobserved", "b": "suppressed"],
        7: ["a": "resolved", "b": "ongoing"],
        // The records of day 4 belong to night 4, of which they make a night with a new finding.
        8: ["b": "ongoing", "g": "new", "logs": "new", "late": "unobserved"],
        // The hub's log is missing, so nothing is said of what only it could show.
        9: ["b": "ongoing", "g": "unobserved", "logs": "resolved", "late": "unobserved"],
        // The window of night 10 begins in the evening of day 9, which the hub's log does not cover.
        10: ["b": "ongoing", "g": "unobserved", "evening": "new", "late": "unobserved"],
        // Night 11 is missed; the window of night 12 reaches back to the end of night 10's.
        12: ["b": "ongoing", "g": "resolved", "evening": "unobserved", "missed": "new", "late": "unobserved"],
        13: ["b": "ongoing", "evening": "unobserved", "missed": "unobserved", "grown": "new", "late": "unobserved"],
        14: [
            "b": "ongoing", "evening": "unobserved", "missed": "unobserved", "grown": "unobserved",
            "late": "unobserved",
        ],
    ]

    private struct Setting {
        let folder: TestFolder
        var config: String { folder.path + "/audit.yaml" }
        var db: String { folder.path + "/fleet.db" }
        var latest: String { folder.path + "/reports/latest/findings.csv" }

        init() throws {
            folder = try TestFolder()
            try folder.write(
                """
                version: 1
                suppressions:
                  - rule: key-derivation-failure
                    subject: "b"
                    reason: "a bench device"
                    owner: lab
                    expires: \(FortnightTests.date(6))

                """,
                to: "suppressions.yaml"
            )
            try folder.write(
                """
                version: 1
                database: fleet.db
                inputs: [logs]
                suppressions: suppressions.yaml
                outputs:
                  folder: reports
                  formats: [csv, json, markdown]
                retention:
                  events: 60d

                """,
                to: "audit.yaml"
            )
        }

        func run(_ day: Int) throws -> Run {
            try Binary.run("audit", "--config", config, "--cron", "--as-of", FortnightTests.date(day))
        }

        /// Subject and status of what a night says, the latest unless told, without rules that are not part of the story.
        func statuses(in night: String? = nil) throws -> [String: String] {
            var result: [String: String] = [:]
            let path = night.map { folder.path + "/reports/\($0)/findings.csv" } ?? latest
            let text = String(decoding: try TestFolder.read(path), as: UTF8.self)
            for line in text.split(separator: "\n").dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                if ["recovered", "registers-every-boot", "stuck-assigning"].contains(cells[1]) { continue }
                result[cells[6]] = cells[4]
            }
            return result
        }

        func history() throws -> String {
            let sql = "SELECT night, finding_id, state, suppressed, since FROM night_finding ORDER BY 1, 2"
            return try Binary.tables(sql, db)
        }
    }

    @Test func everyNightSaysWhatTheTableSaysAndRunningItTwiceChangesNothing() throws {
        let setting = try Setting()
        for day in 1...14 {
            try Self.deliver(day, setting.folder)
            guard let expected = Self.table[day] else { continue }
            if day == 13 { try crash(setting, day) }
            let first = try setting.run(day)
            #expect(first.code == 0, "\(first.error)")
            let told = try setting.statuses()
            #expect(told == expected, "night \(day)")
            let (csv, history) = (try TestFolder.read(setting.latest), try setting.history())
            #expect(try setting.run(day).code == 0)
            #expect(try TestFolder.read(setting.latest) == csv, "night \(day) again")
            #expect(try setting.history() == history, "night \(day) again")
        }
        // The night that was judged without the late file, again: now its report tells it, too. Nights before it stay.
        let before = try setting.history()
        #expect(try setting.run(4).code == 0)
        let statuses = try setting.statuses(in: Self.date(4))
        #expect(statuses["late"] == "new", "\(statuses)")
        let after = try setting.history()
        func earlier(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0 < Self.date(4) } }
        #expect(earlier(after) == earlier(before))
        #expect(try setting.run(4).code == 0)
        #expect(try setting.history() == after)
        let diff = try Binary.run("findings", "diff", Self.date(6), Self.date(7), "--db", setting.db, "--format", "csv")
        #expect(diff.output.contains("resolved,high,key-derivation-failure,a,unobserved,resolved"))
        #expect(diff.output.contains("changed,high,key-derivation-failure,b,suppressed,ongoing"))
    }

    /// Kills runs of a night at several moments: no report of it may be there, and no night kept in part.
    private func crash(_ setting: Setting, _ day: Int) throws {
        let before = try setting.history()
        for wait in [2, 8, 15, 25, 40] {
            let (process, _, _) = try Binary.start([
                "audit", "--config", setting.config, "--cron", "--as-of", Self.date(day),
            ])
            usleep(UInt32(wait) * 1000)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let report = setting.folder.path + "/reports/" + Self.date(day)
            let isThere = FileManager.default.fileExists(atPath: report + "/findings.csv")
            let isKept = try setting.history() != before
            // The outputs are put in place after the night is kept, so one may be without the other, this way round only.
            #expect(isKept || !isThere)
            if isThere { return }
        }
    }

    @Test func aRunThatFailsLeavesNoReport() throws {
        let setting = try Setting()
        try Self.deliver(1, setting.folder)
        try setting.folder.write("version: 1\nsuppressions:\n  - rule: nonsense\n", to: "suppressions.yaml")
        let run = try setting.run(1)
        #expect(run.code == 4)
        #expect(run.error.contains("suppressions.yaml:3"))
        #expect(!FileManager.default.fileExists(atPath: setting.folder.path + "/reports"))
    }

    @Test func findingsThatAreAcceptedNeverFailARun() throws {
        let setting = try Setting()
        try Self.deliver(2, setting.folder)
        try setting.folder.write(Self.fails(2, 11, "c").joined(separator: "\n"), to: "logs/c.json")
        let night = ["audit", "--config", setting.config, "--cron", "--as-of", Self.date(2)]
        #expect(try Binary.run(night + ["--fail-on", "new"]).code == 1)
        try FileManager.default.removeItem(atPath: setting.folder.path + "/logs/c.json")
        let text = String(decoding: try TestFolder.read(setting.folder.path + "/suppressions.yaml"), as: UTF8.self)
        try setting.folder.write(
            text + "  - {rule: key-derivation-failure, subject: \"?\", reason: r, owner: o, expires: 2026-12-31}\n",
            to: "suppressions.yaml"
        )
        #expect(try Binary.run(night + ["--fail-on", "medium"]).code == 0)
    }
}
