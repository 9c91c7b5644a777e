/// How a text file is written, where that keeps it from being read: marks and encodings of other systems' editors.
enum TextMark {
    /// What is wrong with the bytes as UTF-8 text, and what to do; nil if nothing of this kind is.
    ///
    /// Not found: UTF-16 without a mark in scripts other than Latin.
    static func complaint(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return "it is UTF-16 (it begins with a UTF-16 byte order mark); save it as UTF-8"
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return "it begins with a byte order mark (EF BB BF); save it as UTF-8 without one"
        }
        let start = bytes.prefix(64)
        let zeros = start.count { $0 == 0 }
        // Latin text in UTF-16 has a zero beside each letter.
        if start.count >= 4, zeros * 3 > start.count {
            return "it is UTF-16 without a byte order mark, as its zero bytes show; save it as UTF-8"
        }
        return nil
    }
}
