import Basics

/// The files of a storage account: one an hour, resource and category.
public enum FleetFiles {
    /// Makes the files of a book, in the order of their paths, and hands each on.
    ///
    /// - Parameter file: called with the path and the bytes.
    public static func write(_ book: FleetBook, file: (String, [UInt8]) throws -> Void) throws {
        let writer = RecordWriter(.raw, book)
        for hour in sorted(book) {
            var text = ""
            for index in hour.records {
                writer.write(book.records[index], into: &text)
                text += "\n"
            }
            try file(hour.path, try pack(text))
        }
        for (path, bytes) in book.others { try file(path, bytes) }
    }

    /// One file's records.
    struct Hour {
        var path: String
        /// Hours since 1970.
        var hour: Int
        var place: Int
        /// The records' numbers in the order of their times.
        var records: [Int]
    }

    /// The files in the order of their paths.
    static func sorted(_ book: FleetBook) -> [Hour] {
        var byFile: [Int: [Int]] = [:]
        for (index, record) in book.records.enumerated() {
            let hour = (book.start + record.second) / 3600
            byFile[hour * 1000 + record.place, default: []].append(index)
        }
        return byFile.map { key, records in
            let keys = records.map { book.records[$0].second << 24 | $0 }.sorted()
            return Hour(
                path: path(book, hour: key / 1000, book.places[key % 1000]),
                hour: key / 1000,
                place: key % 1000,
                records: keys.map { $0 & 0xFF_FFFF }
            )
        }.sorted { $0.path < $1.path }
    }

    private static func path(_ book: FleetBook, hour: Int, _ place: LogPlace) -> String {
        let (year, month, day) = CivilDate.date(days: hour / 24)
        let two = LogClock.two
        return "insights-logs-\(place.category.lowercased())/resourceId=\(FleetBook.subscription)\(place.resource)"
            + "/y=\(year)/m=\(two[month])/d=\(two[day])/h=\(two[hour % 24])/m=00/PT1H.json.gz"
    }

    /// Text as one gzip member, packed quickly.
    static func pack(_ text: String) throws -> [UInt8] {
        guard let packed = Gzip.compress(Array(text.utf8), level: 1) else { throw OutOfMemory() }
        return packed
    }
}

/// zlib has no memory.
struct OutOfMemory: Error {}
