internal import SwiftASN1
internal import X509

/// The forms of names in certificates (RFC 5280, 4.2.1.6, and 4.2.1.10 for constraints).
enum GeneralNameForm {
    /// Whether a subject alternative name has the form that its kind asks for.
    ///
    /// Not judged: kinds without a form of their own here, such as otherName.
    static func isWellFormed(_ name: GeneralName) -> Bool {
        switch name {
        case .dnsName(let text): isHost(text.hasPrefix("*.") ? String(text.dropFirst(2)) : text)
        case .ipAddress(let bytes): bytes.bytes.count == 4 || bytes.bytes.count == 16
        case .rfc822Name(let text): mailbox(text) != nil
        case .uniformResourceIdentifier(let text): hasScheme(text)
        case .directoryName, .otherName, .x400Address, .ediPartyName, .registeredID: true
        }
    }

    /// Whether a name constraint has the form that its kind asks for; an empty DNS name stands for all.
    static func isWellFormedConstraint(_ name: GeneralName) -> Bool {
        switch name {
        case .dnsName(let text): text.isEmpty || isHost(text)
        case .ipAddress(let bytes):
            [8, 32].contains(bytes.bytes.count) && isMask(bytes.bytes.suffix(bytes.bytes.count / 2))
        case .rfc822Name(let text):
            text.contains("@") ? mailbox(text) != nil : isHost(text.hasPrefix(".") ? String(text.dropFirst()) : text)
        case .uniformResourceIdentifier(let text): isHost(text.hasPrefix(".") ? String(text.dropFirst()) : text)
        case .directoryName, .otherName, .x400Address, .ediPartyName, .registeredID: true
        }
    }

    /// A host name in the preferred syntax (RFC 1034, 3.5; RFC 1123, 2.1): labels of letters, digits and inner hyphens.
    static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last else { return false }
        // A name whose last label is digits alone is an address.
        guard !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || byte == 0x2D
                }
        }
    }

    /// The two parts of a mailbox `local@host` (RFC 2821, 4.1.2, without quoted parts); nil for anything else.
    static func mailbox(_ text: String) -> (local: String, host: String)? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, isHost(String(parts[1])) else { return nil }
        let special = Set("()<>[]:;\\,\" ".utf8)
        let isAtom = parts[0].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !special.contains($0) }
        return isAtom ? (String(parts[0]), String(parts[1])) : nil
    }

    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.utf8.startIndex,
            text.utf8.index(after: colon) != text.utf8.endIndex
        else { return false }
        return text.utf8[..<colon].allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2B, 0x2D, 0x2E].contains(byte)
        }
    }

    /// The host of a URI with an authority (RFC 3986, 3.2.2); nil without one, and for addresses.
    static func host(ofURI text: String) -> String? {
        guard let start = text.firstRange(of: "://") else { return nil }
        var authority = text[start.upperBound...].prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if let colon = authority.lastIndex(of: ":") { authority = authority[..<colon] }
        return isHost(String(authority)) ? String(authority) : nil
    }

    /// Ones from the front, then zeros (RFC 4632).
    private static func isMask(_ bytes: ArraySlice<UInt8>) -> Bool {
        var isOver = false
        for byte in bytes {
            if isOver, byte != 0 { return false }
            if byte != 0xFF {
                if byte << (~byte).leadingZeroBitCount != 0 { return false }
                isOver = true
            }
        }
        return true
    }
}
