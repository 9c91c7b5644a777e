/// What a sweep leaves besides the rows that it wrote.
struct SweepOutcome: Sendable {
    var coverage: Coverage
    var watched: [(device: Int, since: Int64)]
    var busySpans: [BusySpan]
    var summary: CorrelationSummary
    /// Attempts that were over before the sweep went on and were written again.
    var revised: [Int64]

    init(_ pass: SweepPass, _ coverage: Coverage) {
        self.coverage = coverage
        watched = pass.sweep.watched
        busySpans = pass.sweep.busySpans
        summary = pass.writer.summary
        revised = pass.writer.revised
        summary.attempts = pass.writer.over + pass.sweep.latestAttempts
    }
}
