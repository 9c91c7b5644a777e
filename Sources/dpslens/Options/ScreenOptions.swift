import ArgumentParser
import Glibc

/// How standard error and colours behave.
struct ScreenOptions: ParsableArguments {
    @Flag(name: [.long, .short], help: "No progress and no notes on standard error.")
    var quiet = false

    @Option(name: .long, help: ArgumentHelp("Colours.", valueName: "when"))
    var color = ColorChoice.auto

    /// Columns to lay out for: $COLUMNS, else the terminal's, else 100.
    static var width: Int {
        if let columns { return max(columns, 20) }
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(Int(size.ws_col), 20) }
        return 100
    }

    /// Columns that tables keep to: those of a terminal, or $COLUMNS; nil in a pipe, where nothing is cut.
    static var tableWidth: Int? {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return isTerminal || columns != nil ? width : nil
    }

    /// What $COLUMNS says; nil if it is not set or no number.
    private static var columns: Int? {
        getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Whether standard output gets colours.
    var usesColor: Bool {
        switch color {
        case .always: return true
        case .never: return false
        case .auto:
            if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
            if let term = getenv("TERM"), String(cString: term) == "dumb" { return false }
            return isatty(STDOUT_FILENO) == 1
        }
    }
}

/// When colours are used.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never
}
