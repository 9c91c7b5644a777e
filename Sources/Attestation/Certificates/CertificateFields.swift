internal import SwiftASN1
internal import X509

/// The fields of a certificate that an audit looks at, read from the DER alone.
///
/// The library of certificates does not read keys that are too short or of unusual kinds, which are those that matter here.
/// RFC 5280, section 4.1. The signature is not checked.
struct CertificateFields {
    let issuer: String
    let subject: String
    /// The names as they are compared; see ``NameText/key(_:)``.
    let issuerKey: String
    let subjectKey: String
    let notBefore: UnixTime?
    let notAfter: UnixTime?
    /// nil for keys other than RSA, and for such as cannot be read.
    let rsa: RSAKeyFacts?

    init(der: [UInt8]) throws {
        self = try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            guard let body = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "no certificate") }
            // The algorithm of the signature and the signature.
            while nodes.next() != nil {}
            return try DER.sequence(body, identifier: .sequence) { try CertificateFields(&$0) }
        }
    }

    private init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        func next(_ name: String) throws -> ASN1Node {
            guard let node = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "no \(name)") }
            return node
        }
        let first = try next("serial number")
        // The version is [0] and may be left out; then the serial number comes first.
        if first.identifier.tagClass == .contextSpecific { _ = try next("serial number") }
        _ = try next("signature algorithm")
        let issuerName = try DistinguishedName(derEncoded: try next("issuer"))
        issuer = NameText.shown(issuerName)
        issuerKey = NameText.key(issuerName)
        (notBefore, notAfter) = try DER.sequence(try next("validity"), identifier: .sequence) { times in
            (times.next().flatMap(Self.time), times.next().flatMap(Self.time))
        }
        let subjectName = try DistinguishedName(derEncoded: try next("subject"))
        subject = NameText.shown(subjectName)
        subjectKey = NameText.key(subjectName)
        rsa = try? RSAKeyFacts(try next("public key"))
        while nodes.next() != nil {}
    }

    /// UTCTime or GeneralizedTime; nil for anything else.
    private static func time(_ node: ASN1Node) -> UnixTime? {
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        func moment(_ year: Int, _ rest: [Int]) -> UnixTime? {
            UnixTime(
                rfc3339: "\(padded(year, 4))-\(padded(rest[0]))-\(padded(rest[1]))"
                    + "T\(padded(rest[2])):\(padded(rest[3])):\(padded(rest[4]))Z"
            )
        }
        if let time = try? UTCTime(derEncoded: node) {
            return moment(time.year, [time.month, time.day, time.hours, time.minutes, time.seconds])
        }
        if let time = try? GeneralizedTime(derEncoded: node) {
            return moment(time.year, [time.month, time.day, time.hours, time.minutes, time.seconds])
        }
        return nil
    }
}
