internal import SwiftASN1

/// A certificate's fields as they were written, read from the DER alone (RFC 5280, section 4.1).
///
/// The library keeps what the fields mean; some rules are about how they are written, and some certificates that break
/// a rule it does not read at all. Nothing is judged here but that the structure is one.
struct RawCertificate: Sendable {
    /// One extension.
    struct Extension: Sendable {
        let number: ASN1ObjectIdentifier
        let isCritical: Bool
        let value: ArraySlice<UInt8>
    }

    /// The two algorithm identifiers, inside what is signed and beside it, as bytes.
    let innerAlgorithm: ArraySlice<UInt8>
    let outerAlgorithm: ArraySlice<UInt8>
    /// 1 to 3.
    let version: Int
    /// The serial number as two's complement, big-endian.
    let serial: ArraySlice<UInt8>
    /// For the start and the end: whether it is a UTCTime, and its year.
    let times: [(isUTC: Bool, year: Int)]
    let hasUniqueIdentifiers: Bool
    /// Whether the public key says that it is RSA and is not two numbers (RFC 8017, A.1.1).
    let hasBrokenRSAKey: Bool
    let extensions: [Extension]
    /// Whether an extension says that it is not critical, which DER leaves unsaid (X.690, 11.5).
    let writesDefaults: Bool

    init(der: [UInt8]) throws {
        let parts = try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            (try Self.next(&nodes), try Self.next(&nodes), try Self.next(&nodes))
        }
        outerAlgorithm = parts.1.encodedBytes
        var body = Body()
        _ = try DER.sequence(parts.0, identifier: .sequence) { nodes in try body.read(&nodes) }
        innerAlgorithm = body.algorithm
        version = body.version
        serial = body.serial
        times = body.times
        hasUniqueIdentifiers = body.hasUniqueIdentifiers
        hasBrokenRSAKey = body.hasBrokenRSAKey
        extensions = body.extensions
        writesDefaults = body.writesDefaults
    }

    private static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "too short") }
        return node
    }

    /// The fields of TBSCertificate, in their order.
    private struct Body {
        var version = 1
        var serial: ArraySlice<UInt8> = []
        var algorithm: ArraySlice<UInt8> = []
        var times: [(isUTC: Bool, year: Int)] = []
        var hasUniqueIdentifiers = false
        var hasBrokenRSAKey = false
        var extensions: [Extension] = []
        var writesDefaults = false

        mutating func read(_ nodes: inout ASN1NodeCollection.Iterator) throws {
            var node = try RawCertificate.next(&nodes)
            if node.identifier.tagClass == .contextSpecific {
                guard case .constructed(let inner) = node.content else { throw Self.malformed("version") }
                version = try inner.reduce(0) { _, node in try Int(derEncoded: node) } + 1
                node = try RawCertificate.next(&nodes)
            }
            // Not as a number of the library's, which does not read negative ones.
            guard node.identifier == .integer, case .primitive(let number) = node.content, !number.isEmpty else {
                throw Self.malformed("serial number")
            }
            serial = number
            algorithm = try RawCertificate.next(&nodes).encodedBytes
            _ = try RawCertificate.next(&nodes)
            times = try DER.sequence(try RawCertificate.next(&nodes), identifier: .sequence) { times in
                [try Self.time(RawCertificate.next(&times)), try Self.time(RawCertificate.next(&times))]
            }
            _ = try RawCertificate.next(&nodes)
            let key = try RawCertificate.next(&nodes)
            if case .failure = Result(catching: { try RSAKeyFacts(key) }) { hasBrokenRSAKey = true }
            while let last = nodes.next() {
                switch last.identifier.tagNumber {
                case 1, 2: hasUniqueIdentifiers = true
                case 3: try readExtensions(last)
                default: throw Self.malformed("field \(last.identifier.tagNumber)")
                }
            }
        }

        private static func malformed(_ what: String) -> ASN1Error { .invalidASN1Object(reason: what) }

        private static func time(_ node: ASN1Node) throws -> (isUTC: Bool, year: Int) {
            if node.identifier == .utcTime { return (true, try UTCTime(derEncoded: node).year) }
            return (false, try GeneralizedTime(derEncoded: node).year)
        }

        private mutating func readExtensions(_ node: ASN1Node) throws {
            guard case .constructed(let wrapped) = node.content else { throw Self.malformed("extensions") }
            for list in wrapped {
                guard case .constructed(let items) = list.content else { throw Self.malformed("extensions") }
                for item in items {
                    var isCritical: Bool?
                    let (number, value) = try DER.sequence(item, identifier: .sequence) { parts in
                        let number = try ASN1ObjectIdentifier(derEncoded: &parts)
                        var part = try RawCertificate.next(&parts)
                        if part.identifier == .boolean {
                            isCritical = try Bool(derEncoded: part)
                            part = try RawCertificate.next(&parts)
                        }
                        return (number, try ASN1OctetString(derEncoded: part).bytes)
                    }
                    if isCritical == false { writesDefaults = true }
                    extensions.append(Extension(number: number, isCritical: isCritical ?? false, value: value))
                }
            }
        }
    }
}
