/// What shippers put around a log record on its way: one line for each place in which a record may stand.
///
/// A wrapper is taken off only where what stands inside is a log record, or wraps one; so a line too many does no harm,
/// and the next shipper is one line more. Keys are in lower case. The first place that holds records counts: several
/// shippers keep the text of a record beside its parts.
enum Wrapper {
    /// A place in which a record may stand.
    struct Place: Sendable {
        /// Who writes it.
        var name: String
        /// The keys that lead to the record, in lower case.
        var path: [String]

        init(_ name: String, _ path: [String]) { (self.name, self.path) = (name, path) }
    }

    /// All places, in the order in which they are looked at.
    static let places = [
        Place("Elasticsearch response", ["hits", "hits"]),
        Place("Elasticsearch hit", ["_source"]),
        Place("Elastic Agent", ["event", "original"]),
        Place("Elastic Agent", ["event.original"]),
        Place("filebeat, Logstash, Fluentd, Vector, New Relic", ["message"]),
        Place("Splunk export", ["result", "_raw"]),
        Place("Splunk export", ["result"]),
        Place("Splunk, Cribl, Sumo Logic", ["_raw"]),
        Place("Sumo Logic export", ["map", "_raw"]),
        Place("Splunk HEC", ["event"]),
        Place("Event Hubs message", ["body", "bytes"]),
        Place("Event Hubs message", ["body"]),
        Place("Data Explorer landing table, Fluent Bit", ["records"]),
        Place("Datadog", ["attributes"]),
        Place("Datadog export", ["content", "attributes"]),
        Place("Fluent Bit, container runtimes", ["log"]),
        Place("Wazuh", ["full_log"]),
        Place("LogScale", ["@rawstring"]),
        Place("Coralogix", ["text"]),
        Place("Logic Apps", ["contentdata"]),
        Place("Elasticsearch fields", ["fields"]),
        Place("Graylog", ["full_message"]),
        Place("Graylog", ["short_message"]),
        Place("Loki", ["line"]),
        Place("CloudWatch", ["@message"]),
        Place("CloudWatch subscription", ["logevents"]),
        Place("Google Cloud Logging", ["jsonpayload"]),
        Place("Google Cloud Logging", ["textpayload"]),
        Place("New Relic batch", ["logs"]),
        Place("Kafka Connect", ["payload"]),
        Place("Kafka", ["value"]),
        Place("Log Analytics custom table", ["rawdata"]),
        Place("Log Analytics custom table", ["rawdata_s"]),
        Place("Log Analytics custom table", ["message_s"]),
        Place("CloudEvents", ["data"]),
        Place("Service lists", ["items"]),
        Place("Search results", ["results"]),
        Place("Azure Functions", ["record"]),
    ]

    /// Keys with which a place begins.
    static let keys = Set(places.compactMap(\.path.first) + ["resourcelogs", "scopelogs", "logrecords"])

    /// The texts of the records that an object wraps, in their order; nil if it wraps none.
    ///
    /// What stands among the records of an array and is none comes along, so that it is counted.
    ///
    /// - Parameter places: those that are looked at; fewer than all for tests, which so find who has no record of its own.
    static func records(in tree: JSONTree, at places: [Place] = places) -> [[UInt8]]? {
        var search = Search(places: places)
        return search.inside(tree, depth: 0)
    }

    /// The texts of the records that a text is or wraps; one that begins as an object is taken as it is if it wraps none.
    static func records(inText text: String) -> [[UInt8]]? {
        var search = Search(places: places)
        if let found = search.records(of: .string(text), depth: 0) { return found }
        return text.utf8.first == 0x7B ? [Array(text.utf8)] : nil
    }

    /// One search, within bounds.
    private struct Search {
        let places: [Place]
        /// How many objects are still looked into.
        private var budget = 1 << 20
        /// Wrappers in wrappers that are followed.
        private static let maxDepth = 6

        init(places: [Place]) { self.places = places }

