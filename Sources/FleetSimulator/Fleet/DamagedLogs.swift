/// A fleet's logs as they arrive on a bad day: lines lost, repeated, late, shuffled and broken, files cut off or missing,
/// and every container and shape that Azure's tools hand out.
public struct DamagedLogs: Sendable {
    /// The files.
    public private(set) var files: [(path: String, bytes: [UInt8])] = []
    /// For each record of the book whether a copy that can be read is left.
    public private(set) var isAlive: [Bool]
    /// The places and hours, in seconds, whose file is missing.
    public private(set) var missing: [(place: LogPlace, second: Int)] = []
    /// The places and hours whose file is missing or cut off.
    private var incomplete: [LogPlace: Set<Int>] = [:]
    /// How often each kind of damage was done.
    public private(set) var counts: [String: Int] = [:]

    private let book: FleetBook
    private let writers: [RecordWriter]
    private var random: SplitMix64

    /// Damages the logs of a book.
    ///
    /// - Throws: `OutOfMemory` if zlib has none.
    public init(_ book: FleetBook, seed: UInt64) throws {
        self.book = book
        random = SplitMix64(seed: seed)
        isAlive = [Bool](repeating: false, count: book.records.count)
        writers = [.raw, .columns, .csv, .object].map { RecordWriter($0, book) }
        let hours = FleetFiles.sorted(book)
        let gone = chooseMissing(hours)
        for (bucket, records) in distribute(hours, gone).enumerated() where !gone.contains(bucket) {
            try write(hours[bucket], records)
        }
        for (path, bytes) in book.others { files.append((path, bytes)) }
    }

    /// The records of which no copy can be read.
    public var lost: [FleetRecord] { zip(book.records, isAlive).filter { !$0.1 }.map(\.0) }

    /// Whether the connections of a hub were not all handed out in an hour, or in the ten minutes after it.
    public func isIncomplete(hub: String, second: Int) -> Bool {
        let hours = incomplete[LogPlace(resource: "IOTHUBS/" + hub.uppercased(), category: "Connections")] ?? []
        return hours.contains((book.start + second) / 3600) || hours.contains((book.start + second + 600) / 3600)
    }

