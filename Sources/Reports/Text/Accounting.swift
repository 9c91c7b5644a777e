public import EventStore
public import Findings

/// The balance of an ingest, in words and for programs.
public enum Accounting {
    /// One line; the numbers of records add up.
    public static func line(_ report: IngestReport) -> String {
        let files =
            report.filesUnchanged + report.filesRejected == 0
            ? "\(report.files) files"
            : "\(report.files) files (\(report.filesUnchanged) unchanged, \(report.filesRejected) rejected)"
        return "\(files): \(report.lines) records = \(report.stored) stored + \(report.duplicates) duplicates"
            + " + \(report.ignored) ignored + \(report.rejected) rejected;"
            + " \(ProgressText.size(report.bytesRead)) read, \(ProgressText.size(report.bytesInflated)) inflated,"
            + " \(report.seconds) s\n"
    }

    /// The balance of all that was ever read.
    public static func balance(_ totals: IngestReport) -> String {
        "\(totals.files) files: \(totals.lines) records = \(totals.stored) stored + \(totals.duplicates) duplicates"
            + " + \(totals.ignored) ignored + \(totals.rejected) rejected\n"
    }

    /// What became of all errors; the numbers add up.
    public static func errors(_ account: ErrorAccount) -> String {
        "\(account.total) = \(account.explained) explained + \(account.named) in findings"
            + " + \(account.transient) transient (a success followed) + \(account.few) too few to say"
    }

    /// One JSON object on one line.
    public static func json(_ report: IngestReport) -> String { object(report) + "\n" }

    /// The JSON object.
    public static func object(_ report: IngestReport) -> String {
        let members: [(String, Int)] = [
            ("files", report.files), ("filesUnchanged", report.filesUnchanged), ("filesRejected", report.filesRejected),
            ("lines", report.lines), ("stored", report.stored), ("duplicates", report.duplicates),
            ("ignored", report.ignored), ("rejected", report.rejected), ("bytesRead", report.bytesRead),
            ("bytesInflated", report.bytesInflated),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + ",\"seconds\":\(report.seconds)}"
    }

    /// Whether the run must be called incomplete: something could not be opened, or more rejects than the floor allows.
    public static func isIncomplete(_ report: IngestReport, maxRejectRate: Double?) -> Bool {
        if report.filesUnreadable > 0 { return true }
        guard let maxRejectRate else { return false }
        if report.filesRejected > 0 { return true }
        guard report.lines > 0 else { return false }
        return Double(report.rejected) * 100 / Double(report.lines) > maxRejectRate
    }
}
