import Attestation
import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate with its key, made as RFC 5280 wants it and then changed at will.
struct Crafted {
    /// What may be changed before it is signed.
    struct Draft {
        var subject: DistinguishedName
        var issuer: DistinguishedName
        var serial = Certificate.SerialNumber(bytes: [0x11, 0x22, 0x33])
        /// Seconds from the tests' present.
        var from = -86_400
        var until = 86_400
        var version = Certificate.Version.v3
        var extensions: [Certificate.Extension] = []

        /// Puts an extension in the place of the one with its number, or at the end.
        mutating func set(_ item: Certificate.Extension) {
            drop(item.oid)
            extensions.append(item)
        }

        mutating func drop(_ number: ASN1ObjectIdentifier) { extensions.removeAll { $0.oid == number } }
    }

    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    static func name(_ common: String) throws -> DistinguishedName { try DistinguishedName { CommonName(common) } }

    /// A name whose common name is written in a string of this tag.
    static func name(tag: UInt8, _ content: [UInt8]) throws -> DistinguishedName {
        let value = try ASN1Any(derEncoded: DER.parse([tag, UInt8(content.count)] + content))
        return DistinguishedName([
            RelativeDistinguishedName(.init(type: .RDNAttributeType.commonName, value: .init(asn1Any: value)))
        ])
    }

    static func identifier(_ key: P256.Signing.PrivateKey) -> ArraySlice<UInt8> {
        ArraySlice(Insecure.SHA1.hash(data: key.publicKey.x963Representation))
    }

    /// A certificate authority; its own issuer if none is given.
    static func authority(
        _ name: String,
        by issuer: Crafted? = nil,
        reusing old: Crafted? = nil,
        pathLength: Int? = nil,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Crafted {
        try Crafted(name: try Self.name(name), by: issuer, reusing: old) { draft in
            draft.set(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength), critical: true))
            draft.set(try .init(KeyUsage(keyCertSign: true, cRLSign: true), critical: true))
            try change(&draft)
        }
    }

    /// A device.
    static func device(
        _ name: String = "d1",
        by issuer: Crafted?,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Crafted {
        try Crafted(name: try Self.name(name), by: issuer) { draft in
            draft.set(try .init(KeyUsage(digitalSignature: true), critical: true))
            draft.set(try .init(ExtendedKeyUsage([.clientAuth]), critical: false))
            try change(&draft)
        }
    }

    init(
        name: DistinguishedName,
        by issuer: Crafted? = nil,
        reusing old: Crafted? = nil,
        _ change: (inout Draft) throws -> Void = { _ in }
    ) throws {
        key = old?.key ?? P256.Signing.PrivateKey()
        let signer = issuer?.key ?? key
        var draft = Draft(subject: name, issuer: issuer?.certificate.subject ?? name)
        draft.extensions = [
            try .init(SubjectKeyIdentifier(keyIdentifier: Self.identifier(key)), critical: false),
            try .init(AuthorityKeyIdentifier(keyIdentifier: Self.identifier(signer)), critical: false),
        ]
        try change(&draft)
        let now = Double(House.now.seconds)
        certificate = try Certificate(
            version: draft.version,
            serialNumber: draft.serial,
            publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: now + Double(draft.from)),
            notValidAfter: Date(timeIntervalSince1970: now + Double(draft.until)),
            issuer: draft.issuer,
            subject: draft.subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions(draft.extensions),
            issuerPrivateKey: .init(signer)
        )
    }

    var pem: String { get throws { try certificate.serializeAsPEM().pemString } }
    var json: String { get throws { JSONText.line(.string(try pem)) } }

    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
    }
}

/// An instance for one test: what DPS holds, and its enrollments, from certificates.
struct Holding {
    var held: [(name: String, certificate: Crafted, isVerified: Bool)] = []
    /// Enrollment documents.
    var groups: [String] = []
    var individuals: [String] = []
    var more = ""
    /// Further CA certificates, as JSON.
    var heldTexts: [String] = []

    static func group(
        _ id: String,
        _ certificate: Crafted? = nil,
        reference: String? = nil,
        disabled: Bool = false
    ) throws -> String {
        let member =
            try certificate.map { #""signingCertificates": {"primary": {"certificate": \#(try $0.json)}}"# }
            ?? #""caReferences": {"primary": "\#(reference ?? "")"}"#
        return
            #"{"enrollmentGroupId": "\#(id)", "attestation": {"type": "x509", "x509": {\#(member)}}\#(status(disabled))}"#
    }

    static func individual(
        _ id: String,
        _ certificate: Crafted? = nil,
        reference: String? = nil,
        disabled: Bool = false,
        deviceID: String? = nil
    ) throws -> String {
        let member =
            try certificate.map { #""clientCertificates": {"primary": {"certificate": \#(try $0.json)}}"# }
            ?? #""caReferences": {"primary": "\#(reference ?? "")"}"#
        let device = deviceID.map { #", "deviceId": "\#($0)""# } ?? ""
        return
            #"{"registrationId": "\#(id)", "attestation": {"type": "x509", "x509": {\#(member)}}\#(status(disabled))\#(device)}"#
    }

    private static func status(_ disabled: Bool) -> String { disabled ? #", "provisioningStatus": "disabled""# : "" }

    func registry() throws -> [Registry] {
        let list = try held.map {
            #"{"name": "\#($0.name)", "properties": {"isVerified": \#($0.isVerified), "certificate": \#(try $0.certificate.json)}}"#
        }
        return try Registry.read(
            utf8: """
                {"idScope": "\(House.scope)", "iotHubs": ["a.azure-devices.net"], "certificates": [\((list + heldTexts).joined(separator: ","))],
                 "individualEnrollments": [\(individuals.joined(separator: ","))],
                 "enrollmentGroups": [\(groups.joined(separator: ","))]\(more)}
                """.utf8
        )
    }

    func decide(_ chain: [Crafted], id: String = "d1", at now: UnixTime = House.now) async throws -> Verdict {
        try await decide(texts: chain.map { try $0.pem }, id: id, at: now)
    }

    func decide(texts: [String], id: String = "d1", at now: UnixTime = House.now) async throws -> Verdict {
        let request = AttestationRequest(idScope: House.scope, registrationID: id, clientCertificateChain: texts)
        return Verifier.decide(try registry(), request, at: now)
    }
}
