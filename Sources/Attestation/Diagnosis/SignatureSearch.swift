/// Looks for the mistakes that reproduce a signature, fewest first, within a fixed amount of work.
struct SignatureSearch {
    /// A combination that gives the received signature, bit for bit.
    struct Match {
        let mistakes: [Mistake]
        let compared: String
    }

    /// How many signatures are computed at most for one request.
    static let mostSignatures = 120_000

    let forms: SignatureForms
    let texts: SignedTexts
    let guesser: KeyGuesser
    private var left = SignatureSearch.mostSignatures

    init(token: SASToken, scope: String, id: String, otherNames: [String], alsoRight: [String]) {
        forms = SignatureForms(token)
        texts = SignedTexts(token, scope: scope, id: id)
        guesser = KeyGuesser(id: id, otherNames: otherNames, alsoRight: alsoRight)
    }

    /// Whether the work ran out before every combination was tried.
    var ranOut: Bool { left <= 0 }

    /// The matches with the fewest mistakes, at most five.
    mutating func run(_ sources: [KeySource]) -> [Match] {
        guard !forms.forms.isEmpty else { return [] }
        let plain = texts.texts.prefix(1)
        let altered = texts.texts.dropFirst()
        // Right keys with right and wrong texts, then one wrong step in the key, then two.
        let stages: [(KeyGuesser, KeySource) -> [KeyGuess]] = [
            { $0.right($1) }, { $0.singles($1) }, { $0.pairs($1) },
        ]
        var found: [Match] = []
        var kept: [[KeyGuess]] = []
        for stage in stages {
            var guesses: [KeyGuess] = []
            for source in sources where left > 0 {
                let made = stage(guesser, source)
                // Making a guess costs about what testing it costs.
                left -= made.count
                found += test(made, plain)
                guesses += made
            }
            // The stage before, with a text that differs: as many mistakes as this stage's with the right text.
            if let before = kept.last { found += test(before, altered) }
            if !found.isEmpty || left <= 0 { return sorted(found) }
            kept.append(guesses)
        }
        if kept.count > 1 { found += test(kept[1], altered) }
        return sorted(found)
    }

    private mutating func test(_ guesses: [KeyGuess], _ texts: ArraySlice<SignedTexts.Text>) -> [Match] {
        var matches: [Match] = []
        for guess in guesses {
            for text in texts {
                guard left > 0, matches.count < 20 else { return matches }
                left -= 1
                let made = guess.key.hmacSHA256(text.bytes)
                // The signature is known to its sender and the guesses are wrong keys: no secret for timing to tell.
                for form in forms.forms where form.bytes == made {
                    let mistakes = SignatureSearch.unique(guess.mistakes + text.mistakes + form.mistakes)
                    let compared =
                        "HMAC-SHA256 with the key of \(guess.source) (\(guess.manner)) over \(text.words) equals the "
                        + "signature \(form.words)"
                    matches.append(Match(mistakes: mistakes, compared: compared))
                }
            }
        }
        return matches
    }

    private static func unique(_ mistakes: [Mistake]) -> [Mistake] {
        var seen: [Mistake] = []
        for mistake in mistakes where !seen.contains(mistake) { seen.append(mistake) }
        return seen
    }

    private func sorted(_ matches: [Match]) -> [Match] {
        var seen: Set<[Mistake]> = []
        let fewestFirst = matches.enumerated().sorted {
            ($0.element.mistakes.count, $0.offset) < ($1.element.mistakes.count, $1.offset)
        }
        return Array(fewestFirst.map(\.element).filter { seen.insert($0.mistakes).inserted }.prefix(5))
    }
}
