import Glibc
import Reports
import Synchronization

/// The line that moves on a terminal while files are read; elsewhere nothing.
final class ProgressLine: Sendable {
    private struct State {
        var bytes = 0
        var files = 0
        var shown: ContinuousClock.Instant?
    }

    private let total: Int
    private let count: Int
    private let isShown: Bool
    private let began = ContinuousClock.now
    private let state = Mutex(State())

    init(total: Int, files: Int, isShown: Bool) {
        self.total = total
        count = files
        self.isShown = isShown && isatty(STDERR_FILENO) == 1
    }

    /// Adds what was read since, and shows it at most ten times a second.
    func add(bytes: Int, files: Int) {
        guard isShown else { return }
        let text: String? = state.withLock { state in
            state.bytes += bytes
            state.files += files
            let now = ContinuousClock.now
            if let shown = state.shown, shown.duration(to: now) < .milliseconds(100) { return nil }
            state.shown = now
            let seconds = Double(began.duration(to: now).components.seconds) + 0.001
            return ProgressText.line(
                bytes: state.bytes,
                total: total,
                files: state.files,
                count: count,
                seconds: seconds
            )
        }
        if let text { Standard.progress(text) }
    }

    /// Clears the line.
    func end() { if isShown { Standard.progress("") } }
}
