/// The names behind which secrets stand.
enum SecretNames {
    /// A name in lower case, and what may stand behind it.
    struct Name {
        var letters: [UInt8]
        /// Whether any value is a secret; else only what looks like a key.
        var isStrong: Bool
        /// Whether it counts at the beginning of a word only.
        var isWord = false
        /// Whether it counts as a parameter of an address only.
        var isParameter = false
        /// Whether people write `--name value` and `the name is value`.
        var isSpoken = false

        init(_ text: String, strong: Bool, word: Bool = false, parameter: Bool = false, spoken: Bool = false) {
            letters = Array(text.utf8)
            isStrong = strong
            isWord = word
            isParameter = parameter
            isSpoken = spoken
        }
    }

    /// By their last letters a longer name comes before the one that it ends with.
    static let all: [Name] = [
        Name("primarykey", strong: true), Name("secondarykey", strong: true), Name("sharedaccesskey", strong: true),
        Name("accountkey", strong: true), Name("authenticationkey", strong: true), Name("symmetrickey", strong: true),
        Name("privatekey", strong: true), Name("connectionstring", strong: true),
        Name("password", strong: true, spoken: true), Name("passwd", strong: true, spoken: true),
        Name("passphrase", strong: true, spoken: true), Name("passcode", strong: true, spoken: true),
        Name("pwd", strong: true, spoken: true), Name("secret", strong: true, spoken: true),
        Name("sig", strong: true, word: true), Name("code", strong: false, parameter: true),
        Name("key", strong: false), Name("token", strong: false), Name("signature", strong: false),
        Name("credential", strong: false), Name("credentials", strong: false), Name("bearer", strong: false),
    ]

    /// One letter of every name, of those that logs seldom have: `k` of key and token, `w` of password, `p` of passphrase,
    /// `g` of sig, connectionstring and tokens, `c` of secret, credential and code, `b` of bearer and basic, `j` of JSON Web
    /// Tokens; and `@` of addresses.
    static let landmarks: Set<UInt8> = [0x6B, 0x77, 0x70, 0x67, 0x63, 0x62, 0x60, 0x6A]

    /// The names by their last letter, `a` first: most letters end none, and few end more than two.
    private static let byLastLetter: [[Name]] = (UInt8(0x61)...0x7A).map { last in
        all.filter { $0.letters.last == last }
    }

    /// The name whose letters end before a position, as written, without escapes; the longest one.
    static func ending(at end: Int, _ text: UnescapedText) -> Name? {
        guard end > 0, isLetter(text.bytes[end - 1]) else { return nil }
        let names = byLastLetter[Int(text.bytes[end - 1] | 0x20) - 0x61]
        return names.isEmpty ? nil : ending(at: end, text, names)
    }

    private static func ending(at end: Int, _ text: UnescapedText, _ names: [Name]) -> Name? {
        let bytes = text.bytes
        for name in names where name.letters.count <= end {
            let start = end - name.letters.count
            guard isWritten(name.letters, text, start) else { continue }
            if name.isParameter, start == 0 || ![0x3F, 0x26, 0x3B].contains(bytes[start - 1]) { continue }
            if !name.isWord || start == 0 || !isLetter(bytes[start - 1]) { return name }
        }
        return nil
    }

    /// From the end, since texts share ends with names less often than beginnings.
    private static func isWritten(_ letters: [UInt8], _ text: UnescapedText, _ start: Int) -> Bool {
        var index = letters.count - 1
        while index >= 0 {
            if text.bytes[start + index] | 0x20 != letters[index] || text.depths[start + index] != 0 { return false }
            index -= 1
        }
        return true
    }

    static func isLetter(_ c: UInt8) -> Bool { (0x61...0x7A).contains(c | 0x20) }

