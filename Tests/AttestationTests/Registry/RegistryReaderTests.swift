import Attestation
import Testing

@Suite struct RegistryReaderTests {
    @Test func readsEveryDocumentOfTheCollection() throws {
        let names = try Fixture.names("enrollments")
        #expect(names.count == 26)
        for name in names {
            let registry = try #require(try Registry.read(utf8: try Fixture.bytes("enrollments/\(name)")).first)
            #expect(registry.individuals.count + registry.groups.count > 0, "\(name)")
            for enrollment in Array(registry.individuals.values) + registry.groups {
                if case .unknown(let word) = enrollment.attestation { Issue.record("\(name): \(word)") }
            }
        }
    }

    private func one(_ name: String) throws -> Enrollment {
        let registry = try #require(try Registry.read(utf8: try Fixture.bytes("enrollments/\(name).json")).first)
        return try #require(registry.groups.first ?? registry.individuals.values.first)
    }

    @Test(arguments: [
        ("individual-symmetric-minimal", true), ("answer-individual-symmetric-with-keys", true),
        ("answer-individual-symmetric-without-keys", false), ("individual-symmetric-no-keys", false),
        ("individual-symmetric-16-byte-keys", true), ("cli-individual-symmetric", true), ("group-symmetric", true),
    ])
    func knowsWhetherKeysAreShown(name: String, shown: Bool) throws {
        guard case .symmetricKey(let keys) = try one(name).attestation else {
            Issue.record("not a symmetric key")
            return
        }
        #expect(keys.keys.isComplete == shown)
        #expect(keys.missing.isEmpty == shown)
    }

    @Test func readsWhatEnrollmentsSay() throws {
        let full = try one("individual-symmetric-full")
        #expect(full.deviceID == "sample-device-7")
        #expect(full.hubs?.count == 2)
        #expect(full.isEnabled)
        #expect(try !one("individual-symmetric-disabled").isEnabled)
        #expect(try one("individual-symmetric-iothubhostname").hubs?.count == 1)
        #expect(try one("individual-symmetric-custom-allocation").webhook != nil)
        #expect(try one("individual-symmetric-custom-allocation").allocationPolicy == "custom")
        #expect(
            try one("group-symmetric-never-reprovision").reprovisioning
                == .init(updateHubAssignment: false, migrateDeviceData: false)
        )
        guard case .x509(let group) = try one("group-x509-signing-two").attestation else {
            Issue.record("not X.509")
            return
        }
        #expect(group.signing.count == 2)
        guard case .x509(let info) = try one("answer-individual-x509-info-only").attestation else {
            Issue.record("not X.509")
            return
        }
        #expect(info.client.first?.text == nil)
        #expect(info.client.first?.sha1Thumbprint == "096A5764CCC40B65877E9E82280E2A556A670F75")
        guard case .x509(let reference) = try one("group-x509-ca-reference").attestation else {
            Issue.record("not X.509")
            return
        }
        #expect(reference.caReferences == ["sample-root-name", "sample-other-name"])
    }

    @Test func takesNullsAsAbsent() throws {
        let text = #"""
            [{"registrationId": "a", "deviceId": null, "iotHubs": null, "reprovisionPolicy": null, "allocationPolicy": null,
              "attestation": {"type": "symmetricKey", "tpm": null, "x509": null,
                "symmetricKey": {"primaryKey": null, "secondaryKey": null}}, "provisioningStatus": null}]
            """#
        let enrollment = try #require(try Registry.read(utf8: text.utf8).first?.individual("A"))
        #expect(enrollment.deviceID == nil && enrollment.hubs == nil && enrollment.reprovisioning == nil)
        #expect(enrollment.isEnabled)
    }

    @Test func readsTheManagementPlane() throws {
        let text = #"""
            {"name": "my-dps", "properties": {"idScope": "0ne00AAAAAA", "allocationPolicy": "GeoLatency",
              "iotHubs": [{"name": "h.azure-devices.net", "connectionString": "HostName=h.azure-devices.net;SharedAccessKey=****",
                           "allocationWeight": null, "applyAllocationPolicy": false}]},
             "certificates": {"value": [{"name": "root", "properties": {"isVerified": true, "thumbprint": "AB"}}]}}
            """#
        let registry = try #require(try Registry.read(utf8: text.utf8).first)
        #expect(registry.idScope == "0ne00AAAAAA")
        #expect(registry.allocationPolicy == "geolatency")
        #expect(registry.hubs.first?.weight == 1)
        #expect(registry.hubs.first?.takesPartInAllocation == false)
        #expect(registry.certificates.first?.isVerified == true)
    }

    @Test(arguments: [
        #"[{"idScope": "A"}, {"idScope": "B"}]"#, #"{"instances": [{"idScope": "A"}, {"idScope": "B"}]}"#,
    ])
    func readsSeveralInstances(text: String) throws {
        #expect(try Registry.read(utf8: text.utf8).map(\.idScope) == ["A", "B"])
    }

    @Test func keepsTheCopyThatShowsItsKeys() throws {
        let key = DocumentedKeys.legacyDerived
        let with =
            #"{"registrationId": "a", "attestation": {"type": "symmetricKey", "symmetricKey": {"primaryKey": "\#(key)", "secondaryKey": "\#(key)"}}}"#
        let without = #"{"registrationId": "A", "attestation": {"type": "symmetricKey"}}"#
        for text in ["[\(with), \(without)]", "[\(without), \(with)]"] {
            let registry = try #require(try Registry.read(utf8: text.utf8).first)
            guard case .symmetricKey(let keys) = try #require(registry.individual("a")).attestation else {
                Issue.record("not a symmetric key")
                return
            }
            #expect(keys.keys.isComplete)
        }
    }

    @Test(arguments: [
        ("", "document"), ("[", "document"), ("3", "document"), (#"[{"attestation": {}}]"#, "[0]"),
        (#"{"idScope": "A", "enrollmentGroups": [{"x": 1}]}"#, "enrollmentGroups[0]"),
        (#"{"idScope": "A", "enrollmentGroups": 5}"#, "enrollmentGroups"),
        (#"{"idScope": "A", "iotHubs": [{}]}"#, "iotHubs[0]"),
        (#"{"idScope": "A", "iotHubs": [{"name": "h", "allocationWeight": 5000}]}"#, "iotHubs[0].allocationWeight"),
        (#"{"instances": [{"idScope": "A", "registrations": [{}]}]}"#, "instances[0].registrations[0]"),
        (#"[{"registrationId": "a"}, {"registrationId": "A"}]"#, "individualEnrollments"),
    ])
    func saysWhereAndWhatToDo(text: String, place: String) throws {
        let fault = try #require(throws: ImportFault.self) { try Registry.read(utf8: text.utf8) }
        #expect(fault.place == place)
        #expect(!fault.advice.isEmpty && !fault.problem.isEmpty)
    }

    @Test func survivesTwoThousandDamagedDocuments() throws {
        var random = SeededRandom(seed: 7)
        let house = House(&random)
        let key = House.text(house.groupKeys[0].primary)
        let whole = Array(house.json().utf8)
        var read = 0
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            do {
                read += try Registry.read(utf8: bytes).count
            } catch {
                #expect(!error.description.contains(key))
            }
        }
        #expect(read > 500)
    }
}
