/// A shared access signature as it was received, taken apart but not judged.
///
/// The rules are those of the verifier class in Microsoft's .NET service library (`SharedAccessSignature`): white space
/// splits the scheme from the fields, `&` and `=` split the fields, names do not mind their case, every value is
/// URL-decoded except `sr`, whose text is what was signed.
public struct SASToken: Sendable {
    /// Why a text is not a token; the text itself is not repeated, because a token is a credential.
    public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
        /// Longer than this reader takes.
        case tooLong(limit: Int)
        /// Not the scheme and one run of fields with a single white space between them.
        case shape
        /// Another scheme than `SharedAccessSignature`.
        case scheme
        /// A field without `=`.
        case fieldWithoutValue(name: String)
        /// The same field twice.
        case repeated(name: String)
        /// A required field is not there.
        case missing(name: String)
        /// `se` is not a number.
        case expiry
        /// `se` lies beyond the year 9999, where the service's date type ends: usually milliseconds.
        case expiryOutOfRange

        /// What is wrong, in words.
        public var description: String {
            switch self {
            case .tooLong(let limit): "the token is longer than \(limit) bytes"
            case .shape: "the token is not \"SharedAccessSignature\", one space and the fields"
            case .scheme: "the token does not begin with \"SharedAccessSignature\""
            case .fieldWithoutValue(let name): "the field \(name) has no value"
            case .repeated(let name): "the field \(name) stands twice"
            case .missing(let name): "the field \(name) is missing"
            case .expiry: "the field se is not a number of seconds"
            case .expiryOutOfRange: "the field se lies beyond the year 9999; it is counted in seconds"
            }
        }
    }

    /// The longest token that is read, in bytes; real ones have about 250.
    public static let longest = 32_768

    /// `sr` exactly as received: the first line of the text that was signed.
    public let audienceAsReceived: String
    /// `sr` with its escapes decoded.
    public let audience: String
    /// `sig` exactly as received.
    public let signatureAsReceived: String
    /// `sig` after URL decoding, which turns a bare `+` into a space.
    public let signature: String
    /// `se` exactly as received: the second line of the text that was signed.
    public let expiryAsReceived: String
    /// `se` as a number of seconds since 1970; it may have a fraction.
    public let expiry: Double
    /// `skn`, which some clients leave empty and others leave out.
    public let keyName: String?

    /// Takes a token apart.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= SASToken.longest else { throw .tooLong(limit: SASToken.longest) }
        let parts = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0.properties.isWhitespace }
        guard let scheme = parts.first, let list = parts.last, parts.count == 2 else { throw .shape }
        guard String(scheme) == "SharedAccessSignature" else { throw .scheme }
        var fields: [String: String] = [:]
        for field in list.split(separator: "&") {
            let pieces = field.split(separator: "=", omittingEmptySubsequences: false)
            let name = pieces.first.map { String($0).lowercased() } ?? ""
            let shown = ["sr", "sig", "se", "skn"].contains(name) ? name : "(other)"
            guard pieces.count > 1 else { throw .fieldWithoutValue(name: shown) }
            guard fields.updateValue(String(pieces[1]), forKey: name) == nil else { throw .repeated(name: shown) }
        }
        guard let audience = fields["sr"] else { throw .missing(name: "sr") }
        guard let signature = fields["sig"] else { throw .missing(name: "sig") }
        guard let expiry = fields["se"] else { throw .missing(name: "se") }
        guard let seconds = SASToken.seconds(PercentEncoding.decodeForm(expiry)) else { throw .expiry }
        guard seconds <= 253_402_300_799 else { throw .expiryOutOfRange }
        audienceAsReceived = audience
        self.audience = PercentEncoding.decodeForm(audience)
        signatureAsReceived = SASToken.rawValue(of: "sig", in: list) ?? signature
        self.signature = PercentEncoding.decodeForm(signature)
        expiryAsReceived = expiry
        self.expiry = seconds
        keyName = fields["skn"].map { PercentEncoding.decodeForm($0) }
    }

    /// The text that was signed, if `sr` and `se` are what the signer used.
    public var signedText: String { "\(audienceAsReceived)\n\(expiryAsReceived)" }

    /// A field's value up to the next `&`, with the `=` that the reader above drops.
    private static func rawValue(of name: String, in list: Substring.UnicodeScalarView) -> String? {
        for field in list.split(separator: "&") {
            guard let equals = field.firstIndex(of: "="), String(field[..<equals]).lowercased() == name else {
                continue
            }
            return String(field[field.index(after: equals)...])
        }
        return nil
    }

    private static func seconds(_ text: String) -> Double? {
        let allowed: Set<UInt8> = Set("0123456789.+-eE".utf8)
        guard !text.isEmpty, text.utf8.count <= 32, text.utf8.allSatisfy(allowed.contains),
            let value = Double(text), value.isFinite
        else { return nil }
        return value
    }
}

extension SASToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What may be shown of a token: everything but the signature.
    public var description: String {
        "sr=\(audienceAsReceived) se=\(expiryAsReceived) skn=\(keyName ?? "(absent)"), signature not shown"
    }

    /// The same in a debugger.
    public var debugDescription: String { description }

    /// Nothing: a mirror would show the signature.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
