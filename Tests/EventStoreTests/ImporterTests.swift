import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import EventStore

@Suite struct ImporterTests {
    static func fleet() -> [String] {
        var lines: [String] = []
        for n in 0..<60 {
            lines.append(LogLines.connect(n * 7, "dev-\(n % 9)"))
            lines.append(LogLines.disconnect(n * 7 + 3, "dev-\(n % 9)", code: n % 3 == 0 ? "404104" : nil))
            lines.append(LogLines.registration(n * 11, "dev-\(n % 13)", correlation: n % 2 == 0 ? "corr-\(n)" : nil))
        }
        // Twice and three times in the same second: they happened as often.
        lines += [
            LogLines.connect(5, "twin"), LogLines.connect(5, "twin"), LogLines.connect(6, "triple"),
            LogLines.connect(6, "triple"), LogLines.connect(6, "triple"),
        ]
        return lines
    }

    @Test func copiesInOneFileCountAndAcrossFilesTheLargestNumberCounts() async throws {
        let folder = try TestFolder()
        let line = LogLines.connect(1, "d")
        let strong = LogLines.registration(2, "r", correlation: "c")
        let two = try folder.write([line, strong, line, strong].joined(separator: "\n"), to: "two")
        let three = try folder.write([line, line, line].joined(separator: "\n") + "\n\n", to: "three")
        for order in [[two, three], [three, two]] {
            var store = try Store()
            try await store.ingest(order)
            #expect(try store.count("SELECT copies FROM events WHERE kind = 'connect'") == 3)
            #expect(try store.count("SELECT copies FROM events WHERE kind = 'registration'") == 1)
            #expect(store.report.isBalanced)
            #expect(store.report.stored == 4)
        }
    }

