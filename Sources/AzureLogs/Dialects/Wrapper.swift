/// What shippers put around a log record on its way: one line for each place in which a record may stand.
///
/// A wrapper is taken off only where what stands inside is a log record, or wraps one; so a line too many does no harm,
/// and the next shipper is one line more. Keys are in lower case. The first place that holds records counts: several
/// shippers keep the text of a record beside its parts.
enum Wrapper {
    /// Who writes it, and the keys that lead to the record.
    static let places: [(name: String, path: [String])] = [
        ("Elasticsearch response", ["hits", "hits"]),
        ("Elasticsearch hit", ["_source"]),
        ("Elastic Agent", ["event", "original"]),
        ("Elastic Agent", ["event.original"]),
        ("filebeat, Logstash, Fluentd, Vector, New Relic", ["message"]),
        ("Splunk export", ["result", "_raw"]),
        ("Splunk export", ["result"]),
        ("Splunk, Cribl, Sumo Logic", ["_raw"]),
        ("Sumo Logic export", ["map", "_raw"]),
        ("Splunk HEC", ["event"]),
        ("Event Hubs message", ["body", "bytes"]),
        ("Event Hubs message", ["body"]),
        ("Data Explorer landing table", ["records"]),
        ("Datadog", ["attributes"]),
        ("Datadog export", ["content", "attributes"]),
        ("Fluent Bit, container runtimes", ["log"]),
        ("Fluent Bit", ["records"]),
        ("Wazuh", ["full_log"]),
        ("LogScale", ["@rawstring"]),
        ("Coralogix", ["text"]),
        ("Logic Apps", ["contentdata"]),
        ("Elasticsearch fields", ["fields"]),
        ("Graylog", ["full_message"]),
        ("Graylog", ["short_message"]),
        ("Loki", ["line"]),
        ("CloudWatch", ["@message"]),
        ("CloudWatch subscription", ["logevents"]),
        ("Google Cloud Logging", ["jsonpayload"]),
        ("Google Cloud Logging", ["textpayload"]),
        ("New Relic batch", ["logs"]),
        ("Kafka Connect", ["payload"]),
        ("Kafka", ["value"]),
        ("Log Analytics custom table", ["rawdata"]),
        ("Log Analytics custom table", ["rawdata_s"]),
        ("Log Analytics custom table", ["message_s"]),
        ("CloudEvents", ["data"]),
        ("Service lists", ["items"]),
        ("Search results", ["results"]),
        ("Azure Functions", ["record"]),
    ]

    /// Keys with which a place begins.
    static let keys = Set(places.compactMap(\.path.first) + ["resourcelogs", "scopelogs", "logrecords"])

    /// Wrappers in wrappers that are followed.
    private static let maxDepth = 6

    /// The texts of the records that an object wraps, in their order; nil if it wraps none.
    ///
    /// What stands among the records of an array and is none comes along, so that it is counted.
    static func records(in tree: JSONTree) -> [[UInt8]]? {
        var budget = 1 << 20
        return inside(tree, depth: 0, &budget)
    }

    /// The texts of the records that a text is or wraps; one that begins as an object is taken as it is if it wraps none.
    static func records(inText text: String) -> [[UInt8]]? {
        var budget = 1 << 20
        if let found = records(of: .string(text), depth: 0, &budget) { return found }
        return text.utf8.first == 0x7B ? [Array(text.utf8)] : nil
    }

    private static func inside(_ tree: JSONTree, depth: Int, _ budget: inout Int) -> [[UInt8]]? {
        budget -= 1
        guard depth < maxDepth, budget > 0 else { return nil }
        let folded = tree.keysInLowerCase(depth: 1)
        if let logs = OpenTelemetryDialect.records(in: folded) {
            // A message that was taken as it came is an envelope.
            let texts = logs.flatMap { records(of: $0, depth: depth + 1, &budget) ?? [$0.json] }
            return texts.isEmpty ? nil : texts
        }
        for place in places {
            guard let value = value(in: folded, place.path[...]) else { continue }
            if let found = records(of: value, depth: depth + 1, &budget) { return found }
        }
        return ElasticDialect.record(in: folded).map { [$0.json] }
    }

    private static func value(in tree: JSONTree, _ path: ArraySlice<String>) -> JSONTree? {
        guard let key = path.first else { return tree }
        return tree.keysInLowerCase(depth: 1)[key].flatMap { value(in: $0, path.dropFirst()) }
    }

    /// The records that a value is, holds or wraps.
    private static func records(of value: JSONTree, depth: Int, _ budget: inout Int) -> [[UInt8]]? {
        switch value {
        case .string(let text):
            guard let start = text.utf8.first(where: { $0 > 0x20 }), start == 0x7B || start == 0x5B || start == 0x22
            else {
                guard depth < maxDepth, let inner = Base64Text.decodeJSON(text) else { return nil }
                return records(of: .string(inner), depth: depth + 1, &budget)
            }
            if let tree = JSONTree.parse(text.utf8) {
                if case .object = tree, isRecord(tree) { return [Array(text.utf8)] }
                return records(of: tree, depth: depth + 1, &budget)
            }
            // Several records, one a line.
            let lines = text.split(separator: "\n").map { JSONTree.parse($0.utf8) }
            guard lines.count > 1, lines.contains(where: { $0.map(isRecord) ?? false }) else { return nil }
            return text.split(separator: "\n").map { Array($0.utf8) }
        case .object:
            if isRecord(value) { return [value.json] }
            return inside(value, depth: depth, &budget)
        case .array(let elements):
            var found = false
            var all: [[UInt8]] = []
            for element in elements {
                if let records = records(of: element, depth: depth + 1, &budget) {
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
