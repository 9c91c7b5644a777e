import Testing

@testable import Attestation

/// What people put where a certificate belongs, and that nothing of it is lost in silence.
@Suite struct CertificateTextTests {
    @Test func readsWhatIsWrittenAndKeepsThePlaceOfWhatIsDamaged() throws {
        let root = try Crafted.authority("root")
        let pem = try root.pem
        let damaged = pem.replacing("MII", with: "M!I", maxReplacements: 1)
        for (text, readable) in [
            (pem, [true]), ("\u{FEFF}" + pem, [true]), ("subject=CN = root\n" + pem + "\n" + pem, [true, true]),
            (pem.replacing("\n", with: "\r\n"), [true]), (damaged + "\n" + pem, [false, true]),
            (pem + "\n" + String(pem.prefix(200)), [true, false]), (Base64Text.encode(try root.der), [true]),
            (Base64Text.encode(pem.utf8), [true]),
        ] {
            #expect(KnownCertificate.read(text)?.map { $0.content != nil } == readable)
        }
    }

    @Test func saysWhatIsThereInPlaceOfACertificate() throws {
        let pem = try Crafted.authority("root").pem
        let literal = pem.split(whereSeparator: \.isNewline).joined(separator: "\\n")
        #expect(KnownCertificate.read(literal)?.first?.fault.contains("literal \\n") == true)
        for (text, says) in [
            (pem.map { "\($0)\u{0}" }.joined(), "UTF-16"), ("\u{FEFF}%%%", "byte order mark"),
            ("-----BEGIN EC PRIVATE KEY-----\nx", "private key"),
            ("-----BEGIN CERTIFICATE REQUEST-----", "signing request"),
            ("-----BEGIN PUBLIC KEY-----", "public key"), ("-----BEGIN PKCS7-----", "PKCS #7"),
            ("rubbish", "neither PEM"),
        ] {
            #expect(KnownCertificate.read(text) == nil)
            #expect(CertificateText.complaint(text).contains(says))
            #expect(!CertificateText.complaint(text).contains("rubbish"))
        }
    }

    @Test func aRequestWithLiteralLineEndsIsNotRefused() async throws {
        let root = try Crafted.authority("root")
        let literal = try Crafted.device(by: root).pem.split(whereSeparator: \.isNewline).joined(separator: "\\n")
        let holding = Holding(held: [("root", root, true)], groups: [try Holding.group("g", root)])
        let verdict = try await holding.decide(texts: [literal])
        #expect(verdict.decision == .cannotVerify && verdict.message.contains("literal \\n"))
    }

    /// The same in what DPS holds, wherever it is held.
    @Test func anEnrollmentWithLiteralLineEndsIsNotTakenForAnother() async throws {
        let root = try Crafted.authority("root")
        let leaf = try Crafted.device(by: root)
        func literal(_ certificate: Crafted) throws -> String {
            JSONText.line(.string(try certificate.pem.split(whereSeparator: \.isNewline).joined(separator: "\\n")))
        }
        let group = try Holding.group("g", root)
        let pinned = try Holding.individual("d1", leaf)
        for (groups, individuals, verified) in [
            ([group.replacing(try root.json, with: try literal(root))], [], true),
            ([], [pinned.replacing(try leaf.json, with: try literal(leaf))], true), ([group], [], false),
        ] {
            var holding = Holding(groups: groups, individuals: individuals)
            if verified {
                holding.held = [("root", root, true)]
            } else {
                holding.heldTexts = [
                    #"{"name": "root", "properties": {"isVerified": true, "certificate": \#(try literal(root))}}"#
                ]
            }
            let verdict = try await holding.decide([leaf])
            #expect(verdict.decision == .cannotVerify && verdict.message.contains("literal \\n"), "\(verdict.message)")
        }
    }
}
