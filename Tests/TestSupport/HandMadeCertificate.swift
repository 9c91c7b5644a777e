/// A certificate written by hand, with any key and any time: libraries refuse to make those that an audit must find.
///
/// The signature is rubbish; nothing that reads these checks it.
public struct HandMadeCertificate {
    /// The common name of the subject.
    public var subject: String
    /// The common name of the issuer.
    public var issuer: String
    /// The beginning of the validity, as `20260101000000Z`.
    public var from: String
    /// The end of the validity.
    public var until: String
    /// The modulus of an RSA key; without one the key is on P-256.
    public var modulus: [UInt8]?
    /// The exponent.
    public var exponent: [UInt8]
    /// What tells certificates apart that are alike otherwise.
    public var serial: UInt8

    /// A certificate.
    public init(
        _ subject: String,
        by issuer: String = "ca",
        from: String = "20260101000000Z",
        until: String = "20280101000000Z",
        modulus: [UInt8]? = nil,
        exponent: [UInt8] = [1, 0, 1],
        serial: UInt8 = 1
    ) {
        self.subject = subject
        self.issuer = issuer
        self.from = from
        self.until = until
        self.modulus = modulus
        self.exponent = exponent
        self.serial = serial
    }

    /// A modulus of so many bits: odd, the first bit set, the rest by chance.
    public static func modulus(bits: Int) -> [UInt8] {
        var bytes = (0..<bits / 8).map { _ in UInt8.random(in: 0...255) }
        bytes[0] |= 0x80
        bytes[bytes.count - 1] |= 1
        return bytes
    }

    /// The DER (RFC 5280, 4.1).
    public var der: [UInt8] {
        let sha256WithRSA: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11, 0x05, 0]
        let algorithm = Self.field(0x30, sha256WithRSA)
        let validity = Self.field(0x18, Array(from.utf8)) + Self.field(0x18, Array(until.utf8))
        let body =
            Self.field(0xA0, [0x02, 1, 2]) + [0x02, 1, serial & 0x7F] + algorithm + Self.name(issuer)
            + Self.field(0x30, validity) + Self.name(subject) + key
        return Self.field(0x30, Self.field(0x30, body) + algorithm + Self.field(0x03, [0, 1, 2, 3]))
    }

    private var key: [UInt8] {
        if let modulus {
            let numbers = Self.field(0x02, Self.positive(modulus)) + Self.field(0x02, Self.positive(exponent))
            let rsa: [UInt8] = [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 0x05, 0]
            return Self.field(0x30, Self.field(0x30, rsa) + Self.field(0x03, [0] + Self.field(0x30, numbers)))
        }
        let curve: [UInt8] = [
            0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7,
        ]
        let point = [4] + [UInt8](repeating: serial, count: 64)
        return Self.field(0x30, Self.field(0x30, curve) + Self.field(0x03, [0] + point))
    }

    private static func name(_ text: String) -> [UInt8] {
        let value = field(0x30, [0x06, 3, 0x55, 4, 3] + field(0x0C, Array(text.utf8)))
        return field(0x30, field(0x31, value))
    }

    private static func positive(_ bytes: [UInt8]) -> [UInt8] { (bytes.first ?? 0) & 0x80 == 0 ? bytes : [0] + bytes }

    private static func field(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<0x80: [tag, UInt8(content.count)] + content
        case ..<0x100: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        }
    }
}
