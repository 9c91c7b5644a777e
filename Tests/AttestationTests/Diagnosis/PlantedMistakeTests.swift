import Attestation
import Crypto
import Testing

/// A device that makes a known mistake.
struct Plant: Sendable, CustomTestStringConvertible {
    let mistake: String
    let testDescription: String
    /// Makes the request; the house's first group is the device's own.
    let request: @Sendable (inout SeededRandom, inout House, String) -> AttestationRequest

    init(
        _ mistake: String,
        _ words: String,
        _ request: @escaping @Sendable (inout SeededRandom, inout House, String) -> AttestationRequest
    ) {
        self.mistake = mistake
        testDescription = "\(mistake), \(words)"
        self.request = request
    }

    /// A device that signs with a key that came about wrongly.
    static func key(
        _ mistake: String,
        _ words: String,
        _ key: @escaping @Sendable (SecretBytes, String) -> SecretBytes
    ) -> Plant {
        Plant(mistake, words) { _, house, id in
            house.request(id, token: house.token(id, key: key(house.groupKeys[0].primary, id)))
        }
    }

    static func bytes(_ key: SecretBytes) -> [UInt8] { key.withBytes { $0 } }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func derive(_ key: SecretBytes, _ message: String) -> SecretBytes {
        SecretBytes(key.hmacSHA256(message.utf8))
    }

    /// The other case, whichever changes the id.
    static func recased(_ id: String) -> String { id == id.lowercased() ? id.uppercased() : id.lowercased() }

    /// Takes the escapes out of a token's signature.
    static func bare(_ token: String) -> String {
        guard let start = token.firstRange(of: "&sig=") else { return token }
        let tail = token[start.upperBound...]
        return String(token[..<start.upperBound])
            + tail.replacing("%2F", with: "/").replacing("%2B", with: "+").replacing("%3D", with: "=")
    }

    static let keys: [Plant] = [
        key("M1", "the group key on the device") { key, _ in key },
        key("M2", "group key not decoded") { derive(SecretBytes(House.text($0).utf8), $1) },
        key("M3", "lower hex") { derive(SecretBytes(hex(bytes($0)).utf8), $1) },
        key("M3", "upper hex") { derive(SecretBytes(hex(bytes($0)).uppercased().utf8), $1) },
        key("M4", "another case") { derive($0, recased($1)) },
        key("M6", "line feed") { derive($0, $1 + "\n") },
        key("M6", "carriage return and line feed") { derive($0, $1 + "\r\n") },
        key("M6", "space") { derive($0, $1 + " ") },
        key("M6", "quotes") { derive($0, "\"\($1)\"") },
        key("M7", "derived twice") { derive(derive($0, $1), $1) },
        key("D1", "swapped") { SecretBytes(SecretBytes($1.utf8).hmacSHA256(bytes($0))) },
        key("D2", "UTF-16") { key, id in SecretBytes(key.hmacSHA256(id.utf8.flatMap { [$0, UInt8(0)] })) },
        key("D3", "plain hash") { SecretBytes(Array(SHA256.hash(data: bytes($0) + Array($1.utf8)))) },
        key("D4", "hex output as text") { SecretBytes(hex(bytes(derive($0, $1))).utf8) },
        key("D4", "hex output decoded as base64") { key, id in
            SecretBytes((try? Base64Text.decode(hex(bytes(derive(key, id))))) ?? [])
        },
        key("D6", "key text signed") { SecretBytes(House.text(derive($0, $1)).utf8) },
        key("M4+M6", "case and line feed") { derive($0, recased($1) + "\n") },
        key("M4+M2", "case and not decoded") { derive(SecretBytes(House.text($0).utf8), recased($1)) },
        key("M6+M3", "line feed and hex") { derive(SecretBytes(hex(bytes($0)).uppercased().utf8), $1 + "\n") },
        key("M6+D6", "line feed and key text signed") { SecretBytes(House.text(derive($0, $1 + "\n")).utf8) },
        key("M1+D6", "the group key's text signed") { key, _ in SecretBytes(House.text(key).utf8) },
    ]

