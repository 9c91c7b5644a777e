import Basics
public import EventStore
public import Findings
public import Reports

/// What came of a night.
public struct AuditResult: Sendable {
    /// The night.
    public var night: Night
    /// The balance of what was read for it.
    public var ingest: IngestReport
    /// How many of these records this run has read.
    public var readNow = 0
    /// Whether the night was made before, and this run has made it again.
    public var isMadeAgain = false
    /// Suppressions that are to be tidied up: those that match nothing, have ended, or cover too much.
    public var untidy: [SuppressionCheck.Problem] = []
    /// Its findings with their states, those that ended, and those that could not be observed; in total order.
    public var findings: [TrackedFinding]
    /// The incidents that the night's findings are part of.
    public var incidents: [Incident]
    /// Rules that could not be asked.
    public var skipped: [(rule: String, reason: String)]
    /// Why there was nothing to judge in the night's window; nil if there was something.
    public var absence: RecordAbsence?
    /// Why the night must not be read as clean; empty if nothing is missing.
    public var incomplete: [String]
    /// The open findings of the last fourteen nights, and the same of each incident.
    public var trend: [NightReport.Count] = []
    /// By incident.
    public var incidentTrends: [String: [NightReport.Count]] = [:]
    /// The dates of other nights that this run has judged again; their reports were written again.
    public var judgedAgain: [String] = []
    /// The run that has judged this night again; nil for its own.
    public var judgedAgainBy: String?
    /// Reports of these that could not be written again and tell what no longer holds, as sentences.
    public var stale: [String] = []
    /// What was pruned.
    public var pruned = Pruner.Outcome()
    /// Folders of nights that were removed since they are older than is kept.
    public var removed: [String] = []
    /// Folders in the way of retention that are not its own, as sentences.
    public var spared: [String] = []
    /// What retention did not do since most would be gone, as sentences.
    public var refused: [String] = []
    /// Where the outputs are.
    public var folder: String

    /// Findings in one state, or suppressed.
    public func count(_ status: String) -> Int { findings.count { $0.finding.status == status } }

    /// The findings of the night that nobody has accepted.
    public var open: [Finding] {
        findings.filter { !$0.isSuppressed && $0.state != .resolved && $0.state != .unobserved }.map(\.finding)
    }

    /// Whether findings fail the run.
    public func fails(on level: FailLevel) -> Bool { level.isReached(by: open) }

    /// One line for a log.
    public var summary: String {
        let states = ["new", "ongoing", "reopened", "resolved", "unobserved", "suppressed"]
        let counts = states.map { "\(count($0)) \($0)" }.joined(separator: ", ")
        let worst = open.map(\.severity).max().map { ", worst \($0.rawValue)" } ?? ""
        let missing = incomplete.isEmpty ? "" : "; INCOMPLETE: " + incomplete.joined(separator: "; ")
        let nothing = absence.map { "\($0.text): " } ?? ""
        let again = judgedAgain.isEmpty ? "" : "; judged again: \(judgedAgain.joined(separator: ", "))"
        let gone =
            (pruned.events > 0 ? "; pruned \(pruned.events) events" : "")
            + (removed.isEmpty ? "" : "; removed \(removed.joined(separator: ", "))")
        let now = readNow == ingest.lines ? "" : " (\(readNow) by this run)"
        let made = isMadeAgain ? ", made again from what is held" : ""
        let untidy = untidy.isEmpty ? "" : "; \(self.untidy.count) suppressions to tidy up"
        return "dpslens audit \(night.date): \(nothing)\(counts)\(worst); \(incidents.count) incidents;"
            + " \(ingest.lines) records read\(now), \(ingest.rejected) rejected\(made)\(missing)\(again)\(untidy);"
            + " \(folder)\(gone)"
    }

    /// What is to be tidied up, each as one sentence.
    public var untidySuppressions: [String] {
        untidy.map { problem in
            let item = problem.suppression
            let place = "line \(item.line), owner \(item.owner)"
            return "suppression of \(item.rule) \(item.subject) (\(place)): \(problem.kind): \(problem.detail)"
        }
    }

    /// The same as a JSON object on one line.
    public var json: String {
        let states = ["new", "ongoing", "reopened", "resolved", "unobserved", "suppressed"]
        let counts = states.map { "\"\($0)\":\(count($0))" }.joined(separator: ",")
        let reasons = incomplete.map { JSONString.quoted(TerminalText.safe($0)) }.joined(separator: ",")
        let worst = open.map(\.severity).max().map { "\"\($0.rawValue)\"" } ?? "null"
        let nothing = absence.map { "\"nothing\":\(JSONString.quoted($0.text))," } ?? ""
        return
            "{\"night\":\"\(night.date)\",\"findings\":{\(counts)},\"worst\":\(worst),\"incidents\":\(incidents.count),"
            + nothing
            + "\"incomplete\":[\(reasons)],\"judgedAgain\":[\(judgedAgain.map { "\"\($0)\"" }.joined(separator: ","))],"
            + (judgedAgainBy.map { "\"judgedAgainBy\":\(JSONString.quoted($0))," } ?? "")
            + "\"suppressions\":[\(untidySuppressions.map { JSONString.quoted(TerminalText.safe($0)) }.joined(separator: ","))],"
            + "\"folder\":\(JSONString.quoted(folder)),"
            + "\"pruned\":\(pruned.events),\"removed\":[\(removed.map(JSONString.quoted).joined(separator: ","))],"
            + "\"ingest\":\(Accounting.object(ingest))}\n"
    }

    /// The same without names; the folder is the night's name alone.
    func redacted(_ redactor: Redactor) -> AuditResult {
        var out = self
        out.findings = findings.map(redactor.tracked)
        out.findings.sort { Finding.precedes($0.finding, $1.finding) }
        out.incidents = redactor.incidents(incidents)
        out.incomplete = incomplete.map(redactor.text)
        out.stale = stale.map(redactor.text)
        out.untidy = untidy.map { problem in
            var problem = problem
            problem.suppression.subject = redactor.text(problem.suppression.subject)
            problem.detail = redactor.text(problem.detail)
            return problem
        }
        out.folder = night.date
        out.removed = removed.map { String($0.split(separator: "/").last ?? "") }
        return out
    }
}
