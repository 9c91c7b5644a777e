internal import SwiftASN1
internal import X509

/// The extensions about policies, which the library does not read (RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).
struct PolicyExtensions: Sendable {
    /// The policy that stands for every policy.
    static let any: ASN1ObjectIdentifier = [2, 5, 29, 32, 0]

    /// The policies; nil without the extension.
    private(set) var policies: [ASN1ObjectIdentifier]?
    private(set) var mappings: [(issuer: ASN1ObjectIdentifier, subject: ASN1ObjectIdentifier)] = []
    private(set) var requireExplicit: Int?
    private(set) var inhibitMapping: Int?
    private(set) var inhibitAny: Int?
    /// What cannot be read, with its section.
    private(set) var faults: [String] = []

    init(_ content: Certificate) {
        func read(_ number: ASN1ObjectIdentifier, _ fault: String, _ body: (ASN1Node) throws -> Void) {
            guard let item = content.extensions[oid: number] else { return }
            do {
                try body(try DER.parse(item.value))
            } catch {
                faults.append(fault)
            }
        }
        read([2, 5, 29, 32], "has certificate policies that cannot be read (4.2.1.4)") { node in
            policies = try Self.list(node).map { information in
                try DER.sequence(information, identifier: .sequence) { nodes in
                    let policy = try ASN1ObjectIdentifier(derEncoded: &nodes)
                    // Qualifiers say nothing that a path depends on.
                    while nodes.next() != nil {}
                    return policy
                }
            }
        }
        read([2, 5, 29, 33], "has policy mappings that cannot be read (4.2.1.5)") { node in
            mappings = try Self.list(node).map { mapping in
                try DER.sequence(mapping, identifier: .sequence) { nodes in
                    (try ASN1ObjectIdentifier(derEncoded: &nodes), try ASN1ObjectIdentifier(derEncoded: &nodes))
                }
            }
        }
        read([2, 5, 29, 36], "has policy constraints that cannot be read or are empty (4.2.1.11)") { node in
            for part in try Self.list(node) {
                let number = try Int(derEncoded: part, withIdentifier: part.identifier)
                guard part.identifier.tagClass == .contextSpecific, number >= 0, part.identifier.tagNumber < 2 else {
                    throw ASN1Error.invalidASN1Object(reason: "policy constraints")
                }
                if part.identifier.tagNumber == 0 { requireExplicit = number } else { inhibitMapping = number }
            }
        }
        read([2, 5, 29, 54], "has an inhibit anyPolicy that cannot be read (4.2.1.14)") { node in
            let number = try Int(derEncoded: node)
            guard number >= 0 else { throw ASN1Error.invalidASN1Object(reason: "negative") }
            inhibitAny = number
        }
    }

    /// The elements of a sequence that may not be empty.
    private static func list(_ node: ASN1Node) throws -> [ASN1Node] {
        guard node.identifier == .sequence, case .constructed(let nodes) = node.content else {
            throw ASN1Error.invalidASN1Object(reason: "no sequence")
        }
        let all = Array(nodes)
        guard !all.isEmpty else { throw ASN1Error.invalidASN1Object(reason: "empty") }
        return all
    }
}
