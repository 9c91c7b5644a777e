import Attestation
import BigInt
import TestSupport
import Testing

@testable import Findings

@Suite struct WeakKeyTests {
    private let rule = "weak-key"

    private func one(_ modulus: [UInt8]?, _ exponent: [UInt8] = [1, 0, 1], _ fields: String = "") -> RegistryText {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual(
                "dev-1",
                Make.client(HandMadeCertificate("dev-1", modulus: modulus, exponent: exponent)),
                fields
            ),
            Make.individual(
                "other",
                Make.client(
                    HandMadeCertificate("other", modulus: HandMadeCertificate.modulus(bits: 2048), serial: 2)
                )
            ),
        ]
        return registry
    }

    @Test func shortKeysAndBadExponentsFire() async throws {
        let good = HandMadeCertificate.modulus(bits: 2048)
        #expect(try await Audited(one(HandMadeCertificate.modulus(bits: 1024))).told(rule) == ["dev-1 critical short"])
        #expect(try await Audited(one(HandMadeCertificate.modulus(bits: 2040))).told(rule) == ["dev-1 critical short"])
        #expect(try await Audited(one(good, [1])).told(rule) == ["dev-1 critical exponent"])
        #expect(try await Audited(one(good, [1, 0, 0])).told(rule) == ["dev-1 critical exponent"])
        #expect(try await Audited(one(good.dropLast() + [good[255] & 0xFE])).told(rule) == ["dev-1 critical modulus"])
    }

    @Test func goodKeysCurvesAndDisabledEnrollmentsAreQuiet() async throws {
        #expect(try await Audited(one(HandMadeCertificate.modulus(bits: 2048))).told(rule) == [])
        #expect(try await Audited(one(HandMadeCertificate.modulus(bits: 4096), [3])).told(rule) == [])
        #expect(try await Audited(one(nil)).told(rule) == [])
        let off = one(HandMadeCertificate.modulus(bits: 1024), [1, 0, 1], #""provisioningStatus":"disabled""#)
        #expect(try await Audited(off).told(rule) == [])
    }

    @Test func theMarkOfTheFaultyLibraryFires() async throws {
        let primes = [
            2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
            107,
            109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
        ]
        let product = primes.reduce(BigUInt(1)) { $0 * BigUInt($1) }
        // The product of two numbers of the library's form has the form as well.
        func factor() -> BigUInt {
            let exponent = BigUInt.randomInteger(withExactWidth: 62)
            let multiple = BigUInt.randomInteger(withExactWidth: 1024 - product.bitWidth)
            return multiple * product + BigUInt(65_537).power(exponent, modulus: product)
        }
        let modulus = Array((factor() * factor()).serialize())
        let audited = try await Audited(one(modulus))
        let told = audited.told(rule)
        #expect(told == ["dev-1 critical roca"] || told == ["dev-1 critical short"])
        #expect(audited.of(rule).first?.summary.contains("CVE-2017-15361") == true)
    }

    @Test func groupsAuthoritiesAndRequestsAreLookedAt() async throws {
        var registry = RegistryText()
        let weak = HandMadeCertificate.modulus(bits: 1024)
        registry.groups = [Make.group("g", Make.signing(HandMadeCertificate("ca", modulus: weak)))]
        registry.certificates = [
            Make.authority("root", HandMadeCertificate("root", modulus: weak)),
            Make.authority("unverified", HandMadeCertificate("root", modulus: weak), verified: false),
        ]
        let request = AttestationRequest(
            idScope: registry.scope,
            registrationID: "m-1",
            clientCertificateChain: [Make.text(HandMadeCertificate("m-1", modulus: weak))]
        )
        let audited = try await Audited(registry, requests: [request])
        #expect(
            audited.told(rule) == ["dps-1/root critical short", "g critical short", "m-1 critical short"]
        )
    }
}
