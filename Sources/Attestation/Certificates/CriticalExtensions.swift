internal import SwiftASN1
internal import X509

/// Critical extensions by what this room knows of them (RFC 5280, 4.2).
extension KnownCertificate {
    /// The first critical extension that no rule here knows, by its number; it has the certificate refused.
    var unknownCritical: String? {
        criticalExtension { !Self.judged.contains($0) && !Self.unjudged.contains($0) }
    }

    /// A critical extension whose rules are known and not among those of DPS, so that nothing can be said of the path.
    var unjudgedCritical: String? { criticalExtension { Self.unjudged.contains($0) } }

    private func criticalExtension(_ isMeant: (ASN1ObjectIdentifier) -> Bool) -> String? {
        content?.extensions.first { $0.critical && isMeant($0.oid) }.map { "\($0.oid)" }
    }

    /// Basic constraints, key usage, extended key usage, names of the subject, key identifiers.
    private static let judged: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 19], [2, 5, 29, 15], [2, 5, 29, 37], [2, 5, 29, 17], [2, 5, 29, 14], [2, 5, 29, 35],
    ]

    /// Name constraints, certificate policies, policy mappings, policy constraints, inhibit anyPolicy.
    private static let unjudged: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 30], [2, 5, 29, 32], [2, 5, 29, 33], [2, 5, 29, 36], [2, 5, 29, 54],
    ]
}
