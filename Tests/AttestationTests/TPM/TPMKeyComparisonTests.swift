import Testing

@testable import Attestation

@Suite struct TPMKeyComparisonTests {
    /// What people enroll in place of the endorsement key.
    private struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let says: String
        let enrolled: @Sendable (_ ek: TPMPublicKey, _ srk: TPMPublicKey) -> [UInt8]
    }

    private static let rows = [
        Row(testDescription: "the same", says: "is the enrolled one") { ek, _ in ek.wire },
        Row(testDescription: "nothing", says: "is empty") { _, _ in [] },
        Row(testDescription: "the SRK", says: "storage root key, not its endorsement key") { _, srk in srk.wire },
        Row(testDescription: "without size", says: "the enrolled key lacks the two bytes") { ek, _ in ek.area },
        Row(testDescription: "exponent written out", says: "other attributes or another exponent") { ek, _ in
            ek.wire.dropLast(262) + [0, 1, 0, 1, 1, 0] + ek.modulus
        },
        Row(testDescription: "DER", says: "the DER public key of this TPM's") { ek, _ in
            [0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06] + ek.modulus + [2, 3, 1, 0, 1]
        },
        Row(testDescription: "certificate", says: "the certificate of this TPM's") { ek, _ in
            [0x30, 0x82, 0x04, 0x00, 0x30, 0x82, 0x03, 0x00] + ek.modulus
        },
        Row(testDescription: "another's DER", says: "is the DER public key, not a TPM2B_PUBLIC") { _, srk in
            [0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06] + srk.modulus
        },
        Row(testDescription: "PEM", says: "is a PEM text") { _, _ in Array("-----BEGIN PUBLIC KEY-----".utf8) },
        Row(testDescription: "name", says: "the name of this TPM's") { ek, _ in ek.name },
        Row(testDescription: "another name", says: "a TPM name, not a key") { _, srk in srk.name },
    ]

    @Test(arguments: rows)
    private func saysWhatWasEnrolledInstead(_ row: Row) throws {
        let tpm = try TPMVectors.all().tpms[0]
        let ek = try TPMPublicKey(base64: tpm.ek.public, called: "EK")
        let srk = try TPMPublicKey(base64: tpm.srk.public, called: "SRK")
        let text = TPMKeyComparison.explain(
            enrolled: row.enrolled(ek, srk),
            presented: ek.wire,
            storageRootKey: srk.wire
        )
        #expect(text.contains(row.says), "\(text)")
    }

    @Test func anotherTPMIsSaidToBeAnother() throws {
        let vectors = try TPMVectors.all()
        let one = try TPMPublicKey(base64: vectors.tpms[0].ek.public, called: "EK")
        let other = try TPMPublicKey(base64: vectors.tpms[1].ek.public, called: "EK")
        let text = TPMKeyComparison.explain(enrolled: other.wire, presented: one.wire, storageRootKey: nil)
        #expect(text.contains("another TPM"))
    }
}
