import TestSupport
import Testing

@testable import AzureLogs
@testable import EventStore

/// Documents of Elastic's Azure integration, with and without the original text.
@Suite struct ElasticTests {
    private static let resource =
        "/SUBSCRIPTIONS/00000000-0000-0000-0000-00000000ABCD/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A"

    /// The fields that the pipeline leaves of a refusal at a hub, by dotted name.
    private static let refusal: [(String, JSONTree)] = [
        ("@timestamp", .string("2026-11-20T08:00:00.000Z")), ("azure.platformlogs.category", .string("Connections")),
        ("azure.platformlogs.operation_name", .string("deviceConnect")),
        ("azure.platformlogs.result_type", .string("401003")),
        ("azure.platformlogs.result_description", .string("IotHubUnauthorized")),
        ("azure.platformlogs.properties.deviceId", .string("dev-1")),
        ("azure.platformlogs.properties.protocol", .string("Mqtt")),
        ("azure.platformlogs.properties.status_code", .string("401")), ("azure.resource.id", .string(resource)),
        ("azure.resource.name", .string("HUB-A")), ("log.level", .string("Error")),
        ("event.action", .string("deviceConnect")), ("data_stream.dataset", .string("azure.platformlogs")),
        ("geo.name", .string("westeurope")),
    ]

    /// A document with nested objects in the place of dotted names.
    private static func nested(_ fields: [(String, JSONTree)]) -> JSONTree {
        var keys: [String] = []
        var values: [String: JSONTree] = [:]
        var inner: [String: [(String, JSONTree)]] = [:]
        for (name, value) in fields {
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            if !keys.contains(parts[0]) { keys.append(parts[0]) }
            if parts.count == 1 {
                values[parts[0]] = value
            } else {
                inner[parts[0], default: []].append((parts[1], value))
            }
        }
        return .object(keys.map { JSONTree.Member(key: $0, value: values[$0] ?? nested(inner[$0] ?? [])) })
    }

    private static func flat(_ fields: [(String, JSONTree)]) -> JSONTree {
        .object(fields.map { JSONTree.Member(key: $0.0, value: $0.1) })
    }

    private static func text(_ tree: JSONTree) -> String { String(decoding: tree.json, as: UTF8.self) }

    private static let forms: [(name: String, text: String)] = [
        ("nested", text(nested(refusal))), ("dotted", text(flat(refusal))),
        ("a hit", #"{"_index":"i","_id":"1","_source":\#(text(nested(refusal)))}"#),
        ("fields", #"{"_index":"i","_id":"1","fields":\#(text(flat(refusal.map { ($0.0, .array([$0.1])) })))}"#),
        (
            "a response",
            #"{"took":1,"hits":{"total":{"value":1},"hits":[{"_source":\#(text(nested(refusal)))}]}}"#
        ),
    ]

    private func read(_ text: String) async throws -> Store {
        let folder = try TestFolder()
        var store = try Store()
        try await store.ingest([folder.write(text + "\n", to: "x")])
        #expect(store.report.isBalanced)
        return store
    }

    @Test(arguments: forms.indices) func theRecordIsPutTogetherOutOfItsFields(_ index: Int) async throws {
        let (name, text) = Self.forms[index]
        let store = try await read(text)
        #expect(store.report.rejected == 0, "\(name)")
        let told = try store.content().first?.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let told2 = try #require(told, "\(name)")
        #expect(told2[2] == "\"dev-1\"", "\(name): \(told2)")
        for part in ["\"connect\"", "\"refused\"", "401003", "\"hub-a\"", "\"Connections\"", "\"401003\""] {
            #expect(told2.contains(part), "\(name): \(part) in \(told2)")
        }
    }

    @Test func everyFormIsTheSameEvent() async throws {
        let store = try await read(Self.forms.prefix(4).map(\.text).joined(separator: "\n"))
        #expect(Set(try store.content()).count == 1)
    }

    @Test func aRecordOfDPSKeepsItsCorrelationAndItsStatus() async throws {
        var fields = Self.refusal.filter { !$0.0.hasPrefix("azure.platformlogs") && $0.0 != "azure.resource.id" }
        fields += [
            ("azure.platformlogs.category", .string("DeviceOperations")),
            ("azure.platformlogs.operation_name", .string("AttestationAttempt")),
            ("azure.platformlogs.result_type", .string("ClientError")),
            ("azure.platformlogs.result_signature", .string("404")),
            ("azure.platformlogs.properties", .string(#"{"id":"dev-2","type":"Registration","protocol":"Mqtt"}"#)),
            ("azure.correlation_id", .string("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
            (
                "azure.resource.id",
                .string(Self.resource.replacing("IOTHUBS/HUB-A", with: "PROVISIONINGSERVICES/DPS-1"))
            ),
            ("event.duration", .number("226000000")),
        ]
        let store = try await read(Self.text(Self.flat(fields)))
        let sql =
            "SELECT count(*) FROM event e JOIN context c ON c.id = e.context WHERE c.code = 404 AND e.duration = 226"
        #expect(try store.count(sql) == 1)
        #expect(try store.count("SELECT count(*) FROM event WHERE correlation IS NOT NULL") == 1)
    }

    /// The original says more than what was made of it.
    @Test func theOriginalIsTakenWhereItIs() async throws {
        let original = LogLines.connect(0, "dev-3")
        let fields = Self.refusal + [("event.original", JSONTree.string(original))]
        let store = try await read(Self.text(Self.flat(fields)))
        #expect(try store.count("SELECT count(*) FROM identity WHERE name = 'dev-3'") == 1)
    }

    @Test func anotherDatasetIsIgnoredByItsCategory() async throws {
        let text =
            #"{"@timestamp":"2026-11-20T08:00:00Z","azure":{"signinlogs":{"category":"SignInLogs","operation_name":"Sign-in activity"}}}"#
        let store = try await read(text)
        #expect(store.report.ignored == 1)
    }

    @Test func aDocumentWithoutARecordIsAReject() async throws {
        let store = try await read(
            #"{"@timestamp":"2026-11-20T08:00:00Z","azure":{"resource":{"id":"x"}},"message":"m"}"#
        )
        #expect(store.report.rejected == 1)
    }
}
