import BigInt
import Foundation
import TestSupport
import Testing

@testable import Attestation

@Suite struct CertificateFactsTests {
    @Test func readsWhatTheLibraryReadsAndMore() throws {
        let made = try Made("dev-1", by: try Made("root", authority: true))
        let facts = try #require(CertificateFacts.read(try made.pem).first)
        #expect(facts.subject == "CN=dev-1" && facts.issuer == "CN=root")
        #expect(facts.notAfter == House.now.adding(seconds: 86_400))
        #expect(facts.notBefore == House.now.adding(seconds: -864_000))
        #expect(facts.rsa == nil)
        #expect(facts.thumbprint == KnownCertificate(der: try made.der).sha1)
    }

    @Test func readsKeysThatTheLibraryRefuses() throws {
        let short = HandMadeCertificate("dev-1", by: "ca", modulus: HandMadeCertificate.modulus(bits: 1024))
        let facts = try #require(CertificateFacts.read(Base64Text.encode(short.der)).first)
        #expect(facts.subject == "CN=dev-1" && facts.issuer == "CN=ca")
        #expect(facts.rsa?.weaknesses == [.short(bits: 1024)])
        #expect(facts.notAfter == UnixTime(rfc3339: "2028-01-01T00:00:00Z"))
    }

    @Test func rubbishGivesNothingAndDoesNotStop() {
        let der = HandMadeCertificate("dev-1", modulus: HandMadeCertificate.modulus(bits: 1024)).der
        for length in stride(from: 0, to: der.count, by: 7) {
            #expect(CertificateFacts.read(Base64Text.encode(der.prefix(length))).isEmpty)
        }
        var random = SeededRandom(seed: 77)
        for _ in 0..<300 {
            var bytes = der
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = CertificateFacts.read(Base64Text.encode(bytes))
        }
    }

    @Test(arguments: [
        ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"), ("2026-12-01T00:00:00+00:00", "2026-12-01T00:00:00Z"),
        ("Tue, 01 Dec 2026 00:00:00 GMT", "2026-12-01T00:00:00Z"), ("Tue, 01 Dec 2026 00:00:00", nil),
        ("Tue, 41 Dec 2026 00:00:00 GMT", nil), ("soon", nil), ("", nil),
    ])
    func readsTheTimesOfExports(_ text: String, _ time: String?) {
        #expect(ExportTime.read(text)?.description == time)
    }
}

@Suite struct ROCAFingerprintTests {
    private static let product = ([2] + ROCAFingerprint.primes).reduce(BigUInt(1)) { $0 * BigUInt($1) }

    @Test func knowsNumbersOfTheForm() {
        for _ in 0..<50 {
            let power = BigUInt(65_537).power(BigUInt.randomInteger(withExactWidth: 60), modulus: Self.product)
            let number = power + Self.product * BigUInt.randomInteger(withExactWidth: 1800)
            #expect(ROCAFingerprint.marks(Array(number.serialize())))
        }
    }

    @Test func asksForOneExponentAndNotOnlyForResidues() {
        // A power modulo each prime, and with another exponent modulo one of them: residues alone would not tell.
        let last = BigUInt(167)
        let rest = Self.product / last
        let power = BigUInt(65_537).power(12_345, modulus: rest)
        var number = power
        let wanted = BigUInt(65_537).power(12_346, modulus: last)
        while number % last != wanted { number += rest }
        #expect(!ROCAFingerprint.marks(Array(number.serialize())))
    }

    @Test func randomNumbersHaveNoMark() {
        for _ in 0..<20_000 { #expect(!ROCAFingerprint.marks(HandMadeCertificate.modulus(bits: 512))) }
    }
}

@Suite struct ExportReadingTests {
    @Test(arguments: [
        (#"{"idScope":"s","individualEnrollments":[]}"#, ["individualEnrollments"]),
        (#"{"properties":{"idScope":"s","iotHubs":[]},"certificates":null}"#, ["iotHubs"]),
        (#"[{"enrollmentGroupId":"g","attestation":{"type":"tpm"}}]"#, ["enrollmentGroups"]),
    ])
    func remembersWhichListsADocumentHas(_ text: String, _ lists: [String]) throws {
        #expect(try Registry.read(utf8: text.utf8).first?.listed == Set(lists))
    }

    @Test func spellingsOfOneIdAreKeptOnlyOnDemand() throws {
        let text = #"{"idScope":"s","enrollmentGroups":[{"enrollmentGroupId":"G"},{"enrollmentGroupId":"g"}]}"#
        #expect(throws: ImportFault.self) { try Registry.read(utf8: text.utf8) }
        let kept = try #require(try Registry.read(utf8: text.utf8, keepsVariants: true).first)
        #expect(kept.groups.map(\.id) == ["G"])
        #expect(kept.caseVariants == [.init(kind: .group, ids: ["G", "g"])])
        let filled = kept.filling(try GroupKeyFile("")).registry
        #expect(filled.caseVariants == kept.caseVariants && filled.listed == kept.listed)
    }

    @Test func theNameOfThePolicyIsKeptAndNeverItsKey() throws {
        let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ="
        let text =
            #"{"name":"dps-1","idScope":"s","iotHubs":[{"connectionString":"HostName=a.azure-devices.net;SharedAccessKeyName=link;SharedAccessKey=\#(secret)"},"b"]}"#
        let registry = try #require(try Registry.read(utf8: text.utf8).first)
        #expect(registry.name == "dps-1")
        #expect(registry.hubs.map(\.keyName) == ["link", nil])
        #expect(registry.hubs.map(\.name) == ["a.azure-devices.net", "b"])
        #expect(!"\(registry)".contains(secret))
    }
}
