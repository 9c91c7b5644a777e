import Basics
import EventStore
import Findings

/// Writes the reports of nights that were judged again: nobody is to read there what no longer holds.
struct RejudgedNights {
    let run: AuditRun
    let outputs: AuditOutputs
    /// All nights that the run has judged.
    let judged: [(night: Night, findings: [TrackedFinding])]
    let analysis: AnalysisResult

    /// Stages the reports beside their places.
    ///
    /// A night whose report is gone gets none. Something else in a report's place is no reason to lose this night: it is said.
    ///
    /// - Returns: the reports in the order of the nights, and what could not be written again, as sentences.
    /// - Throws: `DatabaseError`, `OutputError`; then none is left.
    func staged(_ nights: [String], _ database: LogDatabase) async throws -> (reports: [StagedReport], stale: [String])
    {
        var reports: [StagedReport] = []
        var stale: [String] = []
        do {
            for night in nights {
                do {
                    guard try outputs.hasReport(night) else { continue }
                } catch let error as OutputError {
                    stale.append("the report of night \(night) tells what no longer holds: \(error)")
                    continue
                }
                let ingest = outputs.summary(of: night)?.ingest ?? IngestReport()
                guard var result = try await run.result(of: night, judged, analysis, ingest, database) else { continue }
                result.judgedAgainBy = outputs.run
                result.readNow = ingest.lines
                let redactor = try run.redactor(result, database)
                reports.append(try outputs.stage(result, database, redactor))
            }
        } catch {
            for report in reports { outputs.discard(report) }
            throw error
        }
        return (reports, stale)
    }
}
