import AzureLogs

/// The beginning of a text that could not be read, made safe: no secrets, no control characters.
enum SafeSample {
    /// Characters that are shown at most.
    static let length = 200
    /// Bytes that are looked at: more than are shown, so that a secret is known before it is cut.
    private static let window = 256

    static func make(_ bytes: some Collection<UInt8>) -> String {
        var beginning = Array(bytes.prefix(window))
        if beginning.count == window { dropCutWord(&beginning) }
        var safe = ""
        for scalar in SecretRedaction.redact(String(decoding: beginning, as: UTF8.self)).unicodeScalars.prefix(length) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                safe += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// Takes the last word away if it may be the beginning of a key or of an address, which could not be told any more.
    private static func dropCutWord(_ bytes: inout [UInt8]) {
        let ends: Set<UInt8> = [0x20, 0x22, 0x2C, 0x3B, 0x7B, 0x7D]
        let start = bytes.lastIndex(where: ends.contains).map { $0 + 1 } ?? 0
        let word = bytes[start...]
        let isKey = word.count >= 16 && word.contains { (0x30...0x39).contains($0) }
        if isKey || word.contains(0x3A) || word.contains(0x3D) { bytes.removeSubrange(start...) }
    }
}
