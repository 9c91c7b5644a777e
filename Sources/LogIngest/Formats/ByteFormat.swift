/// What a file's bytes are, told by the first of them and never by its name.
enum ByteFormat: Equatable {
    /// Text in UTF-8, or what cannot be told.
    case text
    /// Text in wider units, behind a mark whose length in bytes is given.
    case wide(WideText.Encoding, mark: Int)
    case gzip
    case zip
    case tar
    case avro
    case refused(RefusedFormat)

    /// How many bytes are looked at: the tar header, and some text to tell the width of its units.
    static let window = 4096

    /// Judges the first bytes.
    static func of(_ head: [UInt8]) -> ByteFormat {
        func starts(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
        if starts(0x1F, 0x8B) { return .gzip }
        if starts(0x50, 0x4B, 0x03, 0x04) || starts(0x50, 0x4B, 0x05, 0x06) { return .zip }
        if starts(0x4F, 0x62, 0x6A, 0x01) { return .avro }
        if starts(0xFF, 0xFE, 0x00, 0x00) { return .wide(.utf32LittleEndian, mark: 4) }
        if starts(0x00, 0x00, 0xFE, 0xFF) { return .wide(.utf32BigEndian, mark: 4) }
        if starts(0xFF, 0xFE) { return .wide(.utf16LittleEndian, mark: 2) }
        if starts(0xFE, 0xFF) { return .wide(.utf16BigEndian, mark: 2) }
        if TarHeader(head) != nil { return .tar }
        if let refused = RefusedFormat.find(head) { return .refused(refused) }
        return WideText.Encoding.guess(head).map { .wide($0, mark: 0) } ?? .text
    }
}
