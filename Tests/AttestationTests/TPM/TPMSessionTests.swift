import Attestation
import Basics
import Testing

@Suite struct TPMSessionTests {
    private static let key = SecretBytes(Hex.bytes("de28923e1708f7a794cf0cd14a5503a79f91b3d319fc1d680328a0dbf3908357"))
    private static let session = TPMSession(
        idScope: "0ne00A1B2C3",
        registrationId: "Device-01",
        key: key,
        endorsementKey: "AAE=",
        storageRootKey: "AAI="
    )
    private static let now = UnixTime(seconds: 1_893_450_000)

    @Test func allTokensAreThere() throws {
        #expect(try TPMVectors.all().sas.count == 26)
    }

    @Test(arguments: try TPMVectors.all().sas)
    func tokensAreJudgedAsLabelled(_ vector: TPMVectors.Token) throws {
        let session = TPMSession(
            idScope: vector.scope,
            registrationId: vector.registrationId,
            key: SecretBytes(Hex.bytes(vector.identityKey))
        )
        let verdict = session.verify(token: vector.token, now: UnixTime(seconds: vector.now))
        #expect(verdict.isAccepted == vector.valid)
        #expect(vector.valid || verdict.steps.contains { $0.result == .fail }, "a refusal says why")
    }

    @Test(arguments: ClientDialect.allCases)
    func everyClientsTokenIsAccepted(_ dialect: ClientDialect) {
        let token = dialect.token(scope: "0ne00A1B2C3", id: "Device-01", key: Self.key, now: 1_893_450_000)
        #expect(Self.session.verify(token: token, now: Self.now).isAccepted)
    }

    /// Correctly signed, but for less or more than this registration.
    @Test(arguments: ["0ne00A1B2C3", "0ne00A1B2C3%2Fregistrations", "0ne00A1B2C3%2Fregistrations%2FDevice-01%2F", ""])
    func audienceMustBeComplete(_ audience: String) {
        let token = Sign.token(sr: audience, key: Self.key)
        #expect(!Self.session.verify(token: token, now: Self.now).isAccepted)
    }

    /// aziot's tokens live 30 seconds by the device's clock.
    @Test(arguments: [(0, true), (29, true), (329, true), (331, false)])
    func shortLivedTokenOutlivesAClockThatIsLate(_ late: Int64, _ isAccepted: Bool) {
        let se = "\(Self.now.seconds + 30)"
        let token = Sign.token(sr: "0ne00a1b2c3%2Fregistrations%2Fdevice-01", key: Self.key, se: se)
        #expect(Self.session.verify(token: token, now: Self.now.adding(seconds: late)).isAccepted == isAccepted)
    }

    @Test func stateComesBackWhole() throws {
        let back = try TPMSession(secretState: Self.session.secretState())
        #expect(back.key.matches(Self.key) && back.idScope == "0ne00A1B2C3" && back.registrationId == "Device-01")
        #expect(back.endorsementKey == "AAE=" && back.storageRootKey == "AAI=")
        #expect(back.belongs(to: "0ne00A1B2C3", "device-01"))
        #expect(!back.belongs(to: "0ne00A1B2C3", "device-02") && !back.belongs(to: "0ne00A1B2C4", "device-01"))
    }

    @Test func sessionsDoNotShowTheirKey() throws {
        let text = Self.key.withBytes { Base64Text.encode($0) }
        var shown = "\(Self.session) \(String(reflecting: Self.session))"
        dump(Self.session, to: &shown)
        #expect(!shown.contains(text))
        #expect(String(decoding: Self.session.secretState(), as: UTF8.self).contains(text), "the state does hold it")
        let cut = Array(Self.session.secretState().dropLast(4))
        let fault = #expect(throws: TPMSession.StateFault.self) { try TPMSession(secretState: cut) }
        #expect(try !#require(fault).description.contains(text.prefix(6)))
    }

    @Test func damagedStatesAreReadWithoutHarm() throws {
        let whole = Self.session.secretState()
        var random = SeededRandom(seed: 63)
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            do {
                #expect(try TPMSession(secretState: bytes).key.count == 32)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect((2_500..<5_000).contains(refused))
        #expect(throws: TPMSession.StateFault.self) {
            try TPMSession(secretState: [UInt8](repeating: 0x20, count: TPMSession.largestState + 1))
        }
    }
}
