import Foundation
import TestSupport
import Testing

/// Nights on parts against nights on one database: each reads what is new alone, and tells the same.
@Suite struct PartsNightTests {
    private static let count = 2

    /// A fleet in parts below a folder: the logs, the parts, and the database in which they are united.
    private struct Fleet {
        let folder: TestFolder
        let week: NightWeek
        private var sizes: [String: Int] = [:]

        init(_ week: NightWeek) throws {
            (self.week, folder) = (week, try TestFolder())
            // Read by nobody: the parts read the logs, and one database reads them at once.
            try FileManager.default.createDirectory(atPath: folder.path + "/none", withIntermediateDirectories: true)
            for (name, inputs) in [("one", "logs"), ("united", "none")] {
                try folder.write(
                    """
                    version: 1
                    database: \(name).db
                    inputs: [\(inputs)]
                    outputs: {folder: \(name)-reports, formats: [jsonl]}

                    """,
                    to: "\(name).yaml"
                )
            }
        }

        /// Hands out a night's logs; the files that are new or have grown.
        mutating func deliver(_ night: Int) throws -> [String] {
            try week.deliver(night, to: folder)
            var news: [String] = []
            let root = folder.path + "/logs"
            for name in try FileManager.default.subpathsOfDirectory(atPath: root).sorted() {
                let path = root + "/" + name
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                guard attributes[.type] as? FileAttributeType == .typeRegular,
                    let size = attributes[.size] as? Int, sizes[path] != size
                else { continue }
                sizes[path] = size
                news.append(path)
            }
            return news
        }

        /// Brings a night's new files into the parts, and unites them.
        func unite(_ night: Int, _ news: [String]) throws {
            let base = folder.path + "/night-\(night)"
            try check(Binary.run(["ingest", "--db", base + ".db", "-q"] + news))
            let links = try Binary.run("split", "--show-links", "--db", base + ".db")
            try folder.write(links.output, to: "links-\(night).csv")
            let known = (1...night).flatMap { ["--links", folder.path + "/links-\($0).csv"] }
            let cut = [
                "split", "--db", base + ".db", "--parts", "\(PartsNightTests.count)", "--to", base + ".shards", "-q",
            ]
            try check(Binary.run(cut + known))
            for part in 0..<PartsNightTests.count {
                let shard = base + ".shards/part-0000\(part).db"
                let target = [
                    "--part", "\(part)/\(PartsNightTests.count)", "--db", folder.path + "/parts-\(part).db", "-q",
                ]
                try check(Binary.run(["merge", shard] + target))
            }
            let parts = (0..<PartsNightTests.count).map { folder.path + "/parts-\($0).db" }
            try check(Binary.run(["merge", "--db", folder.path + "/united.db", "-q"] + parts))
        }

        /// What a night tells: its findings, and what is kept of all nights.
        func tell(_ night: Int, _ name: String) throws -> [String] {
            let config = ["audit", "--config", folder.path + "/\(name).yaml", "--cron", "--as-of", week.time(night)]
            let run = try Binary.run(config)
            #expect(run.code == 0, "\(name), night \(night): \(run.error)")
            let path = folder.path + "/\(name)-reports/\(week.date(night))/findings.jsonl"
            let told = String(decoding: try TestFolder.read(path), as: UTF8.self)
            let sql = "SELECT night, finding_id, state, suppressed, since FROM night_finding ORDER BY 1, 2"
            return (told + (try Binary.tables(sql, folder.path + "/\(name).db"))).split(separator: "\n").map(
                String.init
            )
        }

        private func check(_ run: Run) throws {
            #expect(run.code == 0, "\(run.error)")
        }
    }

    @Test func nightsOnPartsTellWhatOneDatabaseTells() throws {
        var fleet = try Fleet(NightWeek(seed: 1, devices: 1500, nights: 2))
        for night in 1...2 {
            let news = try fleet.deliver(night)
            try fleet.unite(night, news)
            let one = try fleet.tell(night, "one")
            let united = try fleet.tell(night, "united")
            #expect(one.count > 20)
            let (a, b) = (Set(one), Set(united))
            #expect(a.subtracting(b).sorted().prefix(3) == [], "night \(night): missing on parts")
            #expect(b.subtracting(a).sorted().prefix(3) == [], "night \(night): on parts alone")
        }
        // The second night and those behind it go on from where the parts were.
        let sql = "SELECT count(*) AS n FROM file"
        let files = try (1...2).map { try Binary.tables(sql, "\(fleet.folder.path)/night-\($0).db") }
        #expect(Set(files).count > 1, "\(files)")
    }
}
