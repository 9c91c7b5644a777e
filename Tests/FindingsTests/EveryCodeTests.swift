import AzureLogs
import EventStore
import TestSupport
import Testing

@testable import Findings

/// Every code of DPS and of hubs: a device that is refused with it for two hours is named with code and text, blamed for nothing
/// that the code rules out, and once it was let in only called recovered.
///
/// What it does not check: that the rule is the best one for the code.
@Suite struct EveryCodeTests {
    /// How the devices of a run are told of in the logs.
    struct Telling: Sendable, CustomTestStringConvertible {
        /// As logged, nil where the log does not say.
        var attestation: String?
        /// Whether it was let in, or connected, a day before.
        var isKnown: Bool
        /// Whether DPS is logged as documented, with neither hub nor attestation.
        var isPlain = false

        var testDescription: String {
            "\(attestation ?? "unsaid")\(isKnown ? ", known" : "")\(isPlain ? ", plain" : "")"
        }

        static let all = [
            Telling(attestation: "symmetricKey", isKnown: false), Telling(attestation: "x509", isKnown: true),
            Telling(attestation: "tpm", isKnown: true), Telling(attestation: nil, isKnown: false),
            Telling(attestation: nil, isKnown: true, isPlain: true),
        ]
    }

    /// One device: the only one of its hub or instance, so that nothing is said of many.
    private struct Case {
        var service: String
        var code: Int
        var text: String
        var id: String { "\(service)-\(code)" }

        static let all: [Case] = {
            var cases = DPSErrorCatalogue.codes.map { Case(service: "dps", code: $0, text: "Answer number \($0)") }
            cases += HubErrorCatalogue.all.map { Case(service: "hub", code: $0.code, text: $0.name) }
            return cases
        }()
    }

    private static let resources =
        "/SUBSCRIPTIONS/00000000-0000-0000-0000-00000000ABCD/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/"

