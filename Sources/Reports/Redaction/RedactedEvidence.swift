import EventStore

extension DeviceDetail {
    /// Takes the names out of the raw records and of their places.
    public mutating func redact(_ redactor: Redactor) {
        guard let records else { return }
        var out: [String: EvidenceRecord] = [:]
        for record in records.values {
            let redacted = redactor.record(record)
            out[redacted.place] = redacted
        }
        self.records = out
    }
}

extension Redactor {
    /// A place's records without names; how to print the line is left out, since it holds the path.
    public func record(_ record: EvidenceRecord) -> EvidenceRecord {
        var out = record
        out.place = evidence(record.place)
        out.printCommand = nil
        // Every text of the decoded record is searched: inside of `properties` names stand between escaped quotes.
        out.records = record.records.map { DecodedRecord(text($0.json)) }
        for event in out.stored.indices {
            for field in out.stored[event].fields.indices {
                out.stored[event].fields[field].value = text(out.stored[event].fields[field].value)
            }
        }
        return out
    }
}
