import Attestation

/// A certificate that a registry holds for somebody who is let in.
struct HeldCertificate: Sendable {
    /// Whose it is.
    enum Owner: Sendable, Hashable {
        /// A device: it presents this very certificate.
        case device(String)
        /// A group: it signs the group's devices.
        case group(String)
        /// The instance: a verified CA.
        case authority(String)
    }

    var owner: Owner
    /// `primary`, `secondary`, or the CA's name.
    var slot: String
    var facts: CertificateFacts
    /// The position of the instance in the inputs.
    var instance: Int

    /// All certificates of what is enabled, in the order of ids.
    ///
    /// Left out are disabled enrollments and CAs that are not verified: they let nobody in.
    static func all(_ registries: [Registry]) -> [HeldCertificate] {
        registries.enumerated().flatMap { instance, registry in of(registry, instance) }
    }

    private static func of(_ registry: Registry, _ instance: Int) -> [HeldCertificate] {
        var list: [HeldCertificate] = []
        func add(_ owner: Owner, _ entries: [EnrollmentCertificates.Entry]) {
            for (entry, slot) in zip(entries, ["primary", "secondary"]) {
                list.append(
                    HeldCertificate(owner: owner, slot: slot, facts: CertificateFacts(entry), instance: instance)
                )
            }
        }
        for (_, enrollment) in registry.individuals.sorted(by: { $0.key < $1.key }) where enrollment.isEnabled {
            if case .x509(let certificates) = enrollment.attestation {
                add(.device(enrollment.id), certificates.client)
            }
        }
        for group in registry.groups where group.isEnabled {
            if case .x509(let certificates) = group.attestation { add(.group(group.id), certificates.signing) }
        }
        for authority in registry.certificates where authority.isVerified {
            list.append(
                HeldCertificate(
                    owner: .authority(authority.name),
                    slot: authority.name,
                    facts: CertificateFacts(authority.entry),
                    instance: instance
                )
            )
        }
        return list
    }
}

/// How near a certificate's end is.
enum Expiry {
    /// Whether a validity is over; its last second counts as valid (RFC 5280, 4.1.2.5).
    static func isOver(_ end: UnixTime, at now: UnixTime) -> Bool { end.adding(seconds: 1) <= now }

    /// The end of a certificate that is over or near, by the values of a check, and how bad that is.
    static func near(_ facts: CertificateFacts, _ context: RegistryContext, _ card: RuleCard)
        -> (end: UnixTime, severity: Severity)?
    {
        guard let end = facts.notAfter,
            let severity = severity(
                end,
                at: context.now,
                days: context.value(card, "days"),
                urgentDays: context.value(card, "urgent_days")
            )
        else { return nil }
        return (end, severity)
    }

    /// The severity, nil if the end is far off.
    static func severity(_ end: UnixTime, at now: UnixTime, days: Int, urgentDays: Int) -> Severity? {
        if isOver(end, at: now) { return .critical }
        if end <= now.adding(seconds: Int64(urgentDays) * 86_400) { return .high }
        return end <= now.adding(seconds: Int64(days) * 86_400) ? .medium : nil
    }

    /// `expired on DATE` or `expires on DATE, in N days`.
    static func words(_ end: UnixTime, at now: UnixTime) -> String {
        let date = end.description.prefix(10)
        if isOver(end, at: now) { return "expired on \(date)" }
        let days = (end.seconds - now.seconds) / 86_400
        return "expires on \(date), in \(days) day\(days == 1 ? "" : "s")"
    }

    /// One word for the reason.
    static func reason(_ end: UnixTime, at now: UnixTime) -> String { isOver(end, at: now) ? "expired" : "expiring" }
}
