internal import X509

/// Key identifiers along a path: each names the key that signed (RFC 5280, 4.2.1.2).
enum KeyIdentifierRules {
    static func complaints(_ path: [KnownCertificate]) -> [PathComplaint] {
        zip(path, path.dropFirst()).enumerated().compactMap { place, pair in
            guard let named = try? pair.0.content?.extensions.authorityKeyIdentifier?.keyIdentifier,
                let own = try? pair.1.content?.extensions.subjectKeyIdentifier?.keyIdentifier,
                !named.elementsEqual(own)
            else { return nil }
            let name = pathName(pair.0, isLeaf: place == 0)
            return PathComplaint(
                text: "\(name) names another key than that of its issuer \(pair.1.subject) (4.2.1.2)",
                kind: .unsound
            )
        }
    }
}
