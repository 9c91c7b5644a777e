import AzureLogs
import EventStore
import GRDB

/// A text that many records share, as a number: comparing and copying it costs nothing.
struct InternedText: BitwiseCopyable, Hashable, Sendable {
    var id: Int32

    /// Nothing was logged.
    static let none = InternedText(id: 0)
    /// The attestation by a TPM.
    static let tpm = InternedText(id: 1)
    /// The attestation by a symmetric key.
    static let symmetricKey = InternedText(id: 2)
    /// The attestation by a certificate.
    static let x509 = InternedText(id: 3)

    var isEmpty: Bool { id == 0 }
}

/// The texts behind `InternedText`.
struct InternedTexts: Sendable {
    private var texts = ["", "tpm", "symmetricKey", "x509"]
    private var ids = [
        "": InternedText.none, "tpm": InternedText.tpm, "symmetricKey": InternedText.symmetricKey,
        "x509": InternedText.x509,
    ]

    /// The word of a text.
    mutating func word(_ text: String) -> InternedText {
        if let known = ids[text] { return known }
        let word = InternedText(id: Int32(texts.count))
        ids[text] = word
        texts.append(text)
        return word
    }

    /// All texts, by the words' numbers.
    var all: [String] { texts }

    /// The text of a word.
    func text(_ word: InternedText) -> String { texts[Int(word.id)] }
}