    static let tokens: [Plant] = [
        Plant("D5", "base64url output as text") { random, house, id in
            // Only a key that has + or / shows the mistake, so such a group key is drawn.
            while !House.text(house.deviceKey(id)).contains(where: { "+/".contains($0) }) {
                house.groupKeys[0].primary = SecretBytes(random.bytes(64))
            }
            let text = House.text(house.deviceKey(id)).replacing("+", with: "-").replacing("/", with: "_")
            return house.request(id, token: house.token(id, key: SecretBytes(text.utf8)))
        },
        Plant("M5", "derived from the device id") { _, house, id in
            house.extra =
                #", "registrations": [{"registrationId": "\#(id)", "deviceId": "hub-\#(id)", "status": "assigned"}]"#
            return house.request(id, token: house.token(id, key: derive(house.groupKeys[0].primary, "hub-\(id)")))
        },
        Plant("M5", "derived from the group's name") { _, house, id in
            house.request(id, token: house.token(id, key: derive(house.groupKeys[0].primary, "group-0")))
        },
        Plant("M8", "another individual's key") { random, house, id in
            house.individualKeys["other"] = SecretBytes(random.bytes(32))
            return house.request(id, token: house.token(id, key: house.individualKeys["other"]))
        },
        Plant("M10", "a service policy") { random, house, id in
            let token = Sign.token(
                sr: "\(house.scope)%2Fregistrations%2F\(id)",
                key: SecretBytes(random.bytes(32)),
                se: "\(House.now.seconds + 60)",
                skn: "provisioningserviceowner"
            )
            return house.request(id, token: token)
        },
        Plant("M11", "another device's token") { _, house, id in house.request(id, token: house.token(id + "x")) },
        Plant("M11", "for a hub, with the right key") { _, house, id in
            let sr = "h.azure-devices.net%2Fdevices%2F\(id)"
            let token = Sign.token(sr: sr, key: house.deviceKey(id), se: "\(House.now.seconds + 60)", skn: nil)
            return house.request(id, token: token)
        },
        Plant("M11", "another scope") { _, house, id in
            let sr = "0ne00222222%2Fregistrations%2F\(Sign.encode(id))"
            return house.request(
                id,
                token: Sign.token(sr: sr, key: house.deviceKey(id), se: "\(House.now.seconds + 60)")
            )
        },
        Plant("M12", "signature not encoded") { _, house, id in house.request(id, token: bare(house.token(id))) },
        Plant("M2+M12", "not decoded, signature not encoded") { _, house, id in
            let key = derive(SecretBytes(House.text(house.groupKeys[0].primary).utf8), id)
            return house.request(id, token: bare(house.token(id, key: key)))
        },
        Plant("M13", "raw signed, encoded sent") { _, house, id in
            signed(
                "\(house.scope)/registrations/\(id)",
                sent: "\(house.scope)%2Fregistrations%2F\(Sign.encode(id))",
                house,
                id
            )
        },
        Plant("M13", "upper-case escapes signed, lower-case sent") { _, house, id in
            signed(
                "\(house.scope)%2Fregistrations%2F\(Sign.encode(id))",
                sent: "\(house.scope)%2fregistrations%2f\(Sign.encode(id, upperCase: false))",
                house,
                id
            )
        },
        Plant("M14", "milliseconds") { _, house, id in
            house.request(id, token: house.token(id, se: (House.now.seconds + 3_600) * 1_000))
        },
        Plant("M14", "a clock that was never set") { random, house, id in
            house.request(id, token: house.token(id, se: Int64.random(in: 3_600...946_690_000, using: &random)))
        },
        Plant("M15", "reused") { random, house, id in
            house.request(
                id,
                token: house.token(id, se: House.now.seconds - Int64.random(in: 301...86_400, using: &random))
            )
        },
        Plant("M15+M4", "reused, and another case") { _, house, id in
            let key = derive(house.groupKeys[0].primary, recased(id))
            return house.request(id, token: house.token(id, key: key, se: House.now.seconds - 3_600))
        },
        Plant("M16", "unknown scope") { _, house, id in
            var request = house.request(id)
            request.idScope = "0ne00777777"
            return request
        },
        Plant("M30", "an individual TPM enrollment") { _, house, id in
            house.typed[id] = "tpm"
            return house.request(id)
        },
        Plant("M6", "the id itself has a line feed") { _, house, id in house.request(id + "\n") },
        Plant("D7", "derives from an individual key") { random, house, id in
            let key = SecretBytes(random.bytes(64))
            house.individualKeys[id] = key
            return house.request(id, token: house.token(id, key: derive(key, id)))
        },
        Plant("D8", "an individual enrollment hides the group") { random, house, id in
            house.individualKeys[id] = SecretBytes(random.bytes(64))
            return house.request(id)
        },
        Plant("D9", "signature in hexadecimal") { _, house, id in
            let sr = "\(house.scope)%2Fregistrations%2F\(Sign.encode(id))"
            let se = "\(House.now.seconds + 60)"
            let sig = hex(house.deviceKey(id).hmacSHA256("\(sr)\n\(se)".utf8))
            return house.request(id, token: "SharedAccessSignature sr=\(sr)&sig=\(sig)&se=\(se)")
        },
        Plant("D10", "signature encoded twice") { _, house, id in
            house.request(id, token: house.token(id).replacing("%3D&", with: "%253D&").replacing("%2B", with: "%252B"))
        },
        Plant("D11", "a line feed after se") { _, house, id in
            let sr = "\(house.scope)%2Fregistrations%2F\(Sign.encode(id))"
            let se = "\(House.now.seconds + 60)"
            let sig = Sign.encode(Base64Text.encode(house.deviceKey(id).hmacSHA256("\(sr)\n\(se)\n".utf8)))
            return house.request(id, token: "SharedAccessSignature sr=\(sr)&sig=\(sig)&se=\(se)")
        },
        Plant("D12", "a line end after the token") { _, house, id in house.request(id, token: house.token(id) + "\n") },
    ]

