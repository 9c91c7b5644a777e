import Attestation
import Testing

@Suite struct SASVerifierTests {
    private static let target = "0ne00111111/registrations/\(DocumentedKeys.legacyID)"
    private static let early = UnixTime(seconds: 1_893_456_000 - 3_600)

    private func verdict(_ token: String, at now: UnixTime = early, target: String = target) throws -> SASVerdict {
        let device = try EnrollmentKey.read(DocumentedKeys.legacyDerived)
        return SASVerifier.verify(
            token: token,
            keys: SASKeys(only: device, name: "device"),
            audience: target,
            now: now
        )
    }

    @Test(arguments: [
        ("0ne00111111%2Fregistrations%2F", "4vgT0nSltTOl1Mdo9UH0nk4hIwsK9ExboUU1oeIqY2I="),
        ("0ne00111111%2fregistrations%2f", "j/hDiV4nC7UmhyS5Sg3pG02hr3jjYK5aEWWnrFKiLLY="),
        ("0ne00111111/registrations/", "3lktnU51iC6A11Y9Q/wJfErs23XUO145NYAZoDxmiUE="),
        ("0NE00111111%2Fregistrations%2F", "qD9mJ6Reoew6yQr3SUGI9CEnDU9flaY1HTFANK5LSXk="),
    ])
    func acceptsEverySpellingOfTheAudience(prefix: String, signature: String) throws {
        let sig = signature.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
        for tail in ["&skn=registration", "&skn=", ""] {
            let token =
                "SharedAccessSignature sr=\(prefix)\(DocumentedKeys.legacyID)&sig=\(sig)&se=1893456000\(tail)"
            #expect(try verdict(token).outcome == .accepted(key: "device"))
        }
    }

    @Test(arguments: [
        "usKjFWEQHrCzH8VOXjJWgcChw/JGdJizE2jA7CViu3g=", "qgCxroar6Ul/nL2nwGmFiA61ReEMxSuXXZeU/6A3Ikg=",
    ])
    func refusesOtherSignatures(signature: String) throws {
        let sig = signature.replacing("/", with: "%2F").replacing("=", with: "%3D")
        let sr = "0ne00111111%2Fregistrations%2F\(DocumentedKeys.legacyID)"
        let token = "SharedAccessSignature sr=\(sr)&sig=\(sig)&se=1893456000"
        #expect(try verdict(token).outcome == .badSignature)
    }

    @Test(arguments: [(300, true), (301, false), (-1, true)])
    func allowsFiveMinutes(after: Int64, accepted: Bool) throws {
        let token = Sign.token(sr: Self.target, key: try EnrollmentKey.read(DocumentedKeys.legacyDerived))
        let now = UnixTime(seconds: 1_893_456_000 + after)
        #expect(try verdict(token, at: now).outcome == (accepted ? .accepted(key: "device") : .expired))
    }

    @Test func verifiesThePublishedHubTokenAndNotTheRedactedOne() throws {
        let keys = SASKeys(only: try EnrollmentKey.read(DocumentedKeys.https), name: "device")
        let hub =
            "SharedAccessSignature sr=MyExampleHub.azure-devices.net%2Fdevices%2Fmy-symkey-device"
            + "&sig=f%2BwW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM%3D&se=1663119026"
        let dps =
            "SharedAccessSignature sr=0ne00111111%2Fregistrations%2Fmy-symkey-device"
            + "&sig=eNwg52xQdFTNf7bgPAlAJBCIcONivq%2Fck1lf3wtxI4A%3D&skn=registration&se=1663952627"
        let right = dps.replacing(
            "eNwg52xQdFTNf7bgPAlAJBCIcONivq%2Fck1lf3wtxI4A%3D",
            with: "8VPprb8BiTkuVE0hBqHm%2FSVrzVpdD8VZcXugntdbhuU%3D"
        )
        let now = UnixTime(seconds: 1_663_000_000)
        let target = "0ne00111111/registrations/my-symkey-device"
        let atHub = "MyExampleHub.azure-devices.net/devices/my-symkey-device"
        #expect(SASVerifier.verify(token: hub, keys: keys, audience: atHub, now: now).isAccepted)
        #expect(SASVerifier.verify(token: hub, keys: keys, audience: target, now: now).outcome == .wrongAudience)
        #expect(SASVerifier.verify(token: dps, keys: keys, audience: target, now: now).outcome == .badSignature)
        #expect(SASVerifier.verify(token: right, keys: keys, audience: target, now: now).isAccepted)
    }

