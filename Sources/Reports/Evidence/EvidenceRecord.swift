import Correlation
public import EventStore

/// What the database holds of one place that evidence names.
public struct EvidenceRecord: Sendable, Hashable {
    /// `file:line`.
    public var place: String
    /// The records whose texts are kept.
    public var records: [DecodedRecord] = []
    /// What is kept in columns of records whose texts are not.
    public var stored: [StoredEvent] = []
    /// Whether more records stand on the line than are given here.
    public var isCut = false
    /// How to print the line out of the log itself, nil if it cannot be.
    public var printCommand: String?

    /// The most records of one line that are read: an envelope may hold thousands on its only line.
    public static let most = 20

    /// Reads what is kept of a place.
    ///
    /// - Parameters:
    ///   - about: names of which a record must hold one, where a line holds several; empty for all. Events that are kept in
    ///     columns are looked for where these have some; the correlation must be of the events' state.
    ///   - range: microseconds in which its events are; nil if that is not known.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ place: String,
        about names: [String],
        between range: ClosedRange<Int64>?,
        in database: LogDatabase
    ) throws -> EvidenceRecord {
        var out = EvidenceRecord(place: place)
        guard let known = LogPlace(place) else { return out }
        out.printCommand = try LogFile.load(known.path, in: database).flatMap { command(known, $0) }
        let texts = try RawRecords.texts(path: known.path, line: known.line, in: database)
        let folded = names.filter { !$0.isEmpty }.map { $0.lowercased() }
        let own =
            texts.count > 1
            ? texts.filter { text in
                let text = text.lowercased()
                return folded.contains { text.contains($0) }
            } : texts
        let chosen = own.isEmpty ? texts : own
        out.isCut = chosen.count > most
        out.records = chosen.prefix(most).map(DecodedRecord.init)
        if out.records.isEmpty {
            let events = try StoredEvent.load(
                path: known.path,
                line: known.line,
                between: range,
                near: try NamedTimes.of(folded, in: range ?? (.min)...(.max), from: database),
                most: most + 1,
                in: database
            )
            out.isCut = events.count > most
            out.stored = Array(events.prefix(most))
        }
        return out
    }

    /// Ids that a support case asks for, of all records of the place.
    public var supportIDs: [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        let logged = records.flatMap(\.supportIDs)
        let stored = stored.flatMap { event in
            event.fields.filter { $0.name == "correlation_id" }.map { (name: "correlationId", value: $0.value) }
        }
        for id in logged + stored where !found.contains(where: { $0 == id }) { found.append(id) }
        return found
    }

    /// A command that prints the line; safe to paste.
    private static func command(_ place: LogPlace, _ file: LogFile) -> String? {
        if place.path == "-" || place.line < 1 { return nil }
        let path = Shell.quoted(place.path.hasPrefix("-") ? "./" + place.path : place.path)
        let end = file.container == "stream" ? "\(place.line),$p" : "\(place.line)p"
        let sed = "sed -n '\(end)'"
        let page = file.container == "stream" ? " | head -n 60" : ""
        return (file.isCompressed ? "gzip -dc < \(path) | \(sed)" : "\(sed) \(path)") + page
    }
}
