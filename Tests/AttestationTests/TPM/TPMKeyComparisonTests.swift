import Testing

@testable import Attestation

@Suite struct TPMKeyComparisonTests {
    /// What people enroll in place of the endorsement key.
    private struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let says: String
        var kind = TPMKeyComparison.Kind.otherForm
        let enrolled: @Sendable (_ ek: TPMPublicKey, _ srk: TPMPublicKey) -> [UInt8]
    }

    private static let rows = [
        Row(testDescription: "the same", says: "is the enrolled one", kind: .same) { ek, _ in ek.wire },
        Row(testDescription: "nothing", says: "is empty") { _, _ in [] },
        Row(testDescription: "the SRK", says: "storage root key, not its endorsement key") { _, srk in srk.wire },
        Row(testDescription: "without size", says: "the enrolled key lacks the two bytes") { ek, _ in ek.area },
        Row(testDescription: "exponent written out", says: "other attributes or another exponent", kind: .otherTemplate)
        { ek, _ in
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
        Row(testDescription: "the first 100 bytes", says: "is the first 100 of 316", kind: .cutOff) { ek, _ in
            Array(ek.wire.prefix(100))
        },
        Row(testDescription: "another's first 100 bytes", says: "its size field says", kind: .cutOff) { ek, srk in
            Array(srk.wire.prefix(100))
        },
        Row(testDescription: "ECC", says: "made after another template (ECC", kind: .otherTemplate) { ek, _ in
            let area: [UInt8] =
                [0x00, 0x23, 0x00, 0x0B, 0, 3, 0, 0xB2, 0, 32] + ek.wire[12..<44]
                + [0, 6, 0, 128, 0, 0x43, 0, 0x10, 0, 3, 0, 0x10, 0, 32] + [UInt8](repeating: 7, count: 32)
                + [0, 32] + [UInt8](repeating: 9, count: 32)
            return [0, UInt8(area.count)] + area
        },
        Row(testDescription: "a word", says: "cannot be read as a TPM2B_PUBLIC") { _, _ in Array("endorsement".utf8) },
        Row(testDescription: "name", says: "the name of this TPM's") { ek, _ in ek.name },
        Row(testDescription: "another name", says: "a TPM name, not a key") { _, srk in srk.name },
    ]

    @Test(arguments: rows)
    private func saysWhatWasEnrolledInstead(_ row: Row) throws {
        let tpm = try TPMVectors.all().tpms[0]
        let ek = try TPMPublicKey(base64: tpm.ek.public, called: "EK")
        let srk = try TPMPublicKey(base64: tpm.srk.public, called: "SRK")
        let comparison = TPMKeyComparison(
            enrolled: row.enrolled(ek, srk),
            presented: ek.wire,
            storageRootKey: srk.wire
        )
        #expect(comparison.words.contains(row.says), "\(comparison.words)")
        #expect(comparison.kind == row.kind)
    }

    @Test func anotherTPMIsSaidToBeAnother() throws {
        let vectors = try TPMVectors.all()
        let one = try TPMPublicKey(base64: vectors.tpms[0].ek.public, called: "EK")
        let other = try TPMPublicKey(base64: vectors.tpms[1].ek.public, called: "EK")
        let comparison = TPMKeyComparison(enrolled: other.wire, presented: one.wire, storageRootKey: nil)
        #expect(comparison.words.contains("another TPM") && comparison.kind == .otherKey)
    }
}
