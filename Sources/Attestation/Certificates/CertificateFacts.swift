import Basics

/// What a certificate, or an export's description of one, says of itself.
///
/// Nothing here is judged: neither the signature nor the way to an authority.
public struct CertificateFacts: Sendable, Equatable {
    /// The subject's name, made fit to show.
    public let subject: String?
    /// The issuer's name, made fit to show.
    public let issuer: String?
    /// The first moment of its validity.
    public let notBefore: UnixTime?
    /// The last moment of its validity.
    public let notAfter: UnixTime?
    /// What tells it from others: its SHA-1 thumbprint in lower-case hexadecimal, since that is what every export has; else
    /// SHA-256.
    public let thumbprint: String?
    /// Its key, if that is RSA and the whole certificate is shown.
    public let rsa: RSAKeyFacts?

    /// The certificates of a text, PEM or base64 of the DER, in their order; those that cannot be read are left out.
    public static func read(_ text: String) -> [CertificateFacts] {
        (KnownCertificate.read(text) ?? []).compactMap { known in
            guard let fields = try? CertificateFields(der: known.der) else { return nil }
            return CertificateFacts(
                subject: fields.subject,
                issuer: fields.issuer,
                notBefore: fields.notBefore,
                notAfter: fields.notAfter,
                thumbprint: known.sha1,
                rsa: fields.rsa
            )
        }
    }

    /// What an entry of an enrollment or of the instance says: its certificate, else its description.
    public init(_ entry: EnrollmentCertificates.Entry) {
        if let text = entry.text, let read = CertificateFacts.read(text).first {
            self = read
            return
        }
        func plain(_ print: String) -> String { ASCII.lowercased(print.filter { $0 != ":" && $0 != " " }) }
        self.init(
            subject: entry.subjectName.map(Shown.short),
            issuer: entry.issuerName.map(Shown.short),
            notBefore: entry.notBefore,
            notAfter: entry.notAfter,
            thumbprint: (entry.sha1Thumbprint ?? entry.sha256Thumbprint).map(plain),
            rsa: nil
        )
    }

    private init(
        subject: String?,
        issuer: String?,
        notBefore: UnixTime?,
        notAfter: UnixTime?,
        thumbprint: String?,
        rsa: RSAKeyFacts?
    ) {
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.thumbprint = thumbprint
        self.rsa = rsa
    }
}