        mutating func inside(_ tree: JSONTree, depth: Int) -> [[UInt8]]? {
            budget -= 1
            guard depth < Self.maxDepth, budget > 0 else { return nil }
            let folded = tree.keysInLowerCase(depth: 1)
            if let logs = OpenTelemetryDialect.records(in: folded) {
                // A message that was taken as it came is an envelope.
                let texts = logs.flatMap { records(of: $0, depth: depth + 1) ?? [$0.json] }
                return texts.isEmpty ? nil : texts
            }
            for place in places {
                guard let value = Self.value(in: folded, place.path[...]) else { continue }
                if let found = records(of: value, depth: depth + 1) { return found }
            }
            return ElasticDialect.record(in: folded).map { [$0.json] }
        }

        private static func value(in tree: JSONTree, _ path: ArraySlice<String>) -> JSONTree? {
            guard let key = path.first else { return tree }
            return tree.keysInLowerCase(depth: 1)[key].flatMap { value(in: $0, path.dropFirst()) }
        }

        /// The records in an event that is none of ours and says nothing but what it carries; nil for every other object.
        private mutating func carried(by tree: JSONTree, depth: Int) -> [[UInt8]]? {
            let folded = tree.keysInLowerCase(depth: 4)
            guard folded["data"] != nil, EventGridDialect.read(folded) == nil, ForeignRecord.name(of: folded) != nil
            else { return nil }
            return inside(tree, depth: depth)
        }

        /// The records that a value is, holds or wraps.
        mutating func records(of value: JSONTree, depth: Int) -> [[UInt8]]? {
            switch value {
            case .string(let text):
                guard let start = text.utf8.first(where: { $0 > 0x20 }), start == 0x7B || start == 0x5B || start == 0x22
                else {
                    guard depth < Self.maxDepth, let inner = Base64Text.decodeJSON(text) else { return nil }
                    return records(of: .string(inner), depth: depth + 1)
                }
                if let tree = JSONTree.parse(text.utf8) {
                    if case .object = tree, Wrapper.isRecord(tree) {
                        return carried(by: tree, depth: depth) ?? [Array(text.utf8)]
                    }
                    return records(of: tree, depth: depth + 1)
                }
                // Several records, one a line.
                let lines = text.split(separator: "\n")
                guard lines.count > 1, lines.contains(where: { JSONTree.parse($0.utf8).map(Wrapper.isRecord) ?? false })
                else { return nil }
                return lines.flatMap { line in
                    let event = JSONTree.parse(line.utf8).flatMap { carried(by: $0, depth: depth) }
                    return event ?? [Array(line.utf8)]
                }
            case .object:
                if Wrapper.isRecord(value) { return carried(by: value, depth: depth) ?? [value.json] }
                return inside(value, depth: depth)
            case .array(let elements):
                var found = false
                var all: [[UInt8]] = []
                for element in elements {
                    if let records = records(of: element, depth: depth + 1) {
                        found = true
                        all += records
                    } else {
                        all.append(element.json)
                    }
                }
                return found ? all : nil
            default: return nil
            }
        }
    }

    /// Whether an object is what a log holds: a record, an event, or one that is known and not used.
    private static func isRecord(_ tree: JSONTree) -> Bool {
        let folded = tree.keysInLowerCase(depth: 4)
        guard case .object(let members) = folded else { return false }
        let keys = Set(
            members.map { $0.key.hasSuffix("_s") || $0.key.hasSuffix("_t") ? String($0.key.dropLast(2)) : $0.key }
        )
        let isNamed = folded["category"]?.text != nil || folded["operationname"]?.text != nil
        let hasTime = ["time", "timegenerated", "timestamp", "event_time_vis"].contains { keys.contains($0) }
        if isNamed, hasTime { return true }
        return ForeignRecord.name(of: folded) != nil || EventGridDialect.read(folded) != nil
            || DPSExportDialect.read(folded) != nil
    }
}
