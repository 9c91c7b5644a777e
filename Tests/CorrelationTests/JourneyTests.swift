import EventStore
import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import Correlation

/// Reads lines, correlates, and gives the journeys of a registration as `journey reason basis hub`.
private func journeys(_ lines: [String], of id: String = "d") async throws -> [String] {
    let database = try await correlated(lines)
    return try await database.access.read { connection in
        try Row.fetchAll(
            connection,
            sql: "SELECT journey, reason, basis, hub FROM journeys WHERE registration_id = ? ORDER BY time, attempt",
            arguments: [id]
        ).map { row in [0, 1, 2, 3].map { (row[$0] as String?) ?? "-" }.joined(separator: " ") }
    }
}

private func correlated(_ lines: [String]) async throws -> LogDatabase {
    let folder = try TestFolder()
    let database = try LogDatabase.inMemory()
    _ = try await Importer.run([folder.write(lines.joined(separator: "\n"), to: "x")], into: database)
    _ = try Correlator.rebuild(database)
    return database
}

/// Contacts of other devices, every 15 minutes from an hour before to four hours after.
private func background(_ hub: String = "HUB-A") -> [String] {
    stride(from: -3600, to: 14400, by: 900).map { LogLines.connect($0, "bg-\($0 / 900)", hub: hub) }
}

@Suite struct JourneyTests {
    @Test(arguments: [
        ([LogLines.registration(0, "d"), LogLines.connect(20, "d")], "connected window logged hub-a"),
        ([LogLines.registration(0, "d"), LogLines.connect(20, "d", code: "401003")], "refused window logged hub-a"),
        (
            [LogLines.registration(0, "d"), LogLines.connect(20, "d", code: "401003"), LogLines.connect(599, "d")],
            "connected window logged hub-a"
        ),
        ([LogLines.registration(0, "d"), LogLines.connect(601, "d")], "connected slow logged hub-a"),
        ([LogLines.registration(0, "d"), LogLines.connect(601, "d", code: "401003")], "refused slow logged hub-a"),
        ([LogLines.registration(0, "d")], "silent window logged hub-a"),
        ([LogLines.registration(0, "d", hub: "hub-c")], "undetermined no-coverage logged hub-c"),
        ([LogLines.registration(0, "d", hub: "hub-c"), LogLines.connect(20, "d")], "elsewhere other-hub logged hub-c"),
        ([LogLines.connect(0, "d"), LogLines.registration(0, "d")], "connected window logged hub-a"),
        ([LogLines.connect(0, "d"), LogLines.registration(5, "d")], "connected window logged hub-a"),
        ([LogLines.attestation(0, "d"), LogLines.connect(20, "d")], "connected window inferred hub-a"),
        ([LogLines.attestation(0, "d")], "undetermined assignment-not-logged - -"),
        ([LogLines.connect(-900, "d"), LogLines.registration(0, "d")], "connected session-open logged hub-a"),
        (
            [LogLines.connect(-900, "d"), LogLines.registration(0, "d"), LogLines.disconnect(60, "d")],
            "connected session-open logged hub-a"
        ),
        (
            [LogLines.connect(-900, "d"), LogLines.registration(0, "d"), LogLines.disconnect(60, "d", code: "404104")],
            "silent window logged hub-a"
        ),
        (
            [LogLines.connect(-900, "d"), LogLines.disconnect(-60, "d"), LogLines.registration(0, "d")],
            "silent window logged hub-a"
        ),
        (
            // The hub that the device left notices it when the new session is long open.
            [
                LogLines.connect(-1800, "d", hub: "HUB-B"), LogLines.connect(-900, "d"),
                LogLines.disconnect(-60, "d", hub: "HUB-B", code: "404104"), LogLines.registration(0, "d"),
            ],
            "connected session-open logged hub-a"
        ),
        ([LogLines.registration(0, "d"), LogLines.disconnect(60, "d", code: "401003")], "refused window logged hub-a"),
        ([LogLines.registration(13_900, "d")], "undetermined coverage-ended logged hub-a"),
    ])
    func theJourneyIsWhatTheLogsShow(_ lines: [String], _ expected: String) async throws {
        #expect(try await journeys(background() + lines) == [expected])
    }

