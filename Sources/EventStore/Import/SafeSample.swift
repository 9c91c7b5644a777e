import AzureLogs

/// The beginning of a text that could not be read, made safe: no secrets, no control characters.
enum SafeSample {
    /// Bytes that are looked at.
    static let length = 200

    static func make(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(length), as: UTF8.self)
        var safe = ""
        for scalar in SecretRedaction.redact(text).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                safe += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