    private static func line(_ item: Case, _ second: Int, isRefused: Bool, _ telling: Telling) -> String {
        let time = LogLines.time(second)
        if item.service == "hub" {
            let result = isRefused ? #","resultType":"\#(item.code)","resultDescription":"\#(item.text)""# : ""
            return #"{"time":"\#(time)","resourceId":"\#(resources)IOTHUBS/AT-\#(item.id)","#
                + #""operationName":"deviceConnect","category":"Connections","level":"\#(isRefused ? "Error" : "Information")""#
                + result + #","properties":{"deviceId":"\#(item.id)","protocol":"Mqtt"}}"#
        }
        let start = #"{"time":"\#(time)","resourceId":"\#(resources)PROVISIONINGSERVICES/AT-\#(item.id)","#
        if telling.isPlain {
            let result =
                isRefused
                ? #""resultType":"ClientError","resultSignature":"\#(item.code)","resultDescription":"\#(item.text)""#
                : #""resultType":"Success","resultSignature":"""#
            return start + #""operationName":"AttestationAttempt","category":"DeviceOperations",\#(result),"#
                + #""properties":{"id":"\#(item.id)","type":"Registration","protocol":"Mqtt"}}"#
        }
        let attestation = telling.attestation.map { #","attestationType":"\#($0)""# } ?? ""
        let answer =
            isRefused
            ? #","status":"failed","errorCode":\#(item.code),"errorMessage":"\#(item.text)""#
            : #","status":"assigned","assignedHub":"hub-a.azure-devices.net","deviceId":"\#(item.id)""#
        return start + #""operationName":"Register","category":"RegistrationsOperationalLogs","#
            + #""resultType":"\#(isRefused ? "Failure" : "Success")","#
            + #""properties":{"registrationId":"\#(item.id)","protocol":"Mqtt"\#(attestation)\#(answer)}}"#
    }

    private static func lines(_ telling: Telling, isLetIn: Bool) -> String {
        var lines: [String] = []
        for (number, item) in Case.all.enumerated() {
            if telling.isKnown { lines.append(line(item, number, isRefused: false, telling)) }
            // A day later, every 24 minutes.
            for refusal in 0..<6 {
                lines.append(line(item, 90_000 + number + refusal * 1440, isRefused: true, telling))
            }
            if isLetIn { lines.append(line(item, 100_000 + number, isRefused: false, telling)) }
            // Of a device that DPS let in a hub is to see something too.
            if item.service == "dps" {
                if telling.isKnown { lines.append(LogLines.connect(number + 5, item.id)) }
                if isLetIn { lines.append(LogLines.connect(100_000 + number + 5, item.id)) }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func findings(_ telling: Telling, isLetIn: Bool) async throws -> [String: [Finding]] {
        let folder = try TestFolder()
        let path = try folder.write(lines(telling, isLetIn: isLetIn), to: "codes.json")
        let database = try LogDatabase.inMemory()
        let report = try await Importer.run([path], into: database)
        #expect(report.isBalanced && report.rejected == 0)
        let rules = try RuleSet.builtIn()
        let findings = try Analysis.refresh(database, rules: rules).findings
        try expectTheAccountCloses(findings, rules, database, isLetIn: isLetIn)
        var byDevice: [String: [Finding]] = [:]
        for finding in findings {
            // A hub or an instance has one device.
            let named = [finding.deviceId, finding.registrationId, finding.subject].compactMap(\.self)
            for id in Set(named.map { $0.hasPrefix("at-") ? String($0.dropFirst(3)) : $0 }) {
                byDevice[id, default: []].append(finding)
            }
        }
        return byDevice
    }

    /// Each error is in one of the four numbers.
    private static func expectTheAccountCloses(
        _ findings: [Finding],
        _ rules: RuleSet,
        _ database: LogDatabase,
        isLetIn: Bool
    ) throws {
        let account = try ErrorAccount.load(findings, rules, database)
        #expect(account.total == Case.all.count * 6)
        if !isLetIn { #expect(account.transient + account.few == 0) }
    }

    /// What a rule says that is not true of every refusal: it may stand only with these codes.
    private static func mayBlame(_ rule: String, _ item: Case) -> Bool {
        let status = item.code >= 1000 ? item.code / 1000 : item.code
        switch rule {
        case "registration-refused", "hub-refused", "assigned-then-refused": return true
        case "key-derivation-failure", "certificate-rejected": return status == 401 && item.code != 401_001
        case "unknown-enrollment": return status == 404
        case "endorsement-key-mismatch": return item.code == 400_004
        case "custom-allocation-failed": return item.code == 400_207
        case "throttled": return item.service == "dps" && status == 429
        case "hub-throttled": return item.service == "hub" && status == 429
        case "hub-quota-exceeded": return item.code == 403_002
        case "hub-identity-unusable": return item.code == 404_001 || item.code == 403_012
        case "hub-credential-rejected", "clock-drift-suspected": return status == 401 && item.code != 401_001
        case "no-fallback-to-dps":
            return status == 401 && item.code != 401_001 || item.code == 403_012 || item.code == 404_001
        case "orphan-identity": return [401, 403, 404].contains(status) && item.code != 403_002
        default: return false
        }
    }

    @Test(arguments: Telling.all) func aRefusalThatLastsIsNamedAndBlamesNothingElse(_ telling: Telling) async throws {
        let found = try await Self.findings(telling, isLetIn: false)
        for item in Case.all {
            let about = found[item.id] ?? []
            #expect(
                about.contains { finding in
                    let said = finding.reason + " " + finding.summary
                    return said.contains("\(item.code)") && said.contains(item.text)
                        || finding.rule == "hub-quota-exceeded" && said.contains("\(item.code)")
                        || finding.rule == "hub-throttled" && said.contains("\(item.code)")
                },
                "\(item.id): \(about.map { "\($0.rule) \($0.reason) \($0.summary)" })"
            )
            for finding in about {
                #expect(Self.mayBlame(finding.rule, item), "\(item.id): \(finding.rule)")
            }
        }
    }

    @Test(arguments: Telling.all) func onceLetInOnlyItsRecoveryIsTold(_ telling: Telling) async throws {
        let found = try await Self.findings(telling, isLetIn: true)
        for item in Case.all {
            let rules = Set((found[item.id] ?? []).map(\.rule))
            // What a hub throttled or its quota cost is lost, whether or not the device came back.
            let lasting: Set<String> = ["recovered", "hub-throttled", "hub-quota-exceeded"]
            #expect(rules.isSubset(of: lasting), "\(item.id): \(rules.sorted())")
        }
    }
}