    /// Whether a name may stand around a landmark with a value behind it, an address with a password may end there, or PEM
    /// begin.
    @inline(__always)
    static func mayStand(_ text: RawSpan, _ range: Range<Int>, _ at: Int) -> Bool {
        func letter(_ distance: Int) -> UInt8 {
            let place = at &+ distance
            return place >= range.lowerBound && place < range.upperBound ? Scan.byte(text, place) | 0x20 : 0
        }
        switch Scan.byte(text, at) | 0x20 {
        case 0x6B:
            // key, token
            guard letter(1) == 0x65 else { return false }
            if letter(2) == 0x79 { return hasValue(text, at &+ 3, range.upperBound) }
            return letter(2) == 0x6E && letter(-1) == 0x6F && hasValue(text, at &+ 3, range.upperBound)
        case 0x77:
            // password, passwd, pwd
            if letter(1) == 0x64 { return maySay(text, at &+ 2, range.upperBound) }
            return letter(1) == 0x6F && letter(2) == 0x72 && letter(3) == 0x64
                && maySay(text, at &+ 4, range.upperBound)
        case 0x70:
            // npm_
            if letter(-1) == 0x6E { return letter(1) == 0x6D }
            // passphrase
            return letter(1) == 0x68 && letter(2) == 0x72 && letter(-1) == 0x73
                && maySay(text, at &+ 6, range.upperBound)
        case 0x6A:
            // JSON Web Tokens
            return letter(-1) == 0x79 && letter(-2) == 0x65
        case 0x67:
            // ghp_ and the like, github_pat_, glpat-
            if letter(1) == 0x68, letter(3) == 0x7F { return true }
            if letter(1) == 0x69, letter(2) == 0x74, letter(3) == 0x68 { return true }
            if letter(1) == 0x6C, letter(2) == 0x70 { return true }
            guard letter(-1) == 0x69 else {
                // connectionstring
                return letter(-1) == 0x6E && letter(-2) == 0x69 && letter(-3) == 0x72
                    && hasValue(text, at &+ 1, range.upperBound)
            }
            guard letter(-2) == 0x73 else { return false }
            // sig, signature
            return hasValue(text, at &+ 1, range.upperBound)
                || (letter(1) == 0x6E && letter(2) == 0x61
                    && hasValue(text, at &+ 7, range.upperBound, isKeyOnly: true))
        case 0x63:
            // passcode, and code as a parameter of an address, whose `?` or `&` may be escaped
            if letter(1) == 0x6F {
                guard letter(2) == 0x64, letter(3) == 0x65 else { return false }
                let isParameter = [0x3F, 0x26, 0x36, 0x66, 0x3B].contains(letter(-1))
                // `statusCode` stands in every record of a hub.
                let endsPass = letter(-1) == 0x73 && letter(-2) == 0x73
                return (isParameter || endsPass) && maySay(text, at &+ 4, range.upperBound)
            }
            // secret, credential, credentials
            guard letter(1) == 0x72, letter(2) == 0x65 else { return false }
            if letter(3) == 0x74 { return maySay(text, at &+ 4, range.upperBound) }
            guard letter(3) == 0x64 else { return false }
            return hasValue(text, at &+ 10, range.upperBound) || hasValue(text, at &+ 11, range.upperBound)
        case 0x62:
            // basic
            if letter(1) == 0x61 { return letter(2) == 0x73 && letter(3) == 0x69 && letter(4) == 0x63 }
            // bearer
            return letter(1) == 0x65 && letter(2) == 0x61 && letter(3) == 0x72
                && hasValue(text, at &+ 6, range.upperBound)
        case 0x2D:
            // PEM
            return letter(1) == 0x2D && letter(2) == 0x2D && letter(3) == 0x2D && letter(4) == 0x2D
        case 0x25:
            // `@` as %40 or %2540
            let isSign = letter(1) == 0x34 && letter(2) == 0x30
            return (isSign || (letter(1) == 0x32 && letter(2) == 0x35)) && hasAddress(text, range, at)
        case 0x7C:
            // `@` as \u0040
            return letter(1) == 0x75 && letter(4) == 0x34 && letter(5) == 0x30 && hasAddress(text, range, at)
        default: return Scan.byte(text, at) == 0x40 && hasAddress(text, range, at)
        }
    }

