import Attestation

/// Makes tokens as devices do, independently of the room's own encoding helpers.
enum Sign {
    /// Encodes as a URL component with the given escapes.
    static func encode(_ text: String, upperCase: Bool = true) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            if byte < 128,
                Character(scalar).isLetter || Character(scalar).isNumber || "-_.".unicodeScalars.contains(scalar)
            {
                return String(Character(scalar))
            }
            let hex = (byte < 16 ? "0" : "") + String(byte, radix: 16)
            return "%" + (upperCase ? hex.uppercased() : hex)
        }.joined()
    }

    /// A token over `sr` as given.
    static func token(
        sr: String,
        key: SecretBytes,
        se: String = "1893456000",
        skn: String? = "registration"
    ) -> String {
        let signature = Base64Text.encode(key.hmacSHA256("\(sr)\n\(se)".utf8))
        let tail = skn.map { "&skn=\($0)" } ?? ""
        return "SharedAccessSignature sr=\(sr)&sig=\(encode(signature))&se=\(se)\(tail)"
    }
}

/// How each client writes its token.
enum ClientDialect: CaseIterable {
    case dotnet
    case python
    case node
    case java
    case c
    case embeddedC
    case edge
    case cli

    func token(scope: String, id: String, key: SecretBytes, now: Int) -> String {
        let plain = "\(scope)/registrations/\(id)"
        switch self {
        case .dotnet, .cli: return Sign.token(sr: Sign.encode(plain), key: key, se: "\(now + 86_400)")
        case .python: return Sign.token(sr: Sign.encode(plain), key: key, se: "\(now + 3_600)", skn: nil)
        case .node: return reordered(sr: plain, key: key, se: now + 3_600, tail: "&skn=registration", seLast: true)
        case .java: return Sign.token(sr: plain, key: key, se: "\(now + 3_600)", skn: "")
        case .c: return Sign.token(sr: Sign.encode(plain, upperCase: false), key: key, se: "\(now + 2_400)")
        case .embeddedC:
            let sr = "\(Sign.encode(scope, upperCase: false))%2fregistrations%2f\(Sign.encode(id, upperCase: false))"
            return Sign.token(sr: sr, key: key, se: "\(now + 3_600)")
        case .edge:
            return reordered(sr: plain.lowercased(), key: key, se: now + 30, tail: "&skn=registration", seLast: false)
        }
    }

    private func reordered(sr: String, key: SecretBytes, se: Int, tail: String, seLast: Bool) -> String {
        let signature = Sign.encode(Base64Text.encode(key.hmacSHA256("\(sr)\n\(se)".utf8)))
        return seLast
            ? "SharedAccessSignature sr=\(sr)&sig=\(signature)\(tail)&se=\(se)"
            : "SharedAccessSignature sr=\(sr)&sig=\(signature)&se=\(se)\(tail)"
    }
}
