import Basics
internal import SwiftASN1
internal import X509

/// The names in certificates as text, whichever string type they are written in.
///
/// A name's attribute is a DirectoryString (RFC 5280, appendix A: TeletexString, PrintableString, UniversalString,
/// UTF8String, BMPString) or, in practice, any other string of ASN.1. The library reads three of these.
enum NameText {
    /// The text of one attribute; nil if it is no string or its bytes are not text in its own type.
    ///
    /// TeletexString (T.61) is read where it is plain ASCII, since programs disagree about all other bytes of it.
    static func text(_ value: RelativeDistinguishedName.Attribute.Value) -> String? {
        // The library puts U+FFFD in the place of bytes that are no UTF-8, so that they are no longer told from it.
        if let known = String(value) { return known.unicodeScalars.contains("\u{FFFD}") ? nil : known }
        guard let bytes = serialized(ASN1Any(value)), let node = try? DER.parse(bytes),
            node.identifier.tagClass == .universal, case .primitive(let content) = node.content
        else { return nil }
        switch node.identifier.tagNumber {
        case 12: return String(validating: content, as: UTF8.self)
        // Numeric, printable, teletex, IA5, graphic, visible and general strings; real ones break their own alphabets.
        case 18, 19, 20, 22, 25, 26, 27:
            return content.allSatisfy { $0 < 0x80 } ? String(decoding: content, as: UTF8.self) : nil
        case 28: return scalars(content, width: 4)
        case 30: return scalars(content, width: 2)
        default: return nil
        }
    }

    /// Big-endian code points of two or four bytes each (ISO 10646, UCS-2 and UCS-4).
    private static func scalars(_ bytes: ArraySlice<UInt8>, width: Int) -> String? {
        guard bytes.count % width == 0 else { return nil }
        var text = String.UnicodeScalarView()
        var rest = bytes
        while !rest.isEmpty {
            let number = rest.prefix(width).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(number) else { return nil }
            text.append(scalar)
            rest = rest.dropFirst(width)
        }
        return String(text)
    }

    private static func serialized(_ value: ASN1Any) -> [UInt8]? {
        var serializer = DER.Serializer()
        do {
            try serializer.serialize(value)
            return serializer.serializedBytes
        } catch {
            return nil
        }
    }

    /// A distinguished name fit to show, each attribute as text; what cannot be read is said to be so.
    static func shown(_ name: DistinguishedName) -> String {
        let readable = name.map { relative in
            RelativeDistinguishedName(
                relative.map {
                    .init(type: $0.type, value: .init(utf8String: text($0.value) ?? "(cannot be read)"))
                }
            )
        }
        return Shown.short("\(DistinguishedName(readable))")
    }

    /// The name as RFC 5280, 7.1, compares it: the string type, the case of ASCII letters and runs of spaces aside.
    ///
    /// Two names are the same if their keys are; an attribute that is no text counts byte by byte. Letters beyond ASCII
    /// are compared as they are, as openssl does.
    static func key(_ name: DistinguishedName) -> String { keys(name).joined(separator: "\n") }

    /// The parts of the name's key, one a relative distinguished name, from the root of the directory downwards.
    static func keys(_ name: DistinguishedName) -> [String] {
        name.map { relative in
            relative.map { attribute in
                let value = text(attribute.value).map { "=" + folded($0) }
                let bytes = serialized(ASN1Any(attribute.value)) ?? []
                let raw = "#" + bytes.map { String($0, radix: 16) }.joined(separator: ".")
                return "\(attribute.type)\(value ?? raw)"
            }
            .sorted().joined(separator: "+")
        }
    }

    /// Small letters, no space at the ends, one space in place of several; nothing in it can pass for a key's own signs.
    private static func folded(_ text: String) -> String {
        ASCII.lowercased(text).replacing("\\", with: "\\\\").replacing("+", with: "\\+")
            .unicodeScalars.split { $0.value == 0x20 || (0x09...0x0D).contains($0.value) }
            .map { String($0) }.joined(separator: " ")
    }
}
