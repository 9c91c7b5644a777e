import AzureLogs
import Basics
public import Findings

/// One night: its name, and the time that is looked at.
public enum AuditNight {

    /// The night of a time: its date in UTC, and a window up to it.
    ///
    /// The window begins one span before, or where the last night ended if that is earlier (a night was missed), and the
    /// overlap further back, at a whole hour.
    ///
    /// - Parameters:
    ///   - now: microseconds since 1970; the end of the window.
    ///   - nights: the nights that were kept, oldest first.
    ///   - changed: the time of the earliest event that is new, microseconds since 1970; nil if there is none.
    public static func night(
        at now: Int64,
        _ configuration: AuditConfiguration,
        after nights: [Night],
        changedSince changed: Int64? = nil
    ) -> Night {
        let date = String(Timestamp.format(microseconds: now - now % Microseconds.day).prefix(10))
        let last = nights.last { $0.date < date }
        let began = min(now - configuration.window, last?.window.to ?? .max)
        let begin = began - configuration.overlap
        // A night that is run again has read its logs before: what it met then is still so.
        let known = nights.first { $0.date == date }?.changedSince
        return Night(
            date: date,
            window: AnalysisWindow(from: begin - begin % Microseconds.hour, to: now),
            changedSince: [changed, known].compactMap(\.self).min(),
            began: began
        )
    }

    /// The nights that a run judges, oldest first: its own, all behind it, and those before it to which late records belong.
    ///
    /// A night's window and what its findings are called follow from the nights before it, so that it makes no difference in
    /// which order nights were made up for.
    ///
    /// - Parameters:
    ///   - night: the run's own.
    ///   - nights: those that were kept, oldest first.
    ///   - pruned: events before this were pruned; nights that look further back stand as they were kept.
    public static func chain(
        of night: Night,
        _ configuration: AuditConfiguration,
        among nights: [Night],
        prunedBefore pruned: Int64
    ) -> [Night] {
        var late = Int64.max
        if let changed = night.changedSince, changed != .min, changed < night.window.from { late = changed }
        var kept = nights.filter { $0.date < night.date && ($0.window.to <= late || $0.window.from < pruned) }
        let judged = nights.filter { old in old.date != night.date && !kept.contains { $0.date == old.date } } + [night]
        return judged.sorted { $0.date < $1.date }.map { old in
            let judged =
                old.date == night.date
                ? night : self.night(at: old.window.to, configuration, after: kept, changedSince: old.changedSince)
            kept.append(judged)
            return judged
        }
    }
}
