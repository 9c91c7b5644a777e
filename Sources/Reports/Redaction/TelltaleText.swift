import EventStore

/// Finds what tells of a fleet although no record names it: addresses, hosts of Azure IoT, GUIDs, addresses of mail.
enum TelltaleText {
    /// Something that was found.
    struct Match {
        /// The first byte behind it.
        var end: Int
        /// What it is.
        var kind: KnownIdentifier.Kind
    }

    /// Nothing that is looked for is longer, in bytes (RFC 1035 bounds a host's name at 253); an endless word costs no more.
    private static let longest = 320

    /// What begins at a place of a text in lower case, where no word is cut.
    static func match(_ text: [UInt8], _ at: Int) -> Match? {
        if at > 0, IdentifierIndex.isWord(text[at - 1]) || text[at - 1] == 0x2E { return nil }
        var end = at
        while end < text.count, end - at <= longest, isPart(text[end]) { end += 1 }
        guard end - at <= longest else { return nil }
        // A sentence's full stop or a colon before a number of a line is no part of it.
        while end > at, text[end - 1] == 0x2E || text[end - 1] == 0x3A { end -= 1 }
        guard end - at >= 6 else { return nil }
        let word = text[at..<end]
        if let host = host(word.prefix { $0 != 0x3A }) { return host }
        if isGUID(word) { return Match(end: end, kind: .guid) }
        if isMail(word) { return Match(end: end, kind: .person) }
        let isVersion = at > 1 && text[at - 1] == 0x2F && text[at - 2] != 0x2F
        if !isVersion, let quad = quad(word) { return Match(end: at + quad, kind: .network) }
        return isColoned(word) ? Match(end: end, kind: .network) : nil
    }

    /// Letters, digits and `. : @ _ % + - *`.
    private static func isPart(_ byte: UInt8) -> Bool {
        IdentifierIndex.isWord(byte) || [0x2E, 0x3A, 0x40, 0x25, 0x2B, 0x2A].contains(byte)
    }

    private static func host(_ word: ArraySlice<UInt8>) -> Match? {
        for (suffix, kind) in [
            (".azure-devices.net", KnownIdentifier.Kind.hub), (".azure-devices-provisioning.net", .dps),
        ] {
            let suffix = Array(suffix.utf8)
            guard word.count > suffix.count, word.suffix(suffix.count).elementsEqual(suffix) else { continue }
            return Match(end: word.endIndex - suffix.count, kind: kind)
        }
        return nil
    }

    private static func isGUID(_ word: ArraySlice<UInt8>) -> Bool {
        let parts = word.split(separator: 0x2D, omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.joined().allSatisfy(isHex)
    }

    private static func isMail(_ word: ArraySlice<UInt8>) -> Bool {
        let parts = word.split(separator: 0x40, omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].dropFirst().contains(0x2E)
    }

    /// The length of an IPv4 address at the beginning, whole or masked as `10.1.2.xxx`; a port may follow.
    private static func quad(_ word: ArraySlice<UInt8>) -> Int? {
        let address = word.prefix { $0 != 0x3A }
        let parts = address.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for (index, part) in parts.enumerated() {
            let isNumber = (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
            let isMask = index > 0 && (1...3).contains(part.count) && part.allSatisfy { $0 == 0x78 || $0 == 0x2A }
            guard isNumber || isMask else { return nil }
        }
        return address.count
    }

    /// Whether it may be an IPv6 address: hexadecimal digits with `::`, or with seven colons.
    private static func isColoned(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.allSatisfy({ isHex($0) || $0 == 0x3A || $0 == 0x2E || $0 == 0x78 || $0 == 0x2A }) else {
            return false
        }
        let isDouble = zip(word, word.dropFirst()).contains { $0 == 0x3A && $1 == 0x3A }
        return word.contains(where: isHex) && (isDouble || word.count { $0 == 0x3A } == 7)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x66: true
        default: false
        }
    }
}
