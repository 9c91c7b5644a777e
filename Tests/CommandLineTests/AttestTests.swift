import Foundation
import TestSupport
import Testing

/// The verifier on the command line; the keys are those that public documentation prints.
@Suite struct AttestTests {
    private static let key = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw=="
    private static let id = "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6"
    private static let derived = "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc="
    private static let secrets = [key, derived, "usKjFWEQHrCzH8VOXjJWgcChw"]

    private static func registry(shown: Bool = true) -> String {
        let keys = #", "symmetricKey": {"primaryKey": "\#(key)", "secondaryKey": "\#(derived)"}"#
        return #"""
            {"idScope": "0ne00111111", "iotHubs": ["a.azure-devices.net"],
             "enrollmentGroups": [{"enrollmentGroupId": "g", "attestation": {"type": "symmetricKey"\#(shown ? keys : "")}}]}
            """#
    }

    private static func request(_ signature: String) -> String {
        let token =
            "SharedAccessSignature sr=0ne00111111%2Fregistrations%2F\(id)&sig=\(signature)&se=1893456000&skn=registration"
        return
            #"{"idScope": "0ne00111111", "registrationId": "\#(id)", "apiVersion": "2021-06-01", "authorization": "\#(token)"}"#
    }

    private static let good = request("4vgT0nSltTOl1Mdo9UH0nk4hIwsK9ExboUU1oeIqY2I%3D")
    /// Signed with the group key itself.
    private static let bad = request("usKjFWEQHrCzH8VOXjJWgcChw%2FJGdJizE2jA7CViu3g%3D")

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"), "curl is not installed"))
    func theWebhookIsCalledOnlyWhereThatIsAllowed() throws {
        let folder = try TestFolder()
        let server = try OneAnswerServer(#"{"iotHubHostName": "b.azure-devices.net", "payload": {"line": 7}}"#)
        let keys = #""symmetricKey": {"primaryKey": "\#(Self.key)", "secondaryKey": "\#(Self.derived)"}"#
        let registry = try folder.write(
            #"""
            {"idScope": "0ne00111111", "iotHubs": ["a.azure-devices.net", "b.azure-devices.net"],
             "enrollmentGroups": [{"enrollmentGroupId": "g", "attestation": {"type": "symmetricKey", \#(keys)},
               "allocationPolicy": "custom", "customAllocationDefinition":
                 {"webhookUrl": "http://127.0.0.1:\#(server.port)/f?code=hidden", "apiVersion": "2019-03-31"}}]}
            """#,
            to: "registry"
        )
        let request = try folder.write(Self.good, to: "request")
        let arguments = ["attest", "verify", "--registry", registry, "--request", request, "--at", "2026-11-24"]
        let silent = try Binary.run(arguments)
        #expect(silent.code == 2)
        let called = try Binary.run(arguments + ["--call-webhook"])
        #expect(called.code == 0, "\(called.output) \(called.error)")
        guard called.code == 0 else { return }
        #expect(called.output.contains("b.azure-devices.net"))
        let body = server.received()
        #expect(body.hasPrefix("POST /f?code=hidden"))
        #expect(body.contains("deviceRuntimeContext") && body.contains("linkedHubs"))
        for secret in Self.secrets { #expect(!body.contains(secret) && !called.output.contains(secret)) }
        let again = try Binary.run(arguments + ["--call-webhook"])
        #expect(again.code == 1)
        #expect(again.output.contains("M33"))
    }

    @Test func deriveKeyWritesOnlyWhereItIsSafe() throws {
        let folder = try TestFolder()
        let key = try folder.write(Self.key + "\n", to: "key")
        let ids = try folder.write("\(Self.id)\r\n\nother\n", to: "ids")
        #expect(
            try Binary.run("attest", "derive-key", "--key-file", key, "--registration-id", Self.id).output == Self
                .derived + "\n"
        )
        let many = try Binary.run("attest", "derive-key", "--ids", ids, environment: ["DPSLENS_GROUP_KEY": Self.key])
        #expect(many.output.hasPrefix("\(Self.id)\t\(Self.derived)\nother\t"))
        let input = try Binary.run("attest", "derive-key", "--key-file", "-", "--registration-id", Self.id, input: key)
        #expect(input.output == Self.derived + "\n")
        let output = folder.path + "/out"
        #expect(try Binary.run("attest", "derive-key", "--key-file", key, "--ids", ids, "-o", output).code == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: output)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func deriveKeySaysWhatIsWrongWithoutTheKey() throws {
        let folder = try TestFolder()
        let short = try folder.write("QUJDREVGRw==", to: "key")
        let key = try folder.write(Self.key, to: "good")
        let run = try Binary.run("attest", "derive-key", "--key-file", short, "--registration-id", "a")
        #expect(run.code == 4 && !run.error.contains("QUJDREVGRw"))
        #expect(try Binary.run("attest", "derive-key", "--key-file", key, "--registration-id", "a b").code == 4)
        #expect(try Binary.run("attest", "derive-key", "--registration-id", "a").code == 64)
        #expect(try Binary.run("attest", "derive-key", "--key-file", key).code == 64)
        #expect(try Binary.run("attest", "derive-key", "--key-file", "/no/file", "--registration-id", "a").code == 3)
    }

    @Test func verifyGivesTheVerdictAndItsCode() throws {
        let folder = try TestFolder()
        let shown = try folder.write(Self.registry(), to: "r.json")
        let hidden = try folder.write(Self.registry(shown: false), to: "h.json")
        let good = try folder.write(Self.good, to: "q.json")
        let bad = try folder.write(Self.bad, to: "b.json")
        let at = ["--at", "2029-12-31T00:00:00Z"]
        let accepted = try Binary.run("attest", "verify", "--registry", shown, "--request", good, at[0], at[1])
        #expect(accepted.code == 0 && accepted.output.contains("hub: a.azure-devices.net"))
        let refused = try Binary.run(
            "attest",
            "verify",
            "--registry",
            shown,
            "--request",
            bad,
            at[0],
            at[1],
            "--format",
            "json"
        )
        #expect(refused.code == 1)
        let json = try JSONSerialization.jsonObject(with: Data(refused.output.utf8)) as? [String: Any]
        let diagnosis = json?["diagnosis"] as? [[String: Any]]
        #expect(diagnosis?.first?["mistake"] as? String == "M1")
        #expect(json?["errorCode"] as? Int == 401_002)
        let open = try Binary.run("attest", "verify", "--registry", hidden, "--request", good, at[0], at[1])
        #expect(open.code == 2 && open.output.contains("keys not shown"))
        let keys = try folder.write("g \(Self.key)\n", to: "keys")
        let filled = try Binary.run(
            "attest",
            "verify",
            "--registry",
            hidden,
            "--request",
            good,
            "--group-keys",
            keys,
            at[0],
            at[1]
        )
        #expect(filled.code == 0)
        let late = try Binary.run(
            "attest",
            "verify",
            "--registry",
            shown,
            "--request",
            good,
            "--at",
            "2030-01-01T00:05:01Z"
        )
        #expect(late.code == 1 && late.output.contains("M15"))
        for run in [accepted, refused, open, filled, late] {
            for secret in Self.secrets { #expect(!run.output.contains(secret) && !run.error.contains(secret)) }
        }
    }

    @Test func verifyTakesThousandsAndSumsThemUp() throws {
        let folder = try TestFolder()
        let registry = try folder.write(Self.registry(), to: "r.json")
        let lines = (0..<40).map { $0 % 4 == 0 ? Self.bad : Self.good } + ["", "rubbish"]
        let requests = try folder.write(lines.joined(separator: "\n"), to: "q.jsonl")
        let run = try Binary.run(
            "attest",
            "verify",
            "--registry",
            registry,
            "--requests",
            requests,
            "--at",
            "2029-12-31"
        )
        #expect(run.code == 1)
        #expect(run.output.contains("1\trejected\tM1\t"))
        #expect(run.output.contains("  30\tassigned\n  10\trejected\n  1\tunreadable\nby mistake\n  10\tM1\n"))
        let json = try Binary.run(
            "attest",
            "verify",
            "--registry",
            registry,
            "--requests",
            requests,
            "--at",
            "2029-12-31",
            "--format",
            "json"
        )
        #expect(json.output.split(separator: "\n").count == 41)
        #expect(json.error.contains("10\tM1"))
    }

    @Test func verifySaysWhereADocumentIsWrong() throws {
        let folder = try TestFolder()
        let registry = try folder.write(#"{"idScope": "A", "enrollmentGroups": [{}]}"#, to: "r.json")
        let good = try folder.write(Self.good, to: "q.json")
        let run = try Binary.run("attest", "verify", "--registry", registry, "--request", good)
        #expect(run.code == 4 && run.error.contains("enrollmentGroups[0]"))
        #expect(try Binary.run("attest", "verify", "--registry", "/no/file", "--request", good).code == 3)
        #expect(try Binary.run("attest", "verify", "--registry", registry).code == 64)
    }

    @Test func chainNeedsCertificates() throws {
        let folder = try TestFolder()
        let rubbish = try folder.write("rubbish", to: "c.pem")
        #expect(try Binary.run("attest", "chain", "--anchors", rubbish, "--chain", rubbish).code == 2)
        #expect(try Binary.run("attest", "chain", "--anchors", "/no/file", "--chain", rubbish).code == 3)
    }

    @Test func tpmPrintsNothingForAKeyItDoesNotTake() throws {
        let folder = try TestFolder()
        let state = folder.path + "/state"
        let options = ["--scope", "s", "--registration-id", "d1", "--state", state]
        let run = try Binary.run(
            "attest",
            "tpm",
            "challenge",
            "--ek",
            "AAAA",
            "--srk",
            "AAAA",
            options[0],
            options[1],
            options[2],
            options[3],
            options[4],
            options[5]
        )
        #expect(run.code == 4 && run.output.isEmpty)
        let verify = try Binary.run(
            "attest",
            "tpm",
            "verify",
            "--scope",
            "s",
            "--registration-id",
            "d1",
            "--state",
            state,
            "--sas",
            "x",
            "--now",
            "5"
        )
        #expect(verify.code == 2)
    }
}
