import AzureLogs
import Basics
import EventStore
public import Findings

/// The raw records behind a finding or on a line, decoded, for a terminal and for programs.
public enum EvidenceScreen {
    /// Renders places with what is kept of them.
    ///
    /// - Parameters:
    ///   - records: the places in their order.
    ///   - finding: the finding that names them; nil if a person did.
    ///   - width: columns for prose; records are never cut.
    public static func render(
        _ records: [EvidenceRecord],
        of finding: Finding?,
        style: Style,
        width: Int,
        databaseArgument: String
    ) -> String {
        var out = ""
        if let finding {
            let head = "\(finding.severity.rawValue)  \(finding.rule)  \(TerminalText.safe(finding.subject))"
            out += style.severity(finding.severity, head) + "\n"
            for part in TextWrapping.lines(TerminalText.safe(finding.summary), width) { out += part + "\n" }
            out += "finding \(finding.id)"
            if let incident = finding.incident { out += ", incident \(incident)" }
            out += "\n"
            if records.isEmpty { out += "\nThis finding names no line: it speaks of what the logs as a whole show.\n" }
        }
        let names = PlaceNames(places: records.map(\.place))
        for (index, record) in records.enumerated() {
            out += "\n" + style.bold("\(index + 1) of \(records.count)  \(TerminalText.safe(names.name(record.place)))")
            out += "\n"
            out += lines(of: record, style)
        }
        let device = finding?.subjectKind == "device" ? finding?.subject : nil
        if let device {
            out += "\nNext: dpslens device \(Shell.quoted(device))\(TerminalText.safe(databaseArgument))\n"
        } else if let incident = finding?.incident {
            out += "\nNext: dpslens incidents show \(incident)\(TerminalText.safe(databaseArgument))\n"
        }
        return out
    }

    /// What is kept of one place, a line each: place, ids, record.
    static func lines(
        of record: EvidenceRecord,
        _ style: Style,
        indent: String = "",
        withPlace: Bool = true
    ) -> String {
        var out = ""
        func field(_ name: String, _ text: String) {
            out += indent + style.dim(TerminalText.pad(name, 10)) + " " + TerminalText.safe(text) + "\n"
        }
        if withPlace { field("file", record.place) }
        for id in record.supportIDs { field(id.name, id.value) }
        if record.isCut { field("records", "more than \(EvidenceRecord.most) on this line; the first of them:") }
        for decoded in record.records {
            for line in decoded.lines { out += indent + "  " + TerminalText.safe(line) + "\n" }
        }
        if record.records.isEmpty { out += missing(record, indent) }
        return out
    }

    private static func missing(_ record: EvidenceRecord, _ indent: String) -> String {
        var out = ""
        if record.stored.isEmpty {
            out += indent + "  Nothing is kept of this line: it was pruned, rejected, or is no line of a log.\n"
        } else {
            out += indent + "  The text is not kept, as of every plain success. Kept are:\n"
            for event in record.stored {
                out += indent + "  time = \(Timestamp.format(microseconds: event.time))\n"
                for field in event.fields {
                    out += indent + "  \(field.name) = \(TerminalText.safe(SecretRedaction.redact(field.value)))\n"
                }
            }
        }
        if let command = record.printCommand { out += indent + "  Print the line: \(TerminalText.safe(command))\n" }
        return out
    }

    /// One JSON object: `finding` (its id, or null) and `records` with `file`, `line`, `kept`, `ids`, `record`, `stored`,
    /// `print`.
    public static func json(_ records: [EvidenceRecord], of finding: Finding?) -> String {
        let places = records.map { object($0) }
        let list = places.isEmpty ? "[]" : "[\n" + places.joined(separator: ",\n") + "\n]"
        let id = finding.map { JSONString.quoted($0.id) } ?? "null"
        return "{\"finding\":\(id),\"records\":\(list)}\n"
    }

    /// One place as a JSON object on one line.
    static func object(_ record: EvidenceRecord) -> String {
        let place = LogPlace(record.place)
        let ids = record.supportIDs.map {
            "{\"name\":\(JSONString.quoted($0.name)),\"value\":\(JSONString.quoted($0.value))}"
        }
        let stored = record.stored.map { event in
            let fields = event.fields.map {
                "\(JSONString.quoted($0.name)):\(JSONString.quoted(SecretRedaction.redact($0.value)))"
            }
            let time = "\"time\":\"\(Timestamp.format(microseconds: event.time))\""
            return "{" + ([time] + fields).joined(separator: ",") + "}"
        }
        let members = [
            "\"file\":\(JSONString.quoted(place?.path ?? record.place))", "\"line\":\(place?.line ?? 0)",
            "\"kept\":\(!record.records.isEmpty)", "\"cut\":\(record.isCut)", "\"ids\":[\(ids.joined(separator: ","))]",
            "\"records\":[\(record.records.map(\.json).joined(separator: ","))]",
            "\"stored\":[\(stored.joined(separator: ","))]",
            "\"print\":\(record.printCommand.map(JSONString.quoted) ?? "null")",
        ]
        return "{" + members.joined(separator: ",") + "}"
    }
}
