import ArgumentParser
import EventStore
import Glibc
import Reports

/// Which database a command works on.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The database.", discussion: "Default: $DPSLENS_DB, else dpslens.db.", valueName: "file")
    )
    var db: String?

    /// The path in force.
    var path: String {
        if let db { return db }
        if let value = getenv("DPSLENS_DB") { return String(cString: value) }
        return "dpslens.db"
    }

    /// Whether nobody chose it: the default of the folder that the command was started in.
    var isDefault: Bool { db == nil && getenv("DPSLENS_DB") == nil }

    /// What to give to other commands so that they find the same database: ` --db FILE`, or empty.
    var shown: String { db.map { " --db \(Shell.quoted($0))" } ?? "" }
}

/// How standard error and colours behave.
struct ScreenOptions: ParsableArguments {
    @Flag(name: [.long, .short], help: "No progress and no notes on standard error.")
    var quiet = false

    @Option(name: .long, help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
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

/// When reading gives up, and what is kept.
struct ReadingOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Reject records longer than this.", valueName: "bytes"))
    var maxRecordBytes = 16 << 20

    @Option(name: .long, help: ArgumentHelp("Stop a file that inflates to more than this.", valueName: "bytes"))
    var maxInflatedBytes = 64 << 30

    @Option(
        name: .long,
        help: ArgumentHelp("Stop a file that inflates to more than this many times its size.", valueName: "n")
    )
    var maxRatio = 1000

    @Option(
        name: .long,
        help: ArgumentHelp(
            "day-first or month-first, for dates such as 05/11/2025 that their file leaves open.",
            valueName: "order"
        )
    )
    var dateOrder: DateOrderArgument?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The zone of times marked as local: +01:00, or a name such as Europe/Berlin.",
            valueName: "zone"
        )
    )
    var timeZone: TimeZoneArgument?
    @Flag(name: .long, help: "Read files that the ledger knows once more, as after a prune.")
    var again = false

    @Flag(name: .long, help: "Do not keep the raw text of errors in the database.")
    var dropRaw = false

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    /// The importer's options.
    var ingest: IngestOptions {
        var options = IngestOptions()
        options.maxRecordBytes = max(1, maxRecordBytes)
        options.maxInflatedBytes = max(1, maxInflatedBytes)
        options.maxRatio = max(1, maxRatio)
        options.keepsRaw = !dropRaw
        options.dateOrder = dateOrder?.order
        options.timeZone = timeZone?.zone
        options.readsAgain = again
        return options
    }
}