    /// Whether what stands behind a name can be a value: a separator follows, or a run of what keys are made of.
    ///
    /// - Parameter isKeyOnly: whether the value behind a separator counts only if it may be a key: `resultSignature` stands
    ///   in every record of DPS, with a status behind it.
    @inline(never)
    private static func hasValue(_ text: RawSpan, _ name: Int, _ end: Int, isKeyOnly: Bool = false) -> Bool {
        // The plural, or a number: `keys`, `key1`, `key_2`.
        var start = name
        while start < end, start < name + 5, isSuffix(Scan.byte(text, start)) { start += 1 }
        var at = start
        var hasComma = false
        while at < end {
            switch Scan.byte(text, at) {
            case 0x20, 0x22, 0x27, 0x09, 0x0A, 0x0D, 0x60: at += 1
            // Another member begins, which is of interest if it is called `value`.
            case 0x2C where !hasComma:
                hasComma = true
                at += 1
            case 0x56 where isValueLabel(text, at, end), 0x76 where isValueLabel(text, at, end): return true
            case 0x3D where isKeyOnly, 0x3A where isKeyOnly: at += 1
            // `=`, `:`, `%3D`; brackets, quotes of HTML and print, wide signs; and an escape, which may be any of them.
            case 0x3D, 0x3A, 0x25, 0x3E, 0x28, 0x5B, 0x7B, 0x26, 0xE2, 0xEF: return true
            // The tag of a property list closes, and that of the value may open.
            case 0x3C where at + 1 < end && Scan.byte(text, at + 1) == 0x2F: return true
            case 0x5C:
                while at < end, Scan.byte(text, at) == 0x5C { at += 1 }
                guard at < end, [0x22, 0x27, 0x6E, 0x72, 0x74].contains(Scan.byte(text, at)) else { return true }
                at += 1
            // What ends a value of JSON, and so one that is empty or a word.
            case 0x7D where isKeyOnly, 0x5D where isKeyOnly: return false
            case _ where hasComma: return false
            case let c where isKeyOnly && !KeyForm.isPart(c): return true
            default:
                var run = at
                while run < end, KeyForm.isPart(Scan.byte(text, run)) || [0x5C, 0x25].contains(Scan.byte(text, run)) {
                    run += 1
                }
                return at > start && run - at >= KeyForm.shortest / 2
            }
        }
        return false
    }

    /// Whether the word `value` begins here, in any case of letters.
    private static func isValueLabel(_ text: RawSpan, _ at: Int, _ end: Int) -> Bool {
        guard at + 5 <= end else { return false }
        for (index, letter) in SecretGap.valueLabel.enumerated()
        where Scan.byte(text, at + index) | 0x20 != letter { return false }
        return true
    }

    private static func isSuffix(_ c: UInt8) -> Bool {
        (0x30...0x39).contains(c) || c == 0x5F || c == 0x2D || c | 0x20 == 0x73
    }

    /// The same for a name that people use in sentences and commands: whatever follows behind a space may be its value.
    private static func maySay(_ text: RawSpan, _ name: Int, _ end: Int) -> Bool {
        var start = name
        while start < end, start < name + 5, isSuffix(Scan.byte(text, start)) { start += 1 }
        return start < end && !isLetter(Scan.byte(text, start)) || hasValue(text, name, end)
    }

    /// Whether `//` stands before an `@`, as far as an address is long.
    private static func hasAddress(_ text: RawSpan, _ range: Range<Int>, _ at: Int) -> Bool {
        var place = at - 1
        while place > range.lowerBound {
            if [0x2F, 0x25, 0x5C].contains(Scan.byte(text, place)) { return true }
            place -= 1
        }
        return false
    }
}

/// What keys look like.
enum KeyForm {
    /// Sixteen bytes in base64 without padding; in hexadecimal they are 32.
    static let shortest = 22

    /// Whether a byte is of base64, its url-safe form, or hexadecimal.
    static func isPart(_ c: UInt8) -> Bool { UnescapedText.isBase64(c) || c == 0x2D || c == 0x5F }

    /// Whether a run of such bytes may be a key: long enough, of more than one kind of character, and no GUID.
    static func isKey(_ run: ArraySlice<UInt8>) -> Bool {
        guard run.count >= shortest else { return false }
        let hasDigit = run.contains { (0x30...0x39).contains($0) }
        let hasUpper = run.contains { (0x41...0x5A).contains($0) }
        let hasLower = run.contains { (0x61...0x7A).contains($0) }
        guard hasDigit || (hasUpper && hasLower) else { return false }
        return !isGUID(run)
    }

    private static func isGUID(_ run: ArraySlice<UInt8>) -> Bool {
        guard run.count == 36 else { return false }
        return run.enumerated().allSatisfy { index, c in
            [8, 13, 18, 23].contains(index) ? c == 0x2D : Character(Unicode.Scalar(c)).isHexDigit
        }
    }
}
