import CZlib
import Foundation
import GRDB

/// Raw texts of records that were no plain success, kept so that evidence outlives the log files.
public enum RawRecords {
    /// The text of the record that begins on a line of a file, with secrets redacted; nil if it was not kept.
    ///
    /// - Throws: `DatabaseError`.
    public static func text(path: String, line: Int, in database: LogDatabase) throws -> String? {
        let blocks = try database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT b.data FROM raw_block b JOIN file f ON f.id = b.file
                    WHERE f.path = ? AND b.first_line <= ? AND b.last_line >= ?
                    ORDER BY f.generation DESC, b.first_line
                    """,
                arguments: [path, line, line]
            ).map { Array($0[0] as Data) }
        }
        for block in blocks {
            if let text = find(line, in: inflated(block)) { return text }
        }
        return nil
    }

    /// Entries are `line length`, a line feed, the text, a line feed.
    private static func find(_ line: Int, in bytes: [UInt8]) -> String? {
        var at = 0
        while let end = bytes[at...].firstIndex(of: 0x0A) {
            let head = String(decoding: bytes[at..<end], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
            guard head.count == 2, end + 1 + head[1] <= bytes.count else { return nil }
            if head[0] == line { return String(decoding: bytes[(end + 1)..<(end + 1 + head[1])], as: UTF8.self) }
            at = end + 1 + head[1] + 1
            if at >= bytes.count { return nil }
        }
        return nil
    }

    private static func inflated(_ block: [UInt8]) -> [UInt8] {
        var size = UInt(1 << 18)
        while size <= 1 << 28 {
            var out = [UInt8](repeating: 0, count: Int(size))
            var count = size
            let code = uncompress(&out, &count, block, UInt(block.count))
            if code == Z_OK { return Array(out[..<Int(count)]) }
            guard code == Z_BUF_ERROR else { return [] }
            size *= 4
        }
        return []
    }
}
