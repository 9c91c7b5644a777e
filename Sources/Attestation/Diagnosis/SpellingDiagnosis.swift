import Basics

/// Ids that differ in the case of their letters alone.
///
/// DPS takes them for one (documentation, service concepts; the .NET service library for the token's audience), and some
/// SDKs write the audience in lower case. A key is derived from one spelling (``Mistake/idCase`` where that is what went
/// wrong), and a hub's device ids are case-sensitive. So an accepted device is told of spellings that decide its id at the
/// hub; one that is not accepted is told of all, and never as the cause.
enum SpellingDiagnosis {
    static func diagnose(_ diagnoser: Diagnoser) -> [Diagnosis] {
        var words = storedSpellings(diagnoser)
        if diagnoser.verdict.decision != .assigned { words += presentedSpellings(diagnoser) }
        guard !words.isEmpty else { return [] }
        return [diagnoser.make([.idSpelling], .possible, compared: words.joined(separator: "; "))]
    }

    /// What the instance holds of this device in another spelling.
    private static func storedSpellings(_ diagnoser: Diagnoser) -> [String] {
        let id = diagnoser.run.request.registrationID
        let enrollment = diagnoser.run.enrollment.flatMap { $0.kind == .individual ? $0 : nil }
        let device = diagnoser.verdict.decision == .assigned ? diagnoser.verdict.deviceID : nil
        return [
            compare("registration id", id, "that of the enrollment", enrollment?.id),
            compare(
                "registration id",
                id,
                "that of the record",
                diagnoser.run.registry?.registration(id)?.registrationID
            ),
            compare("registration id", id, "the device id at the hub", device),
        ].compactMap(\.self)
    }

    /// What the device itself writes in another spelling.
    private static func presentedSpellings(_ diagnoser: Diagnoser) -> [String] {
        let request = diagnoser.run.request
        let id = request.registrationID
        var words = [compare("registration id", id, "the one in the body", request.bodyRegistrationID)]
        if case .text(let name) = request.clientCertificateChain.first.flatMap({ KnownCertificate.read($0)?.first })?
            .commonName
        {
            words.append(compare("registration id", id, "the common name of the certificate", name))
        }
        if let token = diagnoser.run.findings.token {
            let parts = token.audience.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
            words.append(compare("id scope", request.idScope, "that of the token's sr", parts.first))
            if parts.count > 2 { words.append(compare("registration id", id, "that of the token's sr", parts[2])) }
        }
        return words.compactMap(\.self)
    }

    private static func compare(_ what: String, _ own: String, _ place: String, _ other: String?) -> String? {
        guard let other, own != other, ASCII.lowercased(own) == ASCII.lowercased(other) else { return nil }
        return "the \(what) \(Shown.short(own)) with \(place), \(Shown.short(other))"
    }
}
