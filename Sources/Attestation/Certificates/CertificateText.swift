/// Certificates as text: PEM with any line length, or bare base64 of the DER.
enum CertificateText {
    /// The most bytes of one certificate text, if the caller does not say.
    static let longest = 262_144

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// Every certificate of a text, in its order; nil if there is none.
    ///
    /// A block whose base64 is damaged stays in its place as one that cannot be read, so that none is lost in silence.
    static func read(_ text: String, limit: Int = longest) -> [KnownCertificate]? {
        guard text.utf8.count <= limit else { return nil }
        guard text.contains(begin) else {
            guard let der = try? Base64Text.decode(text, forgiving: [.whiteSpace, .missingPadding], limit: limit),
                der.count > 16
            else { return nil }
            // `az iot dps certificate list` gives base64 of the uploaded file, which may itself be PEM.
            if der.starts(with: "-----BEGIN".utf8) {
                return read(String(decoding: der, as: UTF8.self), limit: limit)
            }
            return [KnownCertificate(der: der)]
        }
        var certificates: [KnownCertificate] = []
        // What stands before the first mark, such as the text that openssl writes there, is no certificate.
        for part in text.split(separator: begin, omittingEmptySubsequences: false).dropFirst() {
            guard let close = part.firstRange(of: end) else {
                certificates.append(KnownCertificate(fault: "the PEM of the certificate has no end line"))
                continue
            }
            let body = String(part[..<close.lowerBound])
            if let der = try? Base64Text.decode(body, forgiving: [.whiteSpace, .missingPadding], limit: limit) {
                certificates.append(KnownCertificate(der: der))
            } else {
                certificates.append(KnownCertificate(fault: complaint(body, inside: true)))
            }
        }
        return certificates.isEmpty ? nil : certificates
    }

    /// Why a text holds no certificate, and what to do; the text itself is not repeated.
    static func complaint(_ text: String, limit: Int = longest) -> String {
        guard text.utf8.count <= limit else { return "longer than \(limit) bytes" }
        return complaint(text, inside: false)
    }

    private static func complaint(_ text: String, inside: Bool) -> String {
        if text.contains("\\n") || text.contains("\\r") {
            return "the PEM has a literal \\n where lines should end; write real line ends"
        }
        if text.unicodeScalars.contains(where: { $0.value == 0 }) {
            return "the text has zero bytes between its letters, as UTF-16 does; save it as UTF-8"
        }
        if text.contains("PRIVATE KEY-----") {
            return "it is a private key, which nobody needs here; give the certificate"
        }
        if text.contains("PUBLIC KEY-----") { return "it is a public key, not a certificate" }
        if text.contains("CERTIFICATE REQUEST-----") { return "it is a signing request, not a certificate" }
        if text.contains("-----BEGIN PKCS7") {
            return "it is a PKCS #7 file; openssl pkcs7 -print_certs makes PEM of it"
        }
        if text.unicodeScalars.first?.value == 0xFEFF {
            return "it begins with a byte order mark, and what follows is neither PEM nor base64"
        }
        return inside ? "the PEM of the certificate is damaged: its lines are not base64" : "neither PEM nor base64"
    }
}
