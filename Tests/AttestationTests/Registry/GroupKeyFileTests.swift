import Attestation
import Testing

@Suite struct GroupKeyFileTests {
    @Test func fillsWhatTheRegistryDoesNotShow() async throws {
        var random = SeededRandom(seed: 51)
        let house = House(&random)
        let hidden = try #require(try house.registry(showKeys: false).first)
        let first = "# mine\n\nGroup-0 \(House.text(house.groupKeys[0].primary))\r\n"
        let half = hidden.filling(try GroupKeyFile(first))
        #expect(half.rest.isEmpty)
        #expect(Verifier.decide(half.registry, house.request("d1"), at: House.now).decision == .assigned)
        let other = house.request("d1", token: house.token("d1", key: SecretBytes([UInt8](repeating: 3, count: 32))))
        #expect(Verifier.decide(half.registry, other, at: House.now).decision == .cannotVerify)
        let all = house.groupKeys.enumerated().map {
            "group-\($0) \(House.text($1.primary))\ngroup-\($0) \(House.text($1.secondary))"
        }
        let full = hidden.filling(try GroupKeyFile(all.joined(separator: "\n")))
        #expect(Verifier.decide(full.registry, other, at: House.now).decision == .rejected)
    }

    @Test func neverReplacesAShownKey() throws {
        var random = SeededRandom(seed: 52)
        let house = House(&random)
        let registry = try #require(try house.registry().first)
        let key = House.text(SecretBytes(random.bytes(64)))
        #expect(registry.filling(try GroupKeyFile("group-0 \(key)\nnobody \(key)\n\(key)")).rest.count == 3)
    }

    @Test(arguments: ["a b c", "group-0 AAAA", "***"])
    func saysWhichLineIsWrong(text: String) throws {
        let fault = try #require(throws: ImportFault.self) { try GroupKeyFile("\n" + text) }
        #expect(fault.place == "group keys, line 2")
        #expect(!fault.description.contains("AAAA"))
    }
}
