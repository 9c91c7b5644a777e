import AzureLogs
import Correlation

/// Says of which time a report's numbers are.
enum NumbersNote {
    /// None where they are of everything that was read.
    static func lines(_ fleet: FleetSummary) -> [String] {
        var lines: [String] = []
        func time(_ time: Int64) -> String { Timestamp.format(microseconds: time) }
        if let span = fleet.span, span != 0..<Int64.max {
            let end = span.upperBound == .max ? "the end" : time(span.upperBound)
            let begin = span.lowerBound == 0 ? "the beginning" : time(span.lowerBound)
            lines.append("The numbers are those of the time from \(begin) to \(end).")
        }
        if let pruned = fleet.prunedBefore {
            lines.append(
                "Records before \(time(pruned)) were pruned: the numbers are of what was logged since. Older records of devices"
                    + " with open findings are kept, and not counted."
            )
        }
        return lines
    }
}