    @Test(arguments: ClientDialect.allCases)
    func acceptsEveryClient(dialect: ClientDialect) throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<50 {
            let id = random.registrationID()
            let key = SecretBytes(random.bytes(32))
            let token = dialect.token(scope: "0ne003D5A75", id: id, key: key, now: 1_700_000_000)
            let verdict = SASVerifier.verify(
                token: token,
                keys: SASKeys(primary: SecretBytes(random.bytes(32)), secondary: key),
                audience: "0ne003D5A75/registrations/\(id)",
                now: UnixTime(seconds: 1_700_000_010)
            )
            #expect(verdict.outcome == .accepted(key: "secondary"))
        }
    }

    @Test(arguments: [
        ("a/registrations/b", true), ("a/registrations", true), ("a", true), ("A/Registrations/B/", true),
        ("a/registrations/b/c", false), ("a/registrations/bc", false), ("a/reg", false), ("", false), ("/", false),
    ])
    func countsThePrefixBySegments(audience: String, covered: Bool) {
        #expect(SASVerifier.covers(audience, "a/registrations/b") == covered)
    }

    @Test func saysWhatItCannotKnow() throws {
        let key = try EnrollmentKey.read(DocumentedKeys.legacyDerived)
        let token = Sign.token(sr: Self.target, key: key)
        let none = SASKeys(primary: nil, secondary: nil)
        let other = SASKeys(primary: SecretBytes([UInt8](repeating: 7, count: 32)), secondary: nil)
        for keys in [none, other] {
            let verdict = SASVerifier.verify(token: token, keys: keys, audience: Self.target, now: Self.early)
            #expect(verdict.outcome == .keysNotShown)
        }
    }

    @Test func losesAnUnencodedPlusAndThePadding() throws {
        let key = try EnrollmentKey.read(DocumentedKeys.legacyDerived)
        let encoded = Sign.token(sr: Self.target, key: key)
        let bare = encoded.replacing("%2F", with: "/").replacing("%2B", with: "+").replacing("%3D", with: "=")
        #expect(try verdict(encoded).isAccepted)
        #expect(try verdict(bare).outcome == .badSignature)
    }

    @Test(arguments: [
        ("", SASToken.Fault.shape), ("SharedAccessSignature", .shape), ("Bearer x=y", .scheme),
        ("sharedaccesssignature sr=a&sig=b&se=1", .scheme), ("SharedAccessSignature  sr=a&sig=b&se=1", .shape),
        ("SharedAccessSignature sr=a&sig=b&se=1\n", .shape), ("SharedAccessSignature sr=a&se=1", .missing(name: "sig")),
        ("SharedAccessSignature sig=a&se=1", .missing(name: "sr")),
        ("SharedAccessSignature sr=a&sig=b", .missing(name: "se")),
        ("SharedAccessSignature sr=a&sig=b&se=", .expiry), ("SharedAccessSignature sr=a&sig=b&se=0x10", .expiry),
        ("SharedAccessSignature sr=a&sig=b&se=1&SE=2", .repeated(name: "se")),
        ("SharedAccessSignature sr=a&sig&se=1", .fieldWithoutValue(name: "sig")),
    ])
    func refusesWhatIsNoToken(text: String, fault: SASToken.Fault) {
        #expect(throws: fault) { try SASToken(text) }
    }

    @Test func takesFieldNamesInAnyCaseAndFractions() throws {
        let token = try SASToken("SharedAccessSignature SE=1.5&Sig=b%2B&sR=a%2Fb&x=y")
        #expect(token.expiry == 1.5)
        #expect(token.signature == "b+")
        #expect(token.audienceAsReceived == "a%2Fb")
        #expect(token.keyName == nil)
        #expect(!"\(token)".contains("b+") && !String(reflecting: token).contains("b%2B"))
    }

    @Test func survivesTwentyThousandRandomTokens() {
        var random = SeededRandom(seed: 6)
        let words = ["SharedAccessSignature", " ", "&", "sig=", "%2", "%zz", "1", "=", "\n", "é", "+", "skn"]
        var read = 0
        for _ in 0..<20_000 {
            var text = Array("SharedAccessSignature sr=a%2Fb&sig=c%3D&se=12".unicodeScalars)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0..<text.count, using: &random)
                let word = words[Int.random(in: 0..<words.count, using: &random)]
                text.replaceSubrange(place..<place + 1, with: word.unicodeScalars)
            }
            var string = String.UnicodeScalarView()
            string.append(contentsOf: text)
            if (try? SASToken(String(string))) != nil { read += 1 }
        }
        #expect(read > 1_000 && read < 20_000)
        #expect(throws: SASToken.Fault.tooLong(limit: SASToken.longest)) {
            try SASToken(String(repeating: "a", count: SASToken.longest + 1))
        }
    }
}