    private static func signed(_ text: String, sent: String, _ house: House, _ id: String) -> AttestationRequest {
        let se = "\(House.now.seconds + 60)"
        let sig = Sign.encode(Base64Text.encode(house.deviceKey(id).hmacSHA256("\(text)\n\(se)".utf8)))
        return house.request(id, token: "SharedAccessSignature sr=\(sent)&sig=\(sig)&se=\(se)")
    }
}

@Suite struct PlantedMistakeTests {
    /// A hundred random houses and ids; a mistake that changes nothing for an id is drawn again.
    @Test(arguments: Plant.keys + Plant.tokens)
    func isNamedFirstInNinetyNineOfAHundred(plant: Plant) async throws {
        var random = SeededRandom(seed: 21)
        var named = 0
        var others: [String] = []
        for _ in 0..<100 {
            var house = House(&random)
            var id = random.registrationID()
            while id.lowercased() == id || id.uppercased() == id || !id.contains(where: { "._:".contains($0) }) {
                id = random.registrationID()
            }
            if plant.mistake == "M13" { id += ":1" }
            let request = plant.request(&random, &house, id)
            let verdict = Verifier.decide(try house.registry(), request, at: House.now)
            #expect(verdict.decision == .rejected)
            let first = verdict.diagnosis.first
            if first?.mistake == plant.mistake { named += 1 } else { others.append(first?.mistake ?? "none") }
        }
        #expect(named >= 99, "instead: \(Set(others))")
    }

    @Test func raisesNothingForAThousandCorrectRequests() async throws {
        var random = SeededRandom(seed: 22)
        for round in 0..<1_000 {
            var house = House(&random)
            let id = random.registrationID()
            if round % 3 == 0 { house.individualKeys[id] = SecretBytes(random.bytes(64)) }
            let key = house.individualKeys[id] ?? house.deviceKey(id)
            let dialect = ClientDialect.allCases[round % ClientDialect.allCases.count]
            let token = dialect.token(scope: house.scope, id: id, key: key, now: Int(House.now.seconds))
            let verdict = Verifier.decide(try house.registry(), house.request(id, token: token), at: House.now)
            #expect(verdict.decision == .assigned)
            #expect(verdict.diagnosis.isEmpty)
        }
    }

    @Test func namesAnotherInstance() async throws {
        var random = SeededRandom(seed: 23)
        let own = House(&random)
        var other = House(&random)
        other.scope = "0ne00222222"
        let both = try own.registry() + other.registry()
        var request = other.request("d1")
        request.idScope = own.scope
        let audience = Verifier.decide(both, request, at: House.now)
        #expect(audience.diagnosis.first?.mistake == "M11+M16")
        #expect(audience.diagnosis.contains { $0.compared.contains("the token is for instance 0ne00222222") })
        let key = Verifier.decide(
            both,
            own.request("d1", token: own.token("d1", key: other.deviceKey("d1"))),
            at: House.now
        )
        #expect(key.diagnosis.first?.mistake == "M16")
    }

    @Test func usesKeysThatAreHandedIn() async throws {
        var random = SeededRandom(seed: 24)
        let house = House(&random)
        let old = SecretBytes(random.bytes(64))
        var circumstances = Circumstances()
        circumstances.otherGroupKeys = [old]
        let request = house.request("d1", token: house.token("d1", key: Plant.derive(old, "d1")))
        let regenerated = Verifier.decide(try house.registry(), request, at: House.now, circumstances)
        #expect(regenerated.diagnosis.first?.mistake == "M8")
        let wrong = house.request("d1", token: house.token("d1", key: Plant.derive(old, "D1")))
        let hidden = Verifier.decide(try house.registry(showKeys: false), wrong, at: House.now, circumstances)
        #expect(hidden.decision == .cannotVerify)
        #expect(hidden.diagnosis.first?.mistake == "M4")
    }

    @Test func staysWithinItsWork() async throws {
        var random = SeededRandom(seed: 25)
        let house = House(&random, groups: 100)
        let unknown = house.request("d1", token: house.token("d1", key: SecretBytes(random.bytes(32))))
        let registry = try house.registry()
        let verdict = Verifier.decide(registry, unknown, at: House.now)
        #expect(verdict.diagnosis.map(\.mistake) == ["M8"])
        #expect(verdict.diagnosis.first?.confidence == .possible)
    }
}