    /// The device may stand behind the cut; and once the whole file is there, nothing of it is left.
    @Test(arguments: [true, false]) func anHourOfWhichTheFileIsCutOffIsNotCovered(_ isPacked: Bool) async throws {
        let folder = try TestFolder()
        let hubs = (0..<240).map { LogLines.connect($0 * 14, "bg-\($0 * 7919 % 240)") }
        let others = [-3600, 3700, 7200].map { LogLines.connect($0, "bg-1") }
        let other = try folder.write(others.joined(separator: "\n"), to: "other")
        let dps = try folder.write(LogLines.registration(0, "d"), to: "dps")
        let text = Array((hubs.joined(separator: "\n") + "\n").utf8)
        let bytes = isPacked ? try gzip(text) : text
        let database = try LogDatabase.inMemory()
        func journey() throws -> String? {
            _ = try Correlator.rebuild(database)
            return try database.access.read {
                try String.fetchOne(
                    $0,
                    sql: "SELECT journey || ' ' || reason FROM journeys WHERE registration_id = 'd'"
                )
            }
        }
        let hour = try folder.write(bytes[..<(bytes.count * 2 / 3)], to: "hour")
        _ = try await Importer.run([other, dps, hour], into: database)
        #expect(try journey() == "undetermined rejected-records")
        try folder.write(bytes, to: "hour")
        _ = try await Importer.run([other, dps, hour], into: database)
        #expect(try journey() == "silent window")
    }

