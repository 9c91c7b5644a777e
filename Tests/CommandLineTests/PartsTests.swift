import Foundation
import TestSupport
import Testing

@Suite struct PartsTests {
    /// Two readings of one fleet: registrations with other device ids, ids in another case, records that stand in both, text that is
    /// no record, a mass disconnection that no part sees alone, and Event Grid beside the connection log.
    private static func logs(_ folder: TestFolder) throws -> [String] {
        let dps = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/PROVISIONINGSERVICES/DPS-1"
        let hub = "/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-1"
        func line(
            _ minute: Int,
            _ second: Int,
            _ resource: String,
            _ category: String,
            _ operation: String,
            _ level: String,
            _ status: String,
            _ properties: String
        ) -> String {
            let time =
                "2026-03-02T0\(6 + minute / 60):\(String(format: "%02d", minute % 60)):\(String(format: "%02d", second))"
            let exact = resource == dps ? ".\(String(format: "%03d", second * 7 % 1000))Z" : "Z"
            let quoted = properties.replacingOccurrences(of: "\"", with: "\\\"")
            return
                #"{"time":"\#(time)\#(exact)","resourceId":"\#(resource)","category":"\#(category)","operationName":"\#(operation)","level":"\#(level)","resultType":"\#(status)","properties":"\#(quoted)"}"#
        }
        var (first, second): ([String], [String]) = ([], [])
        for number in 0..<24 {
            let device = number % 3 == 0 ? "other-\(number)" : "dev-\(number)"
            let id = number % 4 == 1 ? "DEV-\(number)" : "dev-\(number)"
            let assigned =
                #"{"registrationId":"\#(id)","deviceId":"\#(device)","assignedHub":"hub-1.azure-devices.net","status":"assigned"}"#
            first.append(line(1, number, dps, "DeviceOperations", "Register", "Information", "Success", assigned))
            if number % 6 != 5 {
                first.append(
                    line(
                        2,
                        number,
                        hub,
                        "Connections",
                        "deviceConnect",
                        "Information",
                        "",
                        #"{"deviceId":"\#(device)","protocol":"Mqtt"}"#
                    )
                )
            }
            let drop = line(
                40,
                number,
                hub,
                "Connections",
                "deviceDisconnect",
                "Error",
                "404104",
                #"{"deviceId":"\#(device)","protocol":"Mqtt","statusCode":"404104"}"#
            )
            second.append(drop)
            if number % 5 == 0 { first.append(drop) }
            for repeats in 0..<4 where number % 7 == 2 {
                second.append(
                    line(
                        90 + repeats * 3,
                        number,
                        dps,
                        "DeviceOperations",
                        "Register",
                        "Error",
                        "401002",
                        #"{"registrationId":"\#(id)","errorCode":401002,"status":"failed"}"#
                    )
                )
            }
        }
        second.insert(#"{"time":"2026-03-02T06:40:05Z","category":"Connections","prop"#, at: 9)
        for (name, lines) in [("a", first), ("b", second)] {
            _ = try folder.write(lines.joined(separator: "\n") + "\n", to: "\(name).json")
        }
        return ["a", "b"].map { "\(folder.path)/\($0).json" }
    }

    private static func views(_ database: String) throws -> [String: [String]] {
        let run = try Binary.run("export", "--db", database, "--to", database + ".out", "--format", "jsonl", "-q")
        #expect(run.code == 0, "\(run.error)")
        var views: [String: [String]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: database + ".out").sorted()
        where name.hasSuffix(".jsonl") {
            let text = String(decoding: try TestFolder.read("\(database).out/\(name)"), as: UTF8.self)
            // Attempts that are over are counted in the order of their ends, which differs within an hour.
            views[name] = text.split(separator: "\n").map { String($0).replacing(/"attempt":\d+,/, with: "") }.sorted()
        }
        views["findings"] = try Binary.run("findings", "--db", database, "--format", "csv").output.split(
            separator: "\n"
        ).map(String.init)
        views["incidents"] = try Binary.run("incidents", "list", "--db", database, "--format", "jsonl").output.split(
            separator: "\n"
        ).map(String.init)
        return views
    }

    @Test(arguments: [1, 4])
    func partsUnitedAreAsOneDatabase(_ count: Int) throws {
        let folder = try TestFolder()
        let files = try Self.logs(folder)
        let one = folder.path + "/one.db"
        _ = try Binary.run("ingest", files[0], files[1], "--db", one, "-q")
        let expected = try Self.views(one)
        #expect((expected["findings"]?.count ?? 0) > 3)
        for (name, file) in zip(["a", "b"], files) {
            _ = try Binary.run("ingest", file, "--db", "\(folder.path)/\(name).db", "-q")
            let links = try Binary.run("split", "--show-links", "--db", "\(folder.path)/\(name).db")
            #expect(links.code == 0 && links.output.hasPrefix("registration,device\n"), "\(links.error)")
            try folder.write(links.output, to: "\(name).csv")
        }
        for name in ["a", "b"] {
            let run = try Binary.run(
                "split",
                "--db",
                "\(folder.path)/\(name).db",
                "--parts",
                "\(count)",
                "--links",
                folder.path + "/a.csv",
                "--links",
                folder.path + "/b.csv",
                "--to",
                "\(folder.path)/\(name)",
                "-q"
            )
            #expect(run.code == 0, "\(run.error)")
        }
        var parts: [String] = []
        for number in 0..<count {
            parts.append("\(folder.path)/part-\(number).db")
            let shards = ["a", "b"].map { "\(folder.path)/\($0)/part-0000\(number).db" }
            let run = try Binary.run(
                "merge",
                shards[0],
                shards[1],
                "--part",
                "\(number)/\(count)",
                "--db",
                parts[number],
                "-q"
            )
            #expect(run.code == 0, "\(run.error)")
        }
        let run = try Binary.run(["merge"] + parts.reversed() + ["--db", folder.path + "/merged.db", "-q"])
        #expect(run.code == 0, "\(run.error)")
        let united = try Self.views(folder.path + "/merged.db")
        for (view, rows) in expected.sorted(by: { $0.key < $1.key }) { #expect(united[view] == rows, "\(view)") }
        // A union is made anew, and does not grow.
        _ = try Binary.run(["merge"] + parts + ["--db", folder.path + "/merged.db", "-q"])
        #expect(try Self.views(folder.path + "/merged.db") == united)
        let refused = try Binary.run("ingest", files[0], "--db", folder.path + "/merged.db", "-q")
        #expect(refused.code == 3 && refused.error.contains("united from parts"), "\(refused.error)")
    }

    /// Rules about contacts are silent then, which must not be taken for health, nor for what a prune leaves.
    @Test func aUnionWithoutEventsSaysWhereTheyAre() throws {
        let folder = try TestFolder()
        let files = try Self.logs(folder)
        let parts = (0..<2).map { "\(folder.path)/\($0).db" }
        for (number, part) in parts.enumerated() {
            #expect(try Binary.run(["ingest", "--part", "\(number)/2", "--db", part, "-q"] + files).code == 0)
        }
        let db = folder.path + "/m.db"
        #expect(try Binary.run(["merge", "--without-events", "--db", db, "-q"] + parts).code == 0)
        let run = try Binary.run("findings", "--db", db, "--format", "csv")
        #expect(run.code == 2 && run.error.contains("left in the parts"), "\(run.code) \(run.error)")
    }

    @Test func whatIsNoWholeFleetIsRefused() throws {
        let folder = try TestFolder()
        let files = try Self.logs(folder)
        for number in 0..<3 {
            let run = try Binary.run(
                "ingest",
                files[0],
                files[1],
                "--part",
                "\(number)/3",
                "--db",
                "\(folder.path)/\(number).db",
                "-q"
            )
            #expect(run.code == 0, "\(run.error)")
        }
        let missing = try Binary.run(
            "merge",
            folder.path + "/0.db",
            folder.path + "/2.db",
            "--db",
            folder.path + "/m.db"
        )
        #expect(missing.code == 3 && missing.error.contains("parts are missing: 1/3"), "\(missing.error)")
        let twice = try Binary.run("merge", folder.path + "/0.db", folder.path + "/0.db", "--db", folder.path + "/m.db")
        #expect(twice.code == 3 && twice.error.contains("both part 0/3"), "\(twice.error)")
        let other = try Binary.run("ingest", files[0], "--part", "1/3", "--db", folder.path + "/0.db")
        #expect(other.code == 3 && other.error.contains("is part 0/3, not 1/3"), "\(other.error)")
        let bare = try Binary.run("ingest", files[0], "--db", folder.path + "/0.db")
        #expect(bare.code == 3 && bare.error.contains("--part 0/3"), "\(bare.error)")
        let whole = try Binary.run(
            "merge",
            folder.path + "/0.db",
            folder.path + "/1.db",
            folder.path + "/2.db",
            "--db",
            folder.path + "/m.db",
            "-q"
        )
        #expect(whole.code == 0, "\(whole.error)")
        _ = try Binary.run("ingest", files[0], files[1], "--db", folder.path + "/one.db", "-q")
        let (one, merged) = (try Self.views(folder.path + "/one.db"), try Self.views(folder.path + "/m.db"))
        for (view, rows) in one { #expect(merged[view] == rows, "\(view)") }
    }

    /// Records that say where they stand are cited there.
    @Test func placedRecordsKeepTheirPlaces() throws {
        let folder = try TestFolder()
        let files = try Self.logs(folder)
        let lines = String(decoding: try TestFolder.read(files[0]), as: UTF8.self).split(separator: "\n")
        let placed = lines.enumerated().map { "logs/x.json\t\($0 * 3 + 5)\t\($1)" }.joined(separator: "\n") + "\n"
        _ = try folder.write(placed, to: "placed")
        let run = try Binary.run(
            "ingest",
            "-",
            "--placed",
            "--db",
            folder.path + "/p.db",
            "-q",
            input: folder.path + "/placed"
        )
        #expect(run.code == 0, "\(run.error)")
        let places = try Binary.run(
            "query",
            "--sql",
            "SELECT min(evidence), max(line), count(*) FROM events",
            "--db",
            folder.path + "/p.db",
            "--format",
            "csv"
        )
        #expect(places.output.contains("logs/x.json:"), "\(places.output)")
        #expect(places.output.contains(",\((lines.count - 1) * 3 + 5),\(lines.count)"), "\(places.output)")
        _ = try folder.write("logs/x.json\tsoon\t{}\n", to: "bad")
        let bad = try Binary.run("ingest", "-", "--placed", "--db", folder.path + "/q.db", input: folder.path + "/bad")
        #expect(bad.code == 3 && bad.error.contains("line 1: `soon` is no line number"), "\(bad.error)")
    }

    @Test(arguments: [
        ("\u{FEFF}registration,device\r\n\"reg,1\",unit-1\r\n\r\n", nil),
        ("registration,device\nreg-1,\"unit-1\n", ":2: a value in quotes does not end"),
        ("registration,device\n\"reg\n1\",u\nreg-2\n", ":4: two ids with a comma between"),
        ("reg-1,,\n", ":1: two ids with a comma between"),
    ])
    func aFileOfLinksIsReadOrRefusedWithItsLine(text: String, says: String?) throws {
        let folder = try TestFolder()
        let log = try folder.write(#"{"registrationId":"r"}"# + "\n", to: "log.json")
        let database = folder.path + "/a.db"
        _ = try Binary.run("ingest", log, "--db", database, "-q")
        let links = try folder.write(text, to: "links.csv")
        let split = [
            "split", "--db", database, "--parts", "1", "--links", links, "--to", folder.path + "/shards", "-q",
        ]
        let run = try Binary.run(split)
        #expect(run.code == (says == nil ? 0 : 4), "\(run.error)")
        if let says { #expect(run.error.hasPrefix("dpslens: \(links)\(says)"), "\(run.error)") }
    }
}
