import Basics
import SwiftASN1
import Testing
import X509

@testable import Attestation

/// Names in every string type that certificates have.
@Suite struct NameTextTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let tag: UInt8
        let content: [UInt8]
        /// nil where the bytes are no text of this type.
        let text: String?

        init(_ words: String, _ tag: UInt8, _ content: [UInt8], _ text: String?) {
            (testDescription, self.tag, self.content, self.text) = (words, tag, content, text)
        }
    }

    static let rows = [
        Row("UTF8String", 12, Array("dev-ü".utf8), "dev-ü"),
        Row("UTF8String that is none", 12, [0x64, 0xFF], nil),
        Row("NumericString", 18, Array("0042".utf8), "0042"),
        Row("PrintableString", 19, Array("dev-1".utf8), "dev-1"),
        Row("PrintableString with what it may not have", 19, Array("dev_1".utf8), "dev_1"),
        Row("TeletexString", 20, Array("dev-1".utf8), "dev-1"),
        Row("TeletexString beyond ASCII", 20, [0x64, 0xFC], nil),
        Row("IA5String", 22, Array("dev-1".utf8), "dev-1"),
        Row("VisibleString", 26, Array("dev-1".utf8), "dev-1"),
        Row("GeneralString", 27, Array("dev-1".utf8), "dev-1"),
        Row("UniversalString", 28, Array("dev-1".utf8).flatMap { [0, 0, 0, $0] }, "dev-1"),
        Row("UniversalString cut off", 28, [0, 0, 0, 0x64, 0, 0], nil),
        Row("UniversalString beyond Unicode", 28, [0x7F, 0, 0, 0], nil),
        Row("BMPString", 30, Array("dev-1".utf8).flatMap { [0, $0] }, "dev-1"),
        Row("BMPString cut off", 30, [0, 0x64, 0], nil),
        Row("BMPString with half a pair", 30, [0xD8, 0x00], nil),
        Row("OCTET STRING", 4, Array("dev-1".utf8), nil),
        Row("INTEGER", 2, [1], nil),
    ]

    @Test(arguments: rows) func readsItsText(row: Row) throws {
        let name = try Crafted.name(tag: row.tag, row.content)
        let value = try #require(name.first?.first?.value)
        #expect(NameText.text(value) == row.text)
        #expect(NameText.shown(name) == "CN=\(row.text ?? "(cannot be read)")")
    }

    @Test(arguments: rows) func decidesByTheTextOrNotAtAll(row: Row) async throws {
        let root = try Crafted.authority("root")
        let subject = try Crafted.name(tag: row.tag, row.content)
        let leaf = try Crafted(name: subject, by: root)
        let holding = Holding(held: [("root", root, true)], groups: [try Holding.group("g", root)])
        let verdict = try await holding.decide([leaf], id: row.text ?? "dev-1")
        let isID = row.text.map { RegistrationID.complaint($0) == nil } ?? false
        #expect(verdict.decision == (row.text == nil ? .cannotVerify : isID ? .assigned : .rejected))
        #expect(!verdict.diagnosis.map(\.mistake).contains("M18"))
        let all = JSONText.line(verdict.json)
        for dump in ["ASN1Any", "ASN1Node", "[20,", "RelativeDistinguishedName"] { #expect(!all.contains(dump)) }
    }

    /// RFC 5280, 7.1: the type, the case and the spaces do not tell names apart.
    @Test func comparesNamesAsTextsAndNotAsBytes() throws {
        let same = [
            try Crafted.name("Plant  Seven CA"), try Crafted.name(" plant seven ca "),
            try Crafted.name(tag: 19, Array("PLANT SEVEN CA".utf8)),
            try Crafted.name(tag: 30, Array("Plant Seven CA".utf8).flatMap { [0, $0] }),
        ]
        #expect(Set(same.map(NameText.key)).count == 1)
        let different = [
            try Crafted.name("Plant Seven"), try Crafted.name("PlantSeven CA"), try Crafted.name(tag: 4, [1]),
            try Crafted.name(tag: 4, [2]),
            try DistinguishedName([
                .init(type: .RDNAttributeType.commonName, value: .init(utf8String: "Plant Seven CA")),
                .init(type: .RDNAttributeType.commonName, value: .init(utf8String: "Plant Seven CA")),
            ]),
            DistinguishedName([
                RelativeDistinguishedName([
                    .init(type: .RDNAttributeType.commonName, value: .init(utf8String: "Plant")),
                    .init(type: .RDNAttributeType.organizationName, value: .init(utf8String: "Plant")),
                ])
            ]),
            try Crafted.name("Plant+2.5.4.10=Plant"),
        ]
        #expect(Set((same + different).map(NameText.key)).count == 1 + different.count)
    }

    @Test func anIssuerInAnotherStringTypeIsStillTheIssuer() async throws {
        let root = try Crafted.authority("Plant Root")
        let leaf = try Crafted.device(by: root) { $0.issuer = try Crafted.name(tag: 19, Array("PLANT  root".utf8)) }
        let holding = Holding(held: [("root", root, true)], groups: [try Holding.group("g", root)])
        #expect(try await holding.decide([leaf]).decision == .assigned)
    }
}
