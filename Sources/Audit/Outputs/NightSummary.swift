import EventStore
import Foundation

/// What later runs take from the summary that a night's report has as JSON (`AuditResult.json` writes it).
struct NightSummary {
    /// The file in the night's folder.
    static let file = "summary.json"

    /// The balance of what was read for the night; nil if the file has none.
    let ingest: IngestReport?
    /// The run that judged the night again with what was read since; nil if none did.
    let judgedAgainBy: String?

    /// Reads the file of a folder; nil if it is gone or is no object.
    init?(inFolder folder: String) {
        guard let data = FileManager.default.contents(atPath: folder + "/" + Self.file),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        ingest = (object["ingest"] as? [String: Any]).map(Self.balance)
        judgedAgainBy = object["judgedAgainBy"] as? String
    }

    private static func balance(_ members: [String: Any]) -> IngestReport {
        func number(_ name: String) -> Int { (members[name] as? NSNumber)?.intValue ?? 0 }
        var report = IngestReport()
        report.files = number("files")
        report.filesUnchanged = number("filesUnchanged")
        report.filesRejected = number("filesRejected")
        report.lines = number("lines")
        report.stored = number("stored")
        report.duplicates = number("duplicates")
        report.ignored = number("ignored")
        report.rejected = number("rejected")
        report.bytesRead = number("bytesRead")
        report.bytesInflated = number("bytesInflated")
        report.seconds = (members["seconds"] as? NSNumber)?.doubleValue ?? 0
        return report
    }
}
