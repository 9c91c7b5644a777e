/// Takes secrets out of texts that are kept or shown: keys of enrollments and connection strings, signatures of tokens.
public enum SecretRedaction {
    /// What stands in a secret's place.
    public static let mark = "[redacted]"

    private static let names = [
        "primarykey", "secondarykey", "sharedaccesskey", "sharedaccesskeyname=", "authenticationkey",
        "symmetrickey\":\"",
        "sig=", "connectionstring", "password", "unencryptedauthenticationkey",
    ]

    /// The text with every value behind a secret's name replaced, and every long run of base64 as well.
    ///
    /// What this does not do: find a secret that is shorter than 40 characters and has no telling name.
    public static func redact(_ text: String) -> String {
        let lower = Array(text.utf8).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let run = base64Run(bytes, at)
            if run >= 40, hasMixedCase(bytes[at..<at + run]) {
                out.append(contentsOf: mark.utf8)
                at += run
                continue
            }
            if let name = names.first(where: { lower[at...].starts(with: $0.utf8) }) {
                let start = valueStart(bytes, at + name.utf8.count)
                out.append(contentsOf: bytes[at..<start])
                let end = valueEnd(bytes, start)
                if end > start { out.append(contentsOf: mark.utf8) }
                at = max(end, at + 1)
                continue
            }
            out.append(bytes[at])
            at += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether `redact` might change a text; a false alarm costs time only.
    ///
    /// Looks for the last letters of every name above, and for runs of base64, in one pass.
    ///
    /// - Parameters:
    ///   - text: bytes with 8 readable ones behind the range.
    ///   - range: the text.
    public static func mayHoldSecret(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        let classes = byteClasses.span
        var run = 0
        var kinds: UInt8 = 0
        for at in range {
            let c = classes[Int(Scan.byte(text, at))]
            if c & 1 == 0 {
                if run >= 40, kinds == 0x0E { return true }
                run = 0
                kinds = 0
            } else {
                run &+= 1
                kinds |= c & 0x0E
            }
            if c & 0x10 != 0, endsName(text, range.lowerBound, at) { return true }
        }
        return run >= 40 && kinds == 0x0E
    }

    /// 1: base64; 2, 4, 8: upper case, lower case behind f, digit; 16: may end a secret's name.
    private static let byteClasses: [UInt8] = (0...255).map { value in
        let c = UInt8(value)
        var bits: UInt8 = isBase64(c) ? 1 : 0
        if (0x41...0x5A).contains(c) { bits |= 2 }
        if (0x67...0x7A).contains(c) { bits |= 4 }
        if (0x30...0x39).contains(c) { bits |= 8 }
        // `y` of …key, `g` of connectionstring, `d` of password, `=` of sig=
        return [0x79, 0x59, 0x67, 0x47, 0x64, 0x44, 0x3D].contains(c) ? bits | 16 : bits
    }

    /// Whether a name may end at a byte: `…key` but for the attestation type `symmetricKey`, `sig=`, `string`, `word`.
    private static func endsName(_ text: RawSpan, _ start: Int, _ at: Int) -> Bool {
        func before(_ distance: Int) -> UInt8 { at - distance >= start ? Scan.byte(text, at - distance) | 0x20 : 0 }
        switch before(0) {
        case 0x79:
            guard before(1) == 0x65, before(2) == 0x6B else { return false }
            // symmetricKey is a name only as a member: `symmetricKey":`.
            return before(3) != 0x63 || (Scan.byte(text, at + 1) == 0x22 && Scan.byte(text, at + 2) == 0x3A)
        case 0x67: return before(1) == 0x6E && before(2) == 0x69 && before(3) == 0x72
        case 0x64: return before(1) == 0x72 && before(2) == 0x6F && before(3) == 0x77
        default: return Scan.byte(text, at) == 0x3D && before(1) == 0x67 && before(2) == 0x69 && before(3) == 0x73
        }
    }

    private static func isBase64(_ c: UInt8) -> Bool {
        switch c {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }

    private static func base64Run(_ bytes: [UInt8], _ start: Int) -> Int {
        if start > 0, isBase64(bytes[start - 1]) { return 0 }
        var at = start
        while at < bytes.count, isBase64(bytes[at]) { at += 1 }
        return at - start
    }

    /// Keys mix cases and digits; a resource id or a hexadecimal hash does not.
    private static func hasMixedCase(_ bytes: ArraySlice<UInt8>) -> Bool {
        let upper = bytes.contains { (0x41...0x5A).contains($0) }
        let lower = bytes.contains { (0x67...0x7A).contains($0) }
        let digit = bytes.contains { (0x30...0x39).contains($0) }
        return upper && lower && digit && bytes.count { $0 == 0x2F } <= 4
    }

    private static func valueStart(_ bytes: [UInt8], _ start: Int) -> Int {
        var at = start
        while at < bytes.count, [0x20, 0x22, 0x3A, 0x3D, 0x5C, 0x27].contains(bytes[at]) { at += 1 }
        return at
    }

    private static func valueEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var at = start
        while at < bytes.count, ![0x20, 0x22, 0x26, 0x2C, 0x3B, 0x5C, 0x7D, 0x27].contains(bytes[at]) { at += 1 }
        return at
    }
}
