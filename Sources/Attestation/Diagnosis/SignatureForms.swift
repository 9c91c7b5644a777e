import Basics

/// The ways a received signature can be read, and the mistakes each would mean.
struct SignatureForms: Sendable {
    struct Form: Sendable {
        let mistakes: [Mistake]
        let bytes: [UInt8]
        let words: String
    }

    let forms: [Form]

    init(_ token: SASToken) {
        var forms: [Form] = []
        func add(_ mistakes: [Mistake], _ bytes: [UInt8]?, _ words: String) {
            guard let bytes, bytes.count == 32, !forms.contains(where: { $0.bytes == bytes }) else { return }
            forms.append(Form(mistakes: mistakes, bytes: bytes, words: words))
        }
        let text = token.signature
        add([], try? Base64Text.decode(text), "as received")
        let repaired = text.replacing(" ", with: "+")
        add(
            [.signatureNotEncoded],
            try? Base64Text.decode(repaired, forgiving: [.missingPadding]),
            "with + for the spaces and the = restored"
        )
        let again = PercentEncoding.decode(text)
        add([.encodedTwice], again == text ? nil : try? Base64Text.decode(again), "decoded once more")
        add([.signatureForm], try? Base64Text.decode(text, forgiving: .everything), "as base64url or with white space")
        add([.signatureForm], SignatureForms.hex(text), "as hexadecimal")
        self.forms = forms
    }

    static func hex(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: 64, by: 2) {
            guard let high = Hex.value(digits[place]), let low = Hex.value(digits[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

/// The texts that a device may have signed instead of `sr`, a line feed and `se`.
struct SignedTexts: Sendable {
    struct Text: Sendable {
        let mistakes: [Mistake]
        let bytes: [UInt8]
        let words: String
    }

    let texts: [Text]

    init(_ token: SASToken, scope: String, id: String) {
        var texts = [Text(mistakes: [], bytes: Array(token.signedText.utf8), words: "sr and se as received")]
        func add(_ mistake: Mistake, _ text: String, _ words: String) {
            let bytes = Array(text.utf8)
            if !texts.contains(where: { $0.bytes == bytes }) {
                texts.append(Text(mistakes: [mistake], bytes: bytes, words: words))
            }
        }
        let se = token.expiryAsReceived
        let audience = PercentEncoding.decode(token.audienceAsReceived)
        let rebuilt = "\(scope)/registrations/\(id)"
        for (plain, name) in [(audience, "sr"), (rebuilt, "the request's audience")] {
            let spellings = [
                (plain, "unencoded"), (PercentEncoding.encode(plain), "encoded with upper-case escapes"),
                (PercentEncoding.encode(plain, upperCase: false), "encoded with lower-case escapes"),
                (ASCII.lowercased(PercentEncoding.encode(plain)), "encoded, then lower-cased"),
                (ASCII.lowercased(plain), "unencoded in lower case"),
                (PercentEncoding.encode(PercentEncoding.encode(plain)), "encoded twice"),
            ]
            for (spelling, words) in spellings { add(.otherTextSigned, "\(spelling)\n\(se)", "\(name) \(words)") }
        }
        let sr = token.audienceAsReceived
        add(.signedLines, "\(sr)\n\(se)\n", "a line feed after se")
        add(.signedLines, "\(sr)\r\n\(se)", "carriage return and line feed between")
        add(.signedLines, "\(sr)\(se)", "nothing between")
        add(.signedLines, "\(sr)\\n\(se)", "backslash and n between")
        add(.signedLines, "\(se)\n\(sr)", "se before sr")
        add(.signedLines, sr, "sr alone")
        self.texts = texts
    }
}
