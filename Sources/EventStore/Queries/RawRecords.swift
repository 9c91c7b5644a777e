import FoundationEssentials
import GRDB

/// Raw texts of records that were no plain success, kept so that evidence outlives the log files.
public enum RawRecords {
    /// The text of the record that begins on a line of a file, with secrets redacted; nil if it was not kept.
    ///
    /// - Throws: `DatabaseError`.
    public static func text(path: String, line: Int, in database: LogDatabase) throws -> String? {
        try database.access.read { connection in
            if let text = try text(path: path, line: line, connection) { return text }
            // Its log was pruned: then a finding may have kept it.
            return try String.checkedOne(
                connection,
                sql: "SELECT record FROM kept_evidence WHERE place = ?",
                arguments: ["\(path):\(line)"]
            )
        }
    }

    /// All kept texts of the records that begin on a line: an envelope may hold many on one.
    ///
    /// - Parameter most: how many are read at most.
    /// - Throws: `DatabaseError`.
    public static func texts(path: String, line: Int, most: Int = .max, in database: LogDatabase) throws -> [String] {
        try database.access.read { connection in
            let found = try texts(path: path, line: line, most: most, connection)
            if !found.isEmpty { return found }
            return try String.checkedAll(
                connection,
                sql: "SELECT record FROM kept_evidence WHERE place = ?",
                arguments: ["\(path):\(line)"]
            )
        }
    }

    static func text(path: String, line: Int, _ connection: Database) throws -> String? {
        try texts(path: path, line: line, most: 1, connection).first
    }

    /// The texts of the newest state of the file that has any on the line.
    private static func texts(path: String, line: Int, most: Int, _ connection: Database) throws -> [String] {
        let blocks = try CheckedRow.all(
            connection,
            sql: """
                SELECT b.data, f.generation FROM raw_block b JOIN file f ON f.id = b.file
                WHERE f.path = ? AND b.first_line <= ? AND b.last_line >= ?
                ORDER BY f.generation DESC, b.first_line
                """,
            arguments: [path, line, line]
        )
        var found: [String] = []
        var newest: Int?
        for block in blocks {
            let (data, generation): (CheckedBytes, Int) = (try block[0], try block[1])
            if let newest, newest != generation { continue }
            let texts = BlockCompressor.expanded(data.bytes, likely: 1 << 18) ?? []
            found += find(line, in: texts, most: most - found.count)
            if !found.isEmpty { newest = generation }
            if found.count >= most { break }
        }
        return found
    }

    /// Goes through a block's entries (`RawKeeper`), which stand in the order of their lines.
    private static func find(_ line: Int, in bytes: [UInt8], most: Int) -> [String] {
        var templates: [(text: ArraySlice<UInt8>, places: [Range<Int>])] = []
        var found: [String] = []
        var at = 0
        while found.count < most, at + 2 < bytes.count, let end = bytes[at...].firstIndex(of: 0x0A) {
            let numbers = String(decoding: bytes[(at + 2)..<end], as: UTF8.self).split(separator: " ").compactMap {
                Int($0)
            }
            // What is damaged may say anything; places beyond the block are none. The first number is a line, however far down its file.
            guard numbers.count >= 2, numbers.dropFirst().allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else {
                return found
            }
            let isDifference = bytes[at] == 0x44
            let start = end + 1
            let stop = isDifference ? bytes[start...].firstIndex(of: 0x0A) ?? bytes.count : start + numbers[1]
            guard stop <= bytes.count else { return found }
            if bytes[at] == 0x54 {
                let size = numbers[1]
                let places = stride(from: 2, to: numbers.count - 1, by: 2).map {
                    start + numbers[$0]..<start + numbers[$0] + numbers[$0 + 1]
                }
                let isInOrder = zip(places, places.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
                guard isInOrder, places.last.map({ $0.upperBound <= start + size }) ?? true else { return found }
                templates.append((bytes[start..<stop], places))
            }
            if numbers[0] == line {
                if !isDifference {
                    found.append(String(decoding: bytes[start..<stop], as: UTF8.self))
                } else if templates.indices.contains(numbers[1]),
                    let text = filled(
                        templates[numbers[1]],
                        bytes[start..<stop].split(separator: 0x09, omittingEmptySubsequences: false)
                    )
                {
                    found.append(text)
                }
            }
            at = stop + 1
        }
        return found
    }

    private static func filled(
        _ template: (text: ArraySlice<UInt8>, places: [Range<Int>]),
        _ parts: [ArraySlice<UInt8>]
    ) -> String? {
        guard parts.count == template.places.count else { return nil }
        var text: [UInt8] = []
        var at = template.text.startIndex
        for (place, part) in zip(template.places, parts) {
            text += template.text[at..<place.lowerBound] + part
            at = place.upperBound
        }
        return String(decoding: text + template.text[at...], as: UTF8.self)
    }
}
