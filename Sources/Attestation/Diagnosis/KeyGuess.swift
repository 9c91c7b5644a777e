import Basics

/// A key that a device may have used, and the mistakes that would have led to it.
struct KeyGuess: Sendable {
    let mistakes: [Mistake]
    let key: SecretBytes
    /// Whose key it comes from, in words.
    let source: String
    /// What was done to it, in words.
    let manner: String
}

/// Where guessing starts: a key that is known.
struct KeySource: Sendable {
    /// Whether devices derive from it.
    let isGroup: Bool
    let key: SecretBytes
    let name: String
    /// What is wrong already if this key was used, such as belonging to another enrollment.
    let mistakes: [Mistake]
}

/// Makes guesses from a key.
struct KeyGuesser {
    /// The id as the device sends it.
    let id: String
    /// Other names that may have been taken for the id.
    let otherNames: [String]
    /// Another id that the token itself names.
    let alsoRight: [String]

    /// What the device should have, if this source is the right one; of a token for another id, that id's key too.
    func right(_ source: KeySource) -> [KeyGuess] {
        guard source.isGroup else {
            return [KeyGuess(mistakes: source.mistakes, key: source.key, source: source.name, manner: "as it is")]
        }
        return ([id] + alsoRight).map {
            KeyGuess(
                mistakes: source.mistakes,
                key: DerivedKey.derive(groupKey: source.key, registrationID: $0),
                source: source.name,
                manner: $0 == id ? "derived from the id as sent" : "derived from the id in sr"
            )
        }
    }

    /// One mistake each.
    func singles(_ source: KeySource) -> [KeyGuess] {
        guard source.isGroup else {
            return outputs(source.key, source, [], "as it is").dropFirst() + [
                guess(
                    source,
                    [.derivedFromIndividual],
                    SecretBytes(source.key.hmacSHA256(id.utf8)),
                    "derived from the id as sent"
                )
            ]
        }
        var guesses = [guess(source, [.groupKeyOnDevice], source.key, "the key itself")]
        for form in spellings.dropFirst() + names {
            guesses.append(guess(source, form.mistakes, derive(source.key, form.bytes), form.words))
        }
        guesses += wrongDerivations(source, Spelling(mistakes: [], bytes: Array(id.utf8), words: "the id as sent"))
        let right = derive(source.key, Array(id.utf8))
        guesses += outputs(right, source, [], "derived from the id as sent").dropFirst()
        return guesses
    }

    /// Two mistakes each, where that is cheap.
    func pairs(_ source: KeySource) -> [KeyGuess] {
        guard source.isGroup else { return [] }
        var guesses: [KeyGuess] = []
        let forms = spellings + names.prefix(8)
        for form in forms.dropFirst() {
            guesses += wrongDerivations(source, form)
            let key = derive(source.key, form.bytes)
            guesses += outputs(key, source, form.mistakes, form.words).dropFirst()
        }
        for form in forms {
            for tail in KeyGuesser.stray where form.mistakes == [.idCase] || form.mistakes == [.otherID] {
                let bytes = tail.around(form.bytes)
                let key = derive(source.key, bytes)
                guesses.append(guess(source, form.mistakes + [.strayCharacters], key, "\(form.words) \(tail.words)"))
            }
        }
        for wrong in wrongDerivations(source, Spelling(mistakes: [], bytes: Array(id.utf8), words: "the id as sent")) {
            guesses += outputs(wrong.key, source, wrong.mistakes, wrong.manner).dropFirst()
        }
        guesses += outputs(source.key, source, [.groupKeyOnDevice], "the key itself").dropFirst()
        return guesses
    }

    // MARK: - Ids

    struct Spelling {
        let mistakes: [Mistake]
        let bytes: [UInt8]
        let words: String
    }

    struct Stray {
        let before: [UInt8]
        let after: [UInt8]
        let words: String

        func around(_ bytes: [UInt8]) -> [UInt8] { before + bytes + after }
    }

    static let stray = [
        Stray(before: [], after: [0x0A], words: "with a line feed after it"),
        Stray(before: [], after: [0x0D, 0x0A], words: "with a carriage return and line feed after it"),
        Stray(before: [], after: [0x20], words: "with a space after it"),
        Stray(before: [], after: [0x0D], words: "with a carriage return after it"),
        Stray(before: [], after: [0x09], words: "with a tab after it"),
        Stray(before: [0x20], after: [], words: "with a space before it"),
        Stray(before: [], after: [0], words: "with a zero byte after it"),
        Stray(before: [0x22], after: [0x22], words: "in quotes"),
        Stray(before: [0xEF, 0xBB, 0xBF], after: [], words: "with a byte order mark before it"),
    ]

