import EventStore
import TestSupport
import Testing

@testable import Correlation
@testable import Findings
@testable import Reports

/// The verdict follows from a device's latest state and its open findings.
@Suite struct DeviceVerdictTests {
    private static func verdict(_ lines: [String], findings: [Finding] = []) async throws -> String {
        let folder = try TestFolder()
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([folder.write(lines.joined(separator: "\n"), to: "x")], into: database)
        _ = try Correlator.rebuild(database)
        let story = try #require(try DeviceStory.load("d", from: database))
        return DeviceVerdict(story, findings: findings).text.replacing(folder.path + "/", with: "")
    }

    private static let background = stride(from: -3600, to: 14_400, by: 900).map { LogLines.connect($0, "bg") }
    private static let well = [LogLines.registration(0, "d"), LogLines.connect(20, "d")]
    private static let disabled =
        #"{"registrationId":"d","provisioningStatus":"disabled","attestation":{"type":"symmetricKey"},"lastUpdatedDateTimeUtc":"2026-11-20T09:00:00Z"}"#

    private static let states: [(lines: [String], has: [String])] = [
        (
            well,
            [
                "provisioned to hub-a at 2026-11-20T08:00:00Z and connected at 2026-11-20T08:00:20Z",
                "nothing is broken now",
            ]
        ),
        (
            well + (1...3).map { LogLines.connect(3600 * $0, "d", code: "401003") },
            [
                "hub-a has refused it since 2026-11-20T09:00:00Z (3 times, last at 2026-11-20T11:00:00Z): 401003",
                "last connected to hub-a at 2026-11-20T08:00:20Z",
            ]
        ),
        (
            well + [LogLines.registration(7200, "d", hub: nil, status: "failed", code: 401_002)],
            ["DPS has not let it in at 2026-11-20T10:00:00Z: 401002"]
        ),
        (well + [disabled], ["its enrollment is disabled since 2026-11-20T09:00:00Z"]),
        (
            well + [LogLines.disconnect(900, "d", code: "404104")],
            ["connection lost at 2026-11-20T08:15:00Z and not back since"]
        ),
        (
            [LogLines.registration(0, "d"), LogLines.connect(20, "d", code: "404001")],
            ["hub-a has refused it at", "DPS had assigned it to hub-a at 2026-11-20T08:00:00Z"]
        ),
        ([LogLines.registration(0, "d")], ["never seen there since"]),
        ([LogLines.registration(0, "d"), "rubbish"], ["a rejected record may have told of it (x:22)"]),
        ([LogLines.registration(0, "d", hub: "hub-c")], ["no connection log of hub-c was read"]),
        ([LogLines.attestation(0, "d")], ["registration list"]),
        ([LogLines.connect(0, "d")], ["known to hubs only", "no DPS logs of that time were read"]),
        ([LogLines.connect(0, "d", code: "404001")], ["no DPS logs of that time were read"]),
        ([LogLines.connect(0, "d", code: "404001"), LogLines.registration(5, "e")], ["hub-a has refused it"]),
        (
            [LogLines.connect(0, "d"), LogLines.registration(5, "e")],
            ["known to hubs only", "the DPS logs of that time do not name it"]
        ),
    ]

    /// A registration record that says why there was no hub.
    @Test func theRecordOfAFailureIsTold() async throws {
        let record =
            #"{"registrationId":"d","status":"failed","errorCode":400207,"errorMessage":"Custom allocation failed","lastUpdatedDateTimeUtc":"2026-11-20T08:00:02Z"}"#
        let verdict = try await Self.verdict(Self.background + [LogLines.attestation(0, "d"), record])
        #expect(verdict.contains("its registration record of 2026-11-20T08:00:02Z says failed, 400207"), "\(verdict)")
        #expect(verdict.contains("Custom allocation failed"))
        let since = try await Self.verdict(Self.background + Self.well + [record])
        #expect(!since.contains("registration record"), "\(since)")
    }

    /// The name of a code is no message, in whatever case it is written.
    @Test(arguments: ["IotHubUnauthorized", "IoTHubUnauthorized", "IOTHUBUNAUTHORIZED"])
    func theNameOfACodeIsNotQuoted(_ name: String) async throws {
        let line = LogLines.connect(0, "d", code: "401003").replacing(#""Name""#, with: #""\#(name)""#)
        let verdict = try await Self.verdict(Self.background + [line])
        #expect(verdict.contains("401003 IotHubUnauthorized"))
        #expect(!verdict.contains("says:"), "\(verdict)")
    }

    @Test(arguments: states) func itIsTheLatestStateAndSaysSinceWhen(_ lines: [String], _ has: [String]) async throws {
        let verdict = try await Self.verdict(Self.background + lines)
        for words in has { #expect(verdict.contains(words), "\(verdict)") }
        if !has.contains("nothing is broken now") { #expect(!verdict.contains("nothing is broken"), "\(verdict)") }
    }

    @Test func nothingIsCalledWellBesideAFinding() async throws {
        let finding = ReportFixture.finding("1", rule: "connection-flapping", subject: "d")
        let verdict = try await Self.verdict(Self.background + Self.well, findings: [finding])
        #expect(verdict.hasSuffix("; open: connection-flapping"))
        let mild = ReportFixture.finding("2", rule: "recovered", severity: .informational, subject: "d")
        #expect(
            try await Self.verdict(Self.background + Self.well, findings: [mild]).hasSuffix("nothing is broken now")
        )
    }

    @Test func theServicesOwnMessageIsQuoted() async throws {
        let refused = LogLines.connect(60, "d", code: "401003").replacing(
            #"\"statusCode\":null"#,
            with: #"\"statusCode\":null,\"errorMessage\":\"IotHub 'hub-a' does not contain the specified device 'd'\""#
        )
        let verdict = try await Self.verdict(Self.background + Self.well + [refused])
        #expect(verdict.contains("the hub says: \"IotHub 'hub-a' does not contain the specified device 'd'\""))
    }

    /// A module's sessions are its own.
    @Test func whatAModuleDoesIsNotTheDevicesState() async throws {
        let module = LogLines.connect(900, "d", code: "401003").replacing(
            #"\"protocol\""#,
            with: #"\"moduleId\":\"m\",\"protocol\""#
        )
        #expect(try await Self.verdict(Self.background + Self.well + [module]).contains("nothing is broken now"))
    }
}
