import EventStore
import GRDB
import TestSupport
import Testing

@testable import Correlation

/// Modules are channels of their own, two logs of one connection are one contact, and exports say what logs do not.
@Suite struct ChannelTests {
    private static func correlated(_ lines: [String], _ more: [String] = []) async throws -> LogDatabase {
        let folder = try TestFolder()
        let database = try LogDatabase.inMemory()
        var paths = [try folder.write(lines.joined(separator: "\n"), to: "a.json")]
        if !more.isEmpty { paths.append(try folder.write(more.joined(separator: "\n"), to: "b.json")) }
        let report = try await Importer.run(paths, into: database)
        #expect(report.isBalanced && report.rejected == 0)
        _ = try Correlator.rebuild(database)
        return database
    }

    private static func texts(_ database: LogDatabase, _ sql: String) async throws -> [String] {
        try await database.access.read { connection in
            try Row.fetchAll(connection, sql: sql).map { row in
                row.databaseValues.map { $0.isNull ? "-" : "\(String.fromDatabaseValue($0) ?? $0.description)" }
                    .joined(separator: " ")
            }
        }
    }

    private static func of(_ module: String, _ line: String) -> String {
        line.replacing(#"\"deviceId\":"#, with: #"\"moduleId\":\"\#(module)\",\"deviceId\":"#)
    }

    /// Twelve modules renew their tokens each hour, all within the minutes in which one of them would be a burst.
    @Test func renewalsAreToldByModule() async throws {
        var lines: [String] = []
        for module in 0..<12 {
            lines.append(Self.of("m-\(module)", LogLines.connect(module, "edge")))
            for hour in 1...5 {
                let second = hour * 3900 + module * 7
                lines.append(Self.of("m-\(module)", LogLines.disconnect(second, "edge", code: "404104")))
                lines.append(Self.of("m-\(module)", LogLines.connect(second + 1, "edge", code: "401003")))
                lines.append(Self.of("m-\(module)", LogLines.connect(second + 3, "edge")))
            }
        }
        let database = try await Self.correlated(lines)
        let summary = try FleetSummary.load(database)
        #expect(summary.explained.map(\.count).reduce(0, +) == 120)
        #expect(summary.unexplained == 0)
        #expect(try await Self.texts(database, "SELECT count(*) FROM watched_contacts") == ["0"])
        #expect(try await Self.texts(database, "SELECT contacts, is_open FROM device_totals") == ["132 1"])
    }

    @Test func aRunOfRefusalsIsOfItsChannel() async throws {
        var lines: [String] = []
        for number in 0..<4 {
            lines.append(Self.of("reader", LogLines.connect(number * 600, "edge", code: "404010")))
            lines.append(LogLines.connect(number * 600 + 60, "edge", code: "401003"))
        }
        lines.append(LogLines.connect(3000, "edge"))
        let database = try await Self.correlated(lines)
        let sql = "SELECT device_id, module, hub, refusals, last_time - first_time FROM refusal_runs"
        #expect(try await Self.texts(database, sql) == ["edge reader hub-a 4 1800000000"])
    }

    /// While another module is connected the device has a session, and a drop of one of them is no drop of the device's last.
    @Test func aDeviceIsConnectedWhileOneOfItsChannelsIs() async throws {
        let background = stride(from: -3600, to: 14400, by: 900).map { LogLines.connect($0, "bg-\($0 / 900)") }
        let lines = [
            Self.of("a", LogLines.connect(-1000, "edge")), Self.of("b", LogLines.connect(-990, "edge")),
            LogLines.registration(0, "edge"), Self.of("a", LogLines.disconnect(60, "edge", code: "404104")),
        ]
        let database = try await Self.correlated(lines + background)
        let sql = "SELECT journey FROM journeys WHERE registration_id = 'edge'"
        #expect(try await Self.texts(database, sql) == ["connected"])
        let closed = try await Self.correlated(
            lines + [Self.of("b", LogLines.disconnect(60, "edge", code: "404104"))] + background
        )
        #expect(try await Self.texts(closed, "SELECT is_open FROM device_totals WHERE device_id = 'edge'") == ["0"])
    }

    private static func event(_ second: Int, _ device: String) -> String {
        let time = LogLines.time(second).dropLast()
        return
            #"{"id":"\#(device)-\#(second)","topic":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A","subject":"devices/\#(device)","eventType":"Microsoft.Devices.DeviceConnected","eventTime":"\#(time).1234567Z","data":{"deviceConnectionStateEventInfo":{"sequenceNumber":"000001"},"hubName":"HUB-A","deviceId":"\#(device)"},"dataVersion":"1"}"#
    }

    @Test(arguments: [false, true]) func twoLogsOfOneConnectionAreOneContact(_ isEventGridFirst: Bool) async throws {
        let log = (0..<5).map { LogLines.connect($0 * 60, "lift-\($0)") }
        // One more in an hour of which the hub's log tells nothing.
        let events = (0..<5).map { Self.event($0 * 60, "lift-\($0)") } + [Self.event(7800, "lift-9")]
        let database = try await isEventGridFirst ? Self.correlated(events, log) : Self.correlated(log, events)
        let summary = try FleetSummary.load(database)
        #expect(summary.contacts == [FleetSummary.Count(name: "connected", count: 6)])
        #expect(try await Self.texts(database, "SELECT count(*) FROM contacts") == ["6"])
        #expect(try await Self.texts(database, "SELECT sum(connected) FROM device_totals") == ["6"])
    }

    @Test func exportsSayWhatLogsDoNot() async throws {
        func enrollment(_ members: String) -> String {
            #"{\#(members),"createdDateTimeUtc":"2026-11-01T00:00:00Z","lastUpdatedDateTimeUtc":"2026-11-01T00:00:00Z","provisioningStatus":"enabled","etag":"e"}"#
        }
        let background = stride(from: -3600, to: 14400, by: 900).map { LogLines.connect($0, "bg-\($0 / 900)") }
        let database = try await Self.correlated(
            background + [
                LogLines.attestation(0, "reg-1"), LogLines.attestation(10, "reg-2"), LogLines.attestation(20, "reg-3"),
                LogLines.connect(15, "boiler-1"),
                LogLines.registration(30, "reg-4", hub: nil, status: "failed", code: 401, group: "line-1")
                    .replacing(#"\"attestationType\":\"symmetricKey\","#, with: ""),
            ],
            [
                enrollment(
                    #""registrationId":"REG-1","deviceId":"boiler-1","iotHubs":["hub-a.azure-devices.net"],"attestation":{"type":"symmetricKey"}"#
                ),
                enrollment(
                    #""registrationId":"reg-2","iotHubs":["hub-a.azure-devices.net"],"attestation":{"type":"x509"}"#
                ),
                enrollment(
                    #""registrationId":"reg-3","iotHubs":["hub-a.azure-devices.net","hub-b.azure-devices.net"],"attestation":{"type":"tpm"}"#
                ),
                enrollment(
                    #""enrollmentGroupId":"line-1","iotHubs":["hub-a.azure-devices.net"],"attestation":{"type":"x509"}"#
                ),
            ]
        )
        let sql = """
            SELECT registration_key, device_id, attestation, enrollment_group, hub, basis, journey FROM attempts
            ORDER BY registration_key
            """
        #expect(
            try await Self.texts(database, sql) == [
                "reg-1 boiler-1 symmetricKey - hub-a enrollment connected",
                "reg-2 reg-2 x509 - hub-a enrollment silent",
                "reg-3 reg-3 tpm - - - undetermined", "reg-4 reg-4 x509 line-1 - - -",
            ]
        )
        let joined = "SELECT registration_id FROM device_totals WHERE device_id = 'boiler-1'"
        #expect(try await Self.texts(database, joined) == ["REG-1"])
    }
}