    @Test func aNewRegistrationBeforeTheWindowEndsLeavesTheFirstOpen() async throws {
        let lines = [LogLines.registration(0, "d"), LogLines.registration(300, "d"), LogLines.connect(310, "d")]
        #expect(
            try await journeys(background() + lines) == [
                "undetermined superseded logged hub-a", "connected window logged hub-a",
            ]
        )
    }

    @Test func anExportNamesTheHubAndTheDevice() async throws {
        let record =
            #"{"registrationId":"d","deviceId":"other-name","assignedHub":"hub-a.azure-devices.net","status":"assigned","lastUpdatedDateTimeUtc":"2026-11-20T08:00:00Z"}"#
        let lines = background() + [LogLines.attestation(0, "d"), LogLines.connect(30, "other-name"), record]
        #expect(try await journeys(lines) == ["connected window snapshot hub-a"])
    }

    /// A device that was moved after the logs end was not at its new hub before.
    @Test(arguments: [
        ("2026-11-20T08:00:00Z", "elsewhere other-hub snapshot hub-b"),
        ("2026-11-25T08:00:00Z", "connected window inferred hub-a"),
    ])
    func aRecordThatIsLaterSaysNothingAgainstTheHubThatAcceptedBefore(_ updated: String, _ expected: String)
        async throws
    {
        let record =
            #"{"registrationId":"d","assignedHub":"hub-b.azure-devices.net","status":"assigned","lastUpdatedDateTimeUtc":"TIME"}"#
        let lines = [LogLines.attestation(0, "d"), LogLines.connect(30, "d"), record.replacing("TIME", with: updated)]
        #expect(try await journeys(background() + background("HUB-B") + lines) == [expected])
    }

    /// A record keeps the latest assignment alone: an older one says nothing certain of an attempt after it.
    @Test(
        arguments: [
            // Another hub accepted the device since, or the one that was recorded did.
            (["2026-11-15T08:00:00Z hub-b"], "HUB-A", "connected window inferred hub-a"),
            (["2026-11-15T08:00:00Z hub-a"], "HUB-A", "connected window snapshot hub-a"),
            // Nothing was seen: it most likely kept its hub.
            (["2026-11-15T08:00:00Z hub-a"], "", "silent window snapshot hub-a"),
            // The record that the attempt changed counts, whatever stands beside it.
            (["2026-11-15T08:00:00Z hub-b", "2026-11-20T08:00:01Z hub-a"], "HUB-A", "connected window snapshot hub-a"),
            (
                ["2026-11-15T08:00:00Z hub-a", "2026-11-20T08:00:01Z hub-b"], "HUB-A",
                "elsewhere other-hub snapshot hub-b"
            ),
            // Those around it disagree: it may have been assigned to either.
            (
                ["2026-11-15T08:00:00Z hub-a", "2026-11-25T08:00:00Z hub-b"], "",
                "undetermined assignment-not-logged - -"
            ),
            (["2026-11-15T08:00:00Z hub-b", "2026-11-25T08:00:00Z hub-b"], "HUB-A", "connected window inferred hub-a"),
        ] as [([String], String, String)]
    )
    func aRecordOfAnotherTimeIsNoAssignmentThatIsDisregarded(_ records: [String], _ seen: String, _ expected: String)
        async throws
    {
        let exported = records.map { record in
            let parts = record.split(separator: " ")
            return
                #"{"registrationId":"d","assignedHub":"\#(parts[1]).azure-devices.net","status":"assigned","lastUpdatedDateTimeUtc":"\#(parts[0])"}"#
        }
        let contact = seen.isEmpty ? [] : [LogLines.connect(30, "d", hub: seen)]
        let lines = background() + background("HUB-B") + [LogLines.attestation(0, "d")] + contact + exported
        #expect(try await journeys(lines) == [expected])
    }

    /// It tries its old hub before the new one.
    @Test func aDeviceThatOneHubRefusesAndAnotherAcceptsIsConnected() async throws {
        let lines = [
            LogLines.attestation(0, "d"), LogLines.connect(5, "d", code: "404001"),
            LogLines.connect(60, "d", hub: "HUB-B"),
        ]
        #expect(
            try await journeys(background() + background("HUB-B") + lines) == ["connected window inferred hub-b"]
        )
    }

    @Test func aRefusalMakesNobodyAssigned() async throws {
        let lines = [LogLines.attestation(0, "d"), LogLines.connect(5, "d", code: "404001")]
        #expect(try await journeys(background() + lines) == ["undetermined assignment-not-logged - -"])
    }

    @Test func idsThatDifferByCaseAreOneRegistrationAndTwoDevices() async throws {
        let lines = [
            LogLines.registration(0, "Dev"), LogLines.registration(3000, "dev"), LogLines.connect(3010, "dev"),
        ]
        #expect(
            try await journeys(background() + lines, of: "Dev") == [
                "silent window logged hub-a", "connected window logged hub-a",
            ]
        )
    }

    @Test func bothCategoriesOfOneRegistrationAreOneAttempt() async throws {
        let database = try await correlated(
            background() + [LogLines.attestation(0, "d"), LogLines.registration(1, "d"), LogLines.connect(9, "d")]
        )
        let attempts = try database.access.read { try Row.fetchAll($0, sql: "SELECT outcome, records FROM attempt") }
        #expect(attempts.map { "\($0[0] as String) \($0[1] as Int)" } == ["assigned 2"])
    }

    @Test func loopsAreNotMergedIntoOneAttempt() async throws {
        let database = try await correlated((0..<6).map { LogLines.registration($0 * 20, "d") })
        let count = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt") }
        #expect(count == 6)
    }

    @Test func theChallengeOfATPMIsPartOfItsRegistration() async throws {
        func tpm(_ line: String) -> String {
            line.split(separator: "symmetricKey", omittingEmptySubsequences: false).joined(separator: "tpm")
        }
        let lines = [
            tpm(LogLines.registration(0, "d", hub: nil, status: "failed", code: 401_000)),
            tpm(LogLines.registration(2, "d")),
        ]
        let database = try await correlated(lines)
        let attempts = try database.access.read { try Row.fetchAll($0, sql: "SELECT outcome, benign FROM attempt") }
        #expect(attempts.map { "\($0[0] as String) \($0[1] as String? ?? "-")" } == ["assigned tpm-challenge"])
    }

    @Test func renewalsAreExplainedAndBurstsAreNot() async throws {
        var lines: [String] = [LogLines.connect(-60, "d")]
        for n in 0..<4 {
            lines += [
                LogLines.disconnect(n * 3900, "d", code: "404104"), LogLines.connect(n * 3900 + 1, "d", code: "401003"),
                LogLines.connect(n * 3900 + 20, "d"),
            ]
        }
        for n in 0..<5 {
            lines += [
                LogLines.disconnect(20_000 + n * 60, "d", code: "404104"), LogLines.connect(20_005 + n * 60, "d"),
            ]
        }
        let database = try await correlated(lines)
        let counts = try await database.access.read { connection in
            (
                try Int.fetchOne(connection, sql: "SELECT events FROM explained WHERE pattern = 'token-renewal'"),
                try Int.fetchOne(connection, sql: "SELECT count(*) FROM unexplained")
            )
        }
        #expect(counts.0 == 8)
        #expect(counts.1 == 4)
    }

    @Test func eventGridDoesNotCountTwiceWhatTheConnectionLogTells() async throws {
        let grid =
            #"{"id":"1","topic":"/X/IOTHUBS/HUB-A","eventType":"Microsoft.Devices.DeviceConnected","eventTime":"2026-11-20T08:00:30.1Z","data":{"hubName":"HUB-A","deviceId":"d"}}"#
        let database = try await correlated(background() + [LogLines.connect(20, "d"), grid])
        let count = try await database.access.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM contacts WHERE device_id = 'd'")
        }
        #expect(count == 1)
        let alone = try await correlated([grid])
        let single = try await alone.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM contacts") }
        #expect(single == 1)
    }

    @Test func theOrderOfReadingDoesNotChangeWhatIsDerived() async throws {
        var lines = background()
        for n in 0..<40 {
            lines.append(
                LogLines.registration(
                    n * 97,
                    "r-\(n % 7)",
                    hub: n % 3 == 0 ? nil : "hub-a",
                    status: n % 5 == 0 ? "failed" : "assigned",
                    code: n % 5 == 0 ? 401_002 : nil
                )
            )
            lines.append(LogLines.connect(n * 97 + 3, "r-\(n % 7)", code: n % 4 == 0 ? "401003" : nil))
            lines.append(LogLines.disconnect(n * 97 + 3, "r-\(n % 5)", code: n % 2 == 0 ? "404104" : nil))
        }
        var random = SplitMix64(seed: 5)
        var first: [String]?
        for _ in 0..<8 {
            let folder = try TestFolder()
            let database = try LogDatabase.inMemory()
            let shuffled = lines.shuffled(using: &random)
            let middle = Int(random.next() % UInt64(shuffled.count))
            _ = try await Importer.run(
                [folder.write(shuffled[..<middle].joined(separator: "\n"), to: "a")],
                into: database
            )
            _ = try Correlator.rebuild(database)
            _ = try await Importer.run(
                [folder.write(shuffled[middle...].joined(separator: "\n"), to: "b")],
                into: database
            )
            _ = try Correlator.rebuild(database)
            let derived = try await database.access.read { connection in
                try String.fetchAll(
                    connection,
                    sql: """
                        SELECT registration_id || time || outcome || coalesce(code, '') || coalesce(hub, '') || coalesce(basis, '')
                            || coalesce(journey, '') || records FROM attempts ORDER BY registration_key, time, attempt
                        """
                )
                    + String.fetchAll(
                        connection,
                        sql: "SELECT time || role || device_id FROM unexplained_errors ORDER BY 1"
                    )
                    + String.fetchAll(
                        connection,
                        sql: "SELECT pattern || device_id || events FROM explained_errors ORDER BY 1"
                    )
                    + String.fetchAll(
                        connection,
                        sql: "SELECT instance || category || hour || records FROM coverage ORDER BY 1"
                    )
            }
            #expect(first == nil || derived == first)
            first = derived
        }
    }
}