    private mutating func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % bound }

    private mutating func count(_ what: String) { counts[what, default: 0] += 1 }

    /// An hour of a hub's connections and one of a DPS instance's registrations, both busy ones.
    private mutating func chooseMissing(_ hours: [FleetFiles.Hour]) -> Set<Int> {
        var gone = Set<Int>()
        for (resource, hour) in [("IOTHUBS/HUB-US-1", 20), ("PROVISIONINGSERVICES/DPS-EU", 6)] {
            for (index, file) in hours.enumerated() {
                let place = book.places[file.place]
                let isMeant = place.category == "Connections" || place.category == "RegistrationsOperationalLogs"
                if isMeant, place.resource == resource, file.hour == book.start / 3600 + hour {
                    gone.insert(index)
                    missing.append((place, hour * 3600))
                    incomplete[place, default: []].insert(file.hour)
                }
            }
        }
        return gone
    }

    /// Which records stand in which file, once some are lost, repeated and late.
    private mutating func distribute(_ hours: [FleetFiles.Hour], _ gone: Set<Int>) -> [[Int]] {
        var contents = [[Int]](repeating: [], count: hours.count)
        var byPlace: [Int: [Int]] = [:]
        for (index, file) in hours.enumerated() { byPlace[file.place, default: []].append(index) }
        for (bucket, file) in hours.enumerated() {
            let later = byPlace[file.place, default: []].filter { hours[$0].hour > file.hour }.prefix(4)
            for record in file.records {
                if gone.contains(bucket) { continue }
                switch draw(1000) {
                case 0..<10: count("lost")
                case 10..<30:
                    // Delivered again, into the same file or a later one. A hub's record that stands twice in one file
                    // counts as two, since hubs log whole seconds; what is found must bear that as well.
                    count("repeated")
                    contents[bucket].append(record)
                    let again = draw(2) == 0 ? bucket : later.randomElement(using: &random) ?? bucket
                    contents[again].append(record)
                case 30..<50:
                    count("late")
                    contents[later.randomElement(using: &random) ?? bucket].append(record)
                default: contents[bucket].append(record)
                }
            }
        }
        return contents
    }

    // MARK: Files

    private mutating func write(_ file: FleetFiles.Hour, _ records: [Int]) throws {
        var records = records
        if draw(3) == 0 { records.shuffle(using: &random) }
        var text = ""
        var ends: [(record: Int, end: Int)] = []
        let isCut = draw(60) == 0
        if isCut { incomplete[book.places[file.place], default: []].insert(file.hour) }
        switch draw(100) {
        case 0..<40: lines(records, writers[0], "\n", isOdd: true, &text, &ends)
        case 40..<50:
            text = "\u{FEFF}"
            lines(records, writers[0], "\r\n\r\n", isOdd: false, &text, &ends)
        case 50..<60: list(records, writers[0], "[", ",", "]\n", &text, &ends)
        case 60..<70: list(records, writers[0], "{\"records\":[", ",\n  ", "]}\n", &text, &ends)
        case 70..<80: lines(records, writers[1], "\n", isOdd: true, &text, &ends)
        case 80..<86: list(records, writers[1], "[\n", ",\n", "\n]\n", &text, &ends)
        case 86..<94: list(records, writers[2], RecordShape.header + "\n", "\n", "\n", &text, &ends)
        default: lines(records, writers[3], "\n", isOdd: false, &text, &ends)
        }
        try finish(file.path, text, ends, isCut: isCut)
    }

    /// One record a line; some lines are broken, and of some the shape is odd but whole.
    private mutating func lines(
        _ records: [Int],
        _ writer: RecordWriter,
        _ end: String,
        isOdd: Bool,
        _ text: inout String,
        _ ends: inout [(record: Int, end: Int)]
    ) {
        for record in records {
            var line = ""
            writer.write(book.records[record], into: &line)
            var isWhole = true
            if isOdd {
                switch draw(400) {
                case 0:
                    line = String(line.prefix(line.count * 2 / 3))
                    isWhole = false
                    count("broken: half a line")
                case 1:
                    line = String(line.prefix(40)) + "\u{0}\u{0}" + line.dropFirst(42)
                    isWhole = false
                    count("broken: null bytes")
                case 2:
                    // The brace is a reject, the record before it is none.
                    line += "}"
                    count("odd: a brace too many")
                case 3..<8:
                    line = "{ \"\\u0074ime\" : \"" + line.dropFirst("{\"time\":\"".count)
                    if writer.isColumns { line = "" }
                    if line.isEmpty { writer.write(book.records[record], into: &line) }
                    count("odd: escaped keys")
                case 8..<12:
                    text += "\n \t\n"
                    count("odd: blank lines")
                default: break
                }
            }
            text += line
            if isWhole { ends.append((record, text.utf8.count)) }
            text += end
        }
    }

    private func list(
        _ records: [Int],
        _ writer: RecordWriter,
        _ begin: String,
        _ between: String,
        _ end: String,
        _ text: inout String,
        _ ends: inout [(record: Int, end: Int)]
    ) {
        text += begin
        for (number, record) in records.enumerated() {
            if number > 0 { text += between }
            writer.write(book.records[record], into: &text)
            ends.append((record, text.utf8.count))
        }
        text += end
    }

    /// Packs, cuts and hands on; what stands whole before a cut is still there.
    private mutating func finish(_ path: String, _ text: String, _ ends: [(record: Int, end: Int)], isCut: Bool) throws
    {
        var bytes = Array(text.utf8)
        var reach = bytes.count
        let isPacked = draw(4) != 0
        if isPacked {
            guard let packed = Gzip.compress(bytes, level: 1) else { throw OutOfMemory() }
            bytes = packed
        }
        if isCut {
            count("cut off")
            bytes.removeLast(bytes.count / 3)
            reach = isPacked ? Gzip.reach(bytes) : bytes.count
        }
        for (record, end) in ends where end <= reach { isAlive[record] = true }
        files.append((isPacked ? path : String(path.dropLast(3)), bytes))
    }
}