    /// Behind an equal time and hash another event stands: neither hides the other, whatever the order.
    @Test(arguments: ["identity", "context"])
    func anEventThatHasTheHashOfAnotherOneIsKept(_ column: String) async throws {
        let folder = try TestFolder()
        let line = LogLines.connect(1, "d")
        var store = try Store()
        try await store.ingest([
            folder.write([line, LogLines.disconnect(2, "e", code: "404104")].joined(separator: "\n"), to: "a")
        ])
        // What a crafted record would bring about: the first event is another one, with the hash that it had.
        try await store.database.access.write { connection in
            try connection.execute(
                sql: """
                    UPDATE event SET \(column) = (SELECT \(column) FROM event ORDER BY time DESC LIMIT 1)
                    WHERE time = (SELECT min(time) FROM event)
                    """
            )
        }
        for name in ["b", "c"] {
            try await store.ingest([folder.write(line + "\n" + LogLines.connect(9, name), to: name)])
        }
        #expect(try store.count("SELECT count(*) FROM event WHERE time = (SELECT min(time) FROM event)") == 2)
        #expect(
            try store.count("SELECT count(DISTINCT hash) FROM event WHERE time = (SELECT min(time) FROM event)") == 2
        )
        #expect(try store.count("SELECT count(*) FROM event") == 5)
        #expect(store.report.isBalanced)
    }

    @Test func copiesOnOneLineOfAnEnvelopeCount() async throws {
        let folder = try TestFolder()
        let line = LogLines.connect(1, "d")
        let many = Array(repeating: line, count: 40).joined(separator: ",")
        var store = try Store()
        try await store.ingest([folder.write("{\"records\":[\(many)]}\n", to: "x")])
        #expect(try store.count("SELECT copies FROM events") == 40)
        #expect(store.report.stored == 40)
    }

    @Test(arguments: [1, 3])
    func rejectsOfAFileThatIsReadAgainStandOnce(_ times: Int) async throws {
        let folder = try TestFolder()
        let lines = ["rubbish", LogLines.connect(1, "d"), #"{"time":"x"}"#, LogLines.connect(2, "d")]
        let paths = [
            try folder.write(lines.joined(separator: "\n"), to: "a"), try folder.write("only rubbish\n", to: "b"),
        ]
        var store = try Store()
        try await store.ingest(paths)
        func rejects() throws -> [Int] {
            try ["a", "b"].map {
                try store.count(
                    "SELECT count(*) FROM reject r JOIN file f ON f.id = r.file WHERE f.path = '\(folder.path)/\($0)'"
                )
            }
        }
        #expect(try rejects() == [2, 1])
        let before = try store.content()
        var options = IngestOptions()
        options.readsAgain = true
        for _ in 0..<times { try await store.ingest(paths, options: options) }
        #expect(try rejects() == [2, 1])
        #expect(try store.content() == before)
        #expect(
            try store.count("SELECT count(*) FROM file WHERE lines <> stored + duplicates + ignored + rejected") == 0
        )
        #expect(try store.count("SELECT sum(rejected) FROM file") == 3)
        // What the file's records are of is known as before.
        #expect(try store.count("SELECT count(*) FROM file_resource") == 1)
        // And without being asked, nothing is read.
        try await store.ingest(paths)
        #expect(store.report.filesUnchanged == 2)
    }

    @Test func readingAgainCostsAHashAndChangesNothing() async throws {
        let folder = try TestFolder()
        let path = try folder.write(Self.fleet().joined(separator: "\n"), to: "a")
        var store = try Store()
        try await store.ingest([path])
        let before = try store.content()
        try await store.ingest([path])
        #expect(store.report.filesUnchanged == 1)
        #expect(try store.content() == before)
        let copy = try folder.write(Self.fleet().joined(separator: "\n"), to: "b")
        try await store.ingest([copy])
        #expect(store.report.filesUnchanged == 2)
        #expect(try store.content() == before)
    }

    @Test func aGrownFileAddsOnlyWhatIsNewAndMendsItsHalfLine() async throws {
        let folder = try TestFolder()
        let lines = Self.fleet()
        let whole = lines.joined(separator: "\n") + "\n"
        let cut = whole.utf8.count / 2 + 17
        let path = try folder.write(Array(whole.utf8)[..<cut], to: "a")
        var store = try Store()
        try await store.ingest([path])
        #expect(store.report.rejected == 1)
        try folder.write(whole, to: "a")
        try await store.ingest([path])
        #expect(store.report.isBalanced)
        #expect(try store.count("SELECT count(*) FROM rejects") == 0)
        #expect(try store.count("SELECT lines FROM file") == lines.count)
        var fresh = try Store()
        try await fresh.ingest([path])
        #expect(try store.content() == fresh.content())
    }

    @Test func aFileThatWasWrittenAnewIsReadAnew() async throws {
        let folder = try TestFolder()
        let path = try folder.write(LogLines.connect(1, "a") + "\n", to: "a")
        var store = try Store()
        try await store.ingest([path])
        try folder.write(LogLines.connect(2, "b") + "\n" + LogLines.connect(1, "a") + "\n", to: "a")
        try await store.ingest([path])
        #expect(store.report.stored == 2)
        #expect(store.report.duplicates == 1)
        #expect(try store.count("SELECT count(*) FROM file") == 2)
    }

    @Test func whatWasRejectedInAFileThatWasMendedIsNoLongerRejected() async throws {
        let folder = try TestFolder()
        let path = try folder.write("rubbish\n" + LogLines.connect(1, "a") + "\n", to: "a")
        var store = try Store()
        try await store.ingest([path])
        #expect(try store.count("SELECT count(*) FROM rejects") == 1)
        try folder.write(LogLines.connect(1, "a") + "\n" + LogLines.connect(2, "a") + "\n", to: "a")
        try await store.ingest([path])
        #expect(try store.count("SELECT count(*) FROM rejects") == 0)
        #expect(
            try store.count("SELECT count(*) FROM file WHERE lines <> stored + duplicates + ignored + rejected") == 0
        )
    }

    @Test func splitsOrdersAndRepetitionsGiveTheSameContent() async throws {
        let lines = Self.fleet()
        let reference = try await {
            let folder = try TestFolder()
            var store = try Store()
            try await store.ingest([folder.write(lines.joined(separator: "\n"), to: "all")])
            return try store.content()
        }()
        var random = SplitMix64(seed: 99)
        for round in 0..<25 {
            let folder = try TestFolder()
            // Lines that are the same to the letter stay in one file: only there do copies count.
            var parts: [[String]] = Array(repeating: [], count: 1 + Int(random.next() % 6))
            for line in Set(lines).sorted() {
                let part = Int(random.next() % UInt64(parts.count))
                parts[part] += lines.filter { $0 == line }
            }
            var paths: [String] = []
            for (index, part) in parts.enumerated() {
                let text = part.shuffled(using: &random).joined(separator: "\n")
                let bytes = random.next() % 2 == 0 ? try gzip(text.utf8) : Array(text.utf8)
                paths.append(try folder.write(bytes, to: "part-\(index)"))
            }
            var store = try Store()
            for _ in 0..<3 {
                for path in paths.shuffled(using: &random) { try await store.ingest([path]) }
            }
            #expect(try store.content() == reference, "round \(round)")
            #expect(store.report.isBalanced)
        }
    }

    @Test func theOrderOfFilesDoesNotChangeTheEvidence() async throws {
        let folder = try TestFolder()
        let lines = Self.fleet()
        let paths = [
            try folder.write(lines.joined(separator: "\n"), to: "b"),
            try folder.write(lines.reversed().joined(separator: "\n"), to: "a"),
            try folder.write(lines[40..<90].joined(separator: "\n"), to: "c"),
        ]
        var places: [[String]] = []
        for order in [paths, paths.reversed(), [paths[1], paths[2], paths[0]]] {
            var store = try Store()
            try await store.ingest(order)
            places.append(try store.places())
        }
        #expect(places[0] == places[1])
        #expect(places[0] == places[2])
    }

    @Test func damagedInputsHoldTheBalance() async throws {
        let folder = try TestFolder()
        var random = SplitMix64(seed: 4711)
        let text = Array((Self.fleet().joined(separator: "\n") + "\n").utf8)
        let envelope = Array(("{\"records\":[" + Self.fleet().joined(separator: ",\n") + "]}").utf8)
        let array = Array(("[" + Self.fleet().joined(separator: ",") + "]").utf8)
        let csv = Array(
            "TimeGenerated,Category,OperationName,properties_s\n2026-11-20T08:00:00Z,Connections,deviceConnect,\"{\"\"deviceId\"\":\"\"d\"\"}\"\n"
                .utf8
        )
        let seeds = [text, envelope, array, csv, try gzip(text), try gzip(text) + gzip(envelope)]
        var database = try LogDatabase.inMemory()
        for round in 0..<2500 {
            // A database that many inputs meet in, made anew now and then so that it stays small.
            if round % 250 == 0 { database = try LogDatabase.inMemory() }
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0..<(1 + random.next() % 4) { Damage.apply(&bytes, &random, seeds) }
            if random.next() % 8 == 0 { bytes = try gzip(bytes) }
            let path = try folder.write(bytes, to: "input-\(round % 5)")
            let report = try await Importer.run([path], into: database)
            #expect(report.isBalanced, "round \(round): \(report)")
            let counted = try await database.access.read { connection in
                try Int.fetchOne(
                    connection,
                    sql: "SELECT count(*) FROM file WHERE lines <> stored + duplicates + ignored + rejected"
                )
            }
            #expect(counted == 0, "round \(round)")
            if round % 100 == 0 {
                let broken = try await database.access.read {
                    try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count
                }
                #expect(broken == 0)
            }
        }
    }

    @Test func snapshotsAreStoredWithoutKeys() async throws {
        let folder = try TestFolder()
        let key = String(repeating: "Ab1", count: 20)
        let text =
            #"[{"registrationId":"r","attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"\#(key)"}}},{"registrationId":"r","assignedHub":"h.azure-devices.net","deviceId":"d","status":"assigned"},{"primaryKey":"\#(key)"}]"#
        var store = try Store()
        try await store.ingest([folder.write(text, to: "x")])
        #expect(store.report.stored == 2)
        #expect(store.report.rejected == 1)
        let dump = try await store.database.access.read {
            try String.fetchAll($0, sql: "SELECT sample || detail FROM reject")
        }
        #expect(!dump.joined().contains("Ab1Ab1"))
    }

    @Test func rawTextsOfErrorsAreKept() async throws {
        let folder = try TestFolder()
        let error = LogLines.connect(3, "d", code: "401003")
        let path = try folder.write(
            [LogLines.connect(1, "d"), error, LogLines.connect(9, "d")].joined(separator: "\n"),
            to: "x"
        )
        var store = try Store()
        try await store.ingest([path])
        #expect(try RawRecords.text(path: path, line: 2, in: store.database) == error)
        #expect(try RawRecords.text(path: path, line: 1, in: store.database) == nil)
    }

    @Test func everyTextThatIsKeptComesBackAsItWas() async throws {
        let folder = try TestFolder()
        var store = try Store()
        var lines: [String] = []
        for index in 0..<3000 {
            switch index % 5 {
            case 0: lines.append(LogLines.connect(index, "device-\(index % 70)", code: "401003"))
            case 1: lines.append(LogLines.disconnect(index, "d\(index)é", code: "404104"))
            case 2: lines.append(LogLines.attestation(index, "unit-\(index)", ok: false))
            case 3: lines.append(LogLines.connect(index, "device-\(index)"))
            default: lines.append(LogLines.disconnect(index, "unit-\(index)", code: "404104"))
            }
        }
        let path = try folder.write(lines.joined(separator: "\n"), to: "errors.json")
        try await store.ingest([path])
        for (index, line) in lines.enumerated() {
            let kept = try RawRecords.text(path: path, line: index + 1, in: store.database)
            #expect(kept == (index % 5 == 3 ? nil : line))
        }
    }

    @Test func textsThatNameAKeyAndHoldNoneAreKeptByWhatDiffers() async throws {
        let folder = try TestFolder()
        var store = try Store()
        // The first looks like a secret and is none: only its parts are searched again.
        let (dubious, secret) = ("my-token-press", "SharedAccessKey=Zm9vYmFyMTIz")
        let lines = (0..<1000).map { number in
            LogLines.registration(
                number,
                number == 500 ? secret : number % 10 == 3 ? "\(dubious)-\(number)" : "press-\(number)",
                status: "failed",
                code: 401_002,
                correlation: "c-\(number)",
                attestation: number % 100 < 50 ? "symmetricKey" : "tpm"
            )
        }
        let path = try folder.write(lines.joined(separator: "\n"), to: "errors.json")
        try await store.ingest([path])
        for (index, line) in lines.enumerated() {
            let kept = try RawRecords.text(path: path, line: index + 1, in: store.database)
            #expect(index == 500 ? kept?.contains("Zm9v") == false : kept == line)
        }
        #expect(try store.count("SELECT sum(length(data)) FROM raw_block") < 12 * lines.count)
    }

    @Test func cancellingLeavesAWholeDatabase() async throws {
        let folder = try TestFolder()
        let lines = (0..<60_000).map { LogLines.connect($0, "dev-\($0 % 50)") }.joined(separator: "\n")
        let path = try folder.write(lines, to: "x")
        let store = try Store()
        let task = Task { try await Importer.run([path], into: store.database) }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(try store.count("SELECT count(*) FROM event") == 0)
        var again = store
        try await again.ingest([path])
        #expect(again.report.stored == 60_000)
    }
}

/// Ways to damage a file.
enum Damage {
    static func apply(_ bytes: inout [UInt8], _ random: inout SplitMix64, _ others: [[UInt8]]) {
        guard bytes.count > 2 else { return }
        let at = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 6 {
        case 0: bytes[at] ^= 1 << UInt8(random.next() % 8)
        case 1: bytes.removeSubrange(at...)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int(random.next() % 500)))
        case 3:
            let other = others[Int(random.next() % UInt64(others.count))]
            let from = Int(random.next() % UInt64(other.count))
            bytes.insert(contentsOf: other[from..<min(other.count, from + Int(random.next() % 800))], at: at)
        case 4: bytes.insert(contentsOf: (0..<4).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: at)
        default:
            bytes.insert(
                contentsOf: [[0x0A], [0x22], [0x7B], [0x7D], [0x5B], [0x5D], [0x00]][Int(random.next() % 7)],
                at: at
            )
        }
    }
}