    /// The id as sent, then its other cases, then stray characters; each spelling once.
    private var spellings: [Spelling] {
        var list = [Spelling(mistakes: [], bytes: Array(id.utf8), words: "the id as sent")]
        func add(_ form: Spelling) {
            if !list.contains(where: { $0.bytes == form.bytes }) { list.append(form) }
        }
        add(Spelling(mistakes: [.idCase], bytes: Array(ASCII.lowercased(id).utf8), words: "the id in lower case"))
        add(Spelling(mistakes: [.idCase], bytes: Array(ASCII.uppercased(id).utf8), words: "the id in upper case"))
        for name in otherNames where ASCII.lowercased(name) == ASCII.lowercased(id) {
            add(Spelling(mistakes: [.idCase], bytes: Array(name.utf8), words: "the id as \(Shown.short(name))"))
        }
        for stray in KeyGuesser.stray {
            let bytes = stray.around(Array(id.utf8))
            add(Spelling(mistakes: [.strayCharacters], bytes: bytes, words: "the id \(stray.words)"))
        }
        return list
    }

    private var names: [Spelling] {
        otherNames.filter { ASCII.lowercased($0) != ASCII.lowercased(id) }.map {
            Spelling(mistakes: [.otherID], bytes: Array($0.utf8), words: "the name \(Shown.short($0))")
        }
    }

    // MARK: - Derivations

    private func derive(_ key: SecretBytes, _ message: [UInt8]) -> SecretBytes { SecretBytes(key.hmacSHA256(message)) }

    private func guess(_ source: KeySource, _ mistakes: [Mistake], _ key: SecretBytes, _ manner: String) -> KeyGuess {
        KeyGuess(mistakes: source.mistakes + mistakes, key: key, source: source.name, manner: manner)
    }

    /// The derivation gone wrong in every known way, from this spelling of the id.
    private func wrongDerivations(_ source: KeySource, _ form: Spelling) -> [KeyGuess] {
        source.key.withBytes { raw in
            let text = Array(Base64Text.encode(raw).utf8)
            let hex = Hex.text(raw)
            let message = form.bytes
            let once = SecretBytes(source.key.hmacSHA256(message))
            let wide = message.flatMap { [$0, UInt8(0)] }
            let wideBigEnd = message.flatMap { [UInt8(0), $0] }
            let ways: [(Mistake, SecretBytes, String)] = [
                (.groupKeyNotDecoded, derive(SecretBytes(text), message), "key text not decoded"),
                (
                    .groupKeyAsHex, derive(SecretBytes(ASCII.uppercased(hex).utf8), message),
                    "key as upper-case hex text"
                ),
                (.groupKeyAsHex, derive(SecretBytes(hex.utf8), message), "key as lower-case hex text"),
                (.derivedTwice, derive(once, message), "derived twice"),
                (.swapped, derive(SecretBytes(message), raw), "key and message swapped"),
                (.swapped, derive(SecretBytes(message), text), "key text and message swapped"),
                (.utf16, derive(source.key, wide), "id in UTF-16, little end first"),
                (.utf16, derive(source.key, wideBigEnd), "id in UTF-16, big end first"),
                (.plainHash, SecretBytes(StableHash.sha256(raw + message)), "SHA-256 of key and id"),
                (.plainHash, SecretBytes(StableHash.sha256(text + message)), "SHA-256 of key text and id"),
                (.plainHash, SecretBytes(StableHash.sha256(message + raw)), "SHA-256 of id and key"),
                (.groupKeyNotDecoded, derive(SecretBytes(text + [0x0A]), message), "key text with a line feed"),
            ]
            return ways.map { guess(source, form.mistakes + [$0.0], $0.1, "\($0.2), \(form.words)") }
        }
    }

    /// A device key as bytes, then as it comes out when it is written or read in the wrong way.
    private func outputs(
        _ key: SecretBytes,
        _ source: KeySource,
        _ mistakes: [Mistake],
        _ manner: String
    ) -> [KeyGuess] {
        var guesses = [guess(source, mistakes, key, manner)]
        key.withBytes { raw in
            let text = Base64Text.encode(raw)
            func add(_ mistake: Mistake, _ bytes: [UInt8]?, _ words: String) {
                guard let bytes, !bytes.isEmpty else { return }
                guesses.append(guess(source, mistakes + [mistake], SecretBytes(bytes), "\(manner), \(words)"))
            }
            add(.keyTextSigned, Array(text.utf8), "its base64 text as the key")
            for hex in [Hex.text(raw), ASCII.uppercased(Hex.text(raw))] {
                add(.hexOutput, try? Base64Text.decode(hex, forgiving: .everything), "its hex text decoded as base64")
                add(.hexOutput, Array(hex.utf8), "its hex text as the key")
            }
            let url = text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
            let dropped = text.filter { $0 != "+" && $0 != "/" }
            if dropped != text {
                add(.urlOutput, Array(String(url).utf8), "its base64url text as the key")
                let decoded = try? Base64Text.decode(dropped, forgiving: .everything)
                add(.urlOutput, decoded, "its base64url text read without - and _")
            }
        }
        return guesses
    }
}
