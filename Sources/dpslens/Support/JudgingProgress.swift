import Findings
import Glibc
import Reports

/// The line that moves on a terminal while devices are joined and rules are asked; elsewhere nothing.
struct JudgingProgress: Sendable {
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown && isatty(STDERR_FILENO) == 1 }

    /// Shows what is done next.
    func show(_ step: AnalysisStep) { if isShown { Standard.progress(ProgressText.line(step)) } }

    /// Clears the line.
    func end() { if isShown { Standard.progress("") } }
}
