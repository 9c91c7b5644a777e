import Basics
import Testing

@testable import Attestation

@Suite struct TPMPrimitivesTests {
    @Test func keysAreDerivedAsTheVectorsSay() throws {
        let vectors = try TPMVectors.all().primitives.kdfa
        #expect(vectors.count == 5)
        for vector in vectors {
            let output = TPMPrimitives.kdfa(
                Hex.bytes(vector.key),
                vector.label,
                Hex.bytes(vector.contextU),
                Hex.bytes(vector.contextV),
                bits: vector.bits
            )
            #expect(Hex.text(output) == vector.out, "\(vector.label) \(vector.bits)")
        }
    }

    @Test func textOfAnyLengthIsEncipheredWithoutPadding() throws {
        let vectors = try TPMVectors.all().primitives.aesCfb
        #expect(vectors.count == 11)
        for vector in vectors {
            let text = try TPMPrimitives.cfb(Hex.bytes(vector.key), Hex.bytes(vector.plaintext))
            #expect(Hex.text(text) == vector.ciphertext, "\(vector.plaintext.count / 2) bytes")
        }
    }

    @Test func masksAreTheVectorsMasks() throws {
        let vectors = try TPMVectors.all().primitives.mgf1Sha256
        #expect(vectors.count == 5)
        for vector in vectors {
            #expect(Hex.text(TPMPrimitives.mgf1(Hex.bytes(vector.seed), vector.length)) == vector.out)
        }
    }

    @Test func rsaOutputKeepsItsLength() throws {
        let key = try TPMPublicKey(base64: try TPMVectors.all().tpms[0].ek.public, called: "EK")
        #expect(TPMPrimitives.rsa(key.modulus, [1]) == [UInt8](repeating: 0, count: 255) + [1])
        #expect(TPMPrimitives.rsa(key.modulus, [0]) == [UInt8](repeating: 0, count: 256))
    }
}
