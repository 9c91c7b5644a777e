@testable import AzureLogs

/// Reads one record and gives what became of it, with the event's parts as text.
struct ReadRecord {
    var reading: Reading
    var reader: RecordReader

    init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    init(bytes: [UInt8]) {
        var padded = bytes
        padded.append(0x0A)
        padded.append(contentsOf: repeatElement(0, count: 40))
        var reader = RecordReader()
        reading = reader.read(padded.span.bytes, 0..<bytes.count)
        self.reader = reader
    }

    var isEvent: Bool { if case .event = reading { true } else { false } }

    var reason: RejectReason? { if case .rejected(let reason, _) = reading { reason } else { nil } }

    var context: EventContext { EventContext(verbatim: reader.contextTexts()) }

    var identity: String { reader.string(reader.draft.identity) }

    var network: String { reader.string(reader.draft.network) }
}
