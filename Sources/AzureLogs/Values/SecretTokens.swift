/// Secrets that are known by their own form, without a name.
enum SecretTokens {
    private static let prefixes = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "npm_", "glpat-"]

    /// The secret that begins at a position; nil for none.
    static func range(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        switch bytes[at] {
        case 0x65: jsonWebToken(bytes, at)
        case 0x67, 0x6E: prefixed(bytes, at)
        case 0x42, 0x62: basic(bytes, at)
        default: nil
        }
    }

    private static func isPart(_ c: UInt8) -> Bool { KeyForm.isPart(c) && c != 0x2B && c != 0x2F }

    private static func begins(_ bytes: [UInt8], _ at: Int) -> Bool {
        at == 0 || !KeyForm.isPart(bytes[at - 1]) || bytes[at - 1] == 0x3D || bytes[at - 1] == 0x2F
    }

    /// A JSON Web Token (RFC 7519): parts of base64url with dots between, the first of which begins as `{"` does.
    private static func jsonWebToken(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        guard bytes[at...].starts(with: [0x65, 0x79, 0x4A]), begins(bytes, at) else { return nil }
        var end = at
        var parts = 0
        while end < bytes.count {
            let start = end
            while end < bytes.count, isPart(bytes[end]) { end += 1 }
            // The second part of an encrypted one may be empty.
            if end - start >= 10 || parts > 0 { parts += 1 }
            guard end < bytes.count, bytes[end] == 0x2E, parts > 0 else { break }
            end += 1
        }
        return parts >= 2 && end - at >= 30 ? at..<end : nil
    }

    /// Tokens of code hosts and package registries, which have these beginnings so that they can be found.
    private static func prefixed(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        guard begins(bytes, at), let prefix = prefixes.first(where: { bytes[at...].starts(with: $0.utf8) }) else {
            return nil
        }
        var end = at + prefix.utf8.count
        while end < bytes.count, isPart(bytes[end]) { end += 1 }
        return end - at - prefix.utf8.count >= 20 ? at..<end : nil
    }

    /// `Basic dXNlcjpwYXNz` (RFC 7617): base64 of a user and a password with a colon between, or what only a key looks like.
    private static func basic(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        let word = Array("basic".utf8)
        guard at + word.count < bytes.count, at == 0 || !SecretNames.isLetter(bytes[at - 1]),
            zip(bytes[at...], word).allSatisfy({ $0 | 0x20 == $1 })
        else { return nil }
        var start = at + word.count
        let behind = start
        while start < bytes.count, start < behind + 4, [0x20, 0x09, 0x22, 0x27, 0x3A, 0x3D].contains(bytes[start]) {
            start += 1
        }
        guard start > behind else { return nil }
        var end = start
        while end < bytes.count, KeyForm.isPart(bytes[end]) { end += 1 }
        let run = bytes[start..<end]
        // Words that are written together mix cases too, names with numbers have no upper case.
        let isMixed =
            run.contains { (0x30...0x39).contains($0) } && run.contains { (0x41...0x5A).contains($0) }
            && run.contains { (0x61...0x7A).contains($0) }
        if isMixed, KeyForm.isKey(run) { return start..<end }
        guard run.count >= 8, let text = Base64Run.decoded(run), text.contains(0x3A), text.allSatisfy({ $0 >= 0x20 })
        else { return nil }
        return start..<end
    }
}
