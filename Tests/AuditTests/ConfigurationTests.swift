import Basics
import Correlation
import Testing

@testable import Audit

@Suite struct ConfigurationTests {
    private static func values(_ text: String, _ environment: [String: String] = [:]) throws(ConfigurationError)
        -> [String: ConfigurationValue]
    {
        let all = try ConfigurationFile.values(text, file: "a.yaml") { environment[$0] }
        return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    }

    private static let least = "version: 1\ninputs: [logs]\noutputs: {folder: out}\n"

    @Test func everyValueKnowsWhereItComesFrom() throws {
        let values = try Self.values(Self.least + "window: 48h\n", ["DPSLENS_AUDIT_FAIL_ON": "high"])
        #expect(values["window"]?.origin == "a.yaml:4")
        #expect(values["window"]?.texts == ["48h"])
        #expect(values["overlap"]?.origin == "default")
        #expect(values["fail_on"]?.origin == "$DPSLENS_AUDIT_FAIL_ON")
        #expect(values["outputs.folder"]?.texts == ["out"])
        #expect(values["retention.events"] == nil)
    }

    @Test(arguments: [
        ("", "a mapping of keys"), ("[1]", "a mapping of keys"), ("inputs: [x]\n", "`version: 1` is missing"),
        ("version: 2\n", "a.yaml:1: version 2 is not known"),
        ("version: 1\ninputs: [x]\n", "`outputs.folder` is missing"),
        (least + "windw: 1h\n", "a.yaml:4: the key `windw` is not known; did you mean `window`?"),
        (least + "retention: {event: 1d}\n", "did you mean `retention.events`?"),
        (least + "window: soon\n", "a.yaml:4: `window: soon` is no span"),
        (least + "window: [1h, 2h]\n", "`window` takes one value"),
        (least + "fail_on: hihg\n", "did you mean `high`?"),
        (least + "limits: {rejected: 200}\n", "no number from 0 to 100"),
        (least + "rules: {parameters: {x: 1}}\n", "takes entries such as"),
        (least + "rules: {parameters: {a.b: many}}\n", "takes entries such as"),
        (least + "window: {a: b}\n", "`window` is no mapping"), (least + "outputs: [a\n", "it is not YAML"),
        (least + "retention: 3\n", "`retention` is a mapping"),
    ])
    func whatIsWrongIsSaidWithItsLine(_ text: String, _ message: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try Self.values(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func relativePathsAreThoseOfTheFilesFolder() throws {
        let values = try ConfigurationFile.values(Self.least + "database: /var/x.db\n", file: "etc/a.yaml") { _ in nil }
        let configuration = AuditConfiguration(values, relativeTo: "etc")
        #expect(configuration.inputs == ["etc/logs"])
        #expect(configuration.database == "/var/x.db")
        #expect(configuration.window == 86_400_000_000)
        #expect(configuration.correlation.connectWindow == 600_000_000)
    }

    @Test func theSchemaNamesEveryKey() {
        for key in ConfigurationKey.all {
            let last = key.name.split(separator: ".").last.map(String.init) ?? ""
            #expect(ConfigurationSchema.text.contains("\"\(last)\": {"), "\(key.name)")
        }
    }

    @Test(
        arguments: [("24h", 86_400_000_000), ("5s", 5_000_000), ("2w", 1_209_600_000_000), ("0m", 0)]
            as [(String, Int64)]
    )
    func spansAreRead(_ text: String, _ microseconds: Int64) { #expect(TimeSpan.microseconds(text) == microseconds) }

    @Test(arguments: ["", "h", "24", "-1h", "1.5h", "1y", "99999999d", "1h "])
    func otherTextsAreNoSpans(_ text: String) { #expect(TimeSpan.microseconds(text) == nil) }
}
