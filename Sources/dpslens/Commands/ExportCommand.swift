import ArgumentParser
import Basics
import Correlation
import EventStore
import Findings
import Glibc
import Reports

/// Writes the documented views for other engines.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the views for Spark, DuckDB or ClickHouse.",
        discussion: """
            A file a view, manifest.json with their columns and types, and statements that load them (duckdb.sql,
            clickhouse.sql). Numbers of devices, instances and so on are hashes of their names: the same in every export.
            `events` and `contacts` have a row a record, and are most of it: --view leaves out what nobody reads. The manifest
            says which views are there.

            Examples:
              dpslens export --db fleet.db --to out
              dpslens export --db fleet.db --to out --view attempts --view journeys
              cd out && duckdb fleet.duckdb < duckdb.sql
              dpslens rules render --dialect duckdb | duckdb fleet.duckdb
            """
    )

    @OptionGroup var database: DatabaseOption

    @Option(name: .long, help: ArgumentHelp("The folder; made if it is not there.", valueName: "folder"))
    var to: String

    @Option(
        name: .customLong("view"),
        help: ArgumentHelp("Only this view; repeatable. All if none is named.", valueName: "view")
    )
    var views: [String] = []

    @OptionGroup var format: FormatOption<ViewFormat>

    @OptionGroup var lock: LockOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        for name in views where !ExportedView.names.contains(name) {
            let names = ExportedView.names.joined(separator: ", ")
            throw ValidationError("there is no view `\(name)`; there are \(names).")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            let rules = try ruleOptions.load()
            let source =
                try brought()
                ?? AnalysisRun(path: database.path, rules: rules, wait: lock.seconds, quiet: screen.quiet)
                .openCurrent()
            guard mkdir(to, 0o700) == 0 || errno == EEXIST else {
                throw InvalidFolder(path: to, reason: String(cString: strerror(errno)))
            }
            // Until all files are those of this export, none may say so.
            guard unlink(to + "/manifest.json") == 0 || errno == ENOENT else {
                throw InvalidFolder(path: to + "/manifest.json", reason: String(cString: strerror(errno)))
            }
            var manifest = try ExportManifest(source)
            for view in try ExportedView.all(source) where views.isEmpty || views.contains(view.name) {
                let name = "\(view.name).\(format.word.rawValue)"
                let file = try ExportFile(to + "/" + name)
                var rows = 0
                try file.write(format.word.head(view))
                try view.forEachRow(source) { cells in
                    rows += 1
                    try file.write(format.word.line(view, cells))
                }
                try file.finish()
                manifest.tables.append(.init(view: view, file: name, rows: rows))
            }
            let texts = [
                ("duckdb.sql", manifest.duckDB), ("clickhouse.sql", manifest.clickHouse),
                // Last: where it stands, the others are whole.
                (
                    "manifest.json",
                    manifest.json(version: Dpslens.version, format: format.word.rawValue, JSONString.quoted)
                ),
            ]
            for (name, text) in texts {
                let file = try ExportFile(to + "/" + name)
                try file.write(text)
                try file.finish()
            }
            let rows = manifest.tables.reduce(0) { $0 + $1.rows }
            if !screen.quiet { Standard.say("\(rows) rows of \(manifest.tables.count) views in \(to)") }
        }
    }

    /// A part with what it derives up to its events: no rules are asked, since it does not know the fleet; nil for a whole one.
    private func brought() throws -> LogDatabase? {
        let readOnly = try LogDatabase.open(database.path, .readOnly)
        if try PartMark.of(readOnly) == nil { return nil }
        if try Correlator.isCurrent(readOnly) { return readOnly }
        let held = try DatabaseLock(
            for: database.path,
            owner: "dpslens export",
            now: TimeArgument.now(),
            waiting: lock.seconds
        )
        defer { withExtendedLifetime(held) {} }
        let opened = try LogDatabase.open(database.path)
        _ = try Correlator.rebuild(opened)
        return opened
    }
}

/// The form of an export's files.
enum ViewFormat: String, FormatWord {
    case csv
    case jsonl

    static let standard = csv

    /// What stands before the rows.
    func head(_ view: ExportedView) -> String {
        self == .csv ? view.columns.map(\.name).joined(separator: ",") + "\n" : ""
    }

    /// A row; in CSV a text always stands in quotes and NULL never does, so that an empty text stays one.
    func line(_ view: ExportedView, _ cells: [Cell]) -> String {
        let values = cells.map { cell in
            switch (cell, self) {
            case (.null, .csv): return ""
            case (.null, .jsonl): return "null"
            case (.integer(let number), _): return String(number)
            case (_, .csv): return "\"" + cell.plain.replacing("\"", with: "\"\"") + "\""
            case (_, .jsonl): return JSONString.quoted(cell.plain)
            }
        }
        if self == .csv { return values.joined(separator: ",") + "\n" }
        let members = zip(view.columns, values).map { "\(JSONString.quoted($0.name)):\($1)" }
        return "{" + members.joined(separator: ",") + "}\n"
    }
}

/// A file that stands under its name once it is whole.
private final class ExportFile {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private var isOpen = true

    init(_ path: String) throws {
        self.path = path
        let descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
            throw InvalidFolder(path: path, reason: String(cString: strerror(errno)))
        }
        self.file = file
    }

    deinit {
        if !isOpen { return }
        fclose(file)
        unlink(path + ".part")
    }

    func write(_ text: String) throws {
        var text = text
        let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
        if !isWritten { throw InvalidFolder(path: path, reason: String(cString: strerror(errno))) }
    }

    /// Puts the file under its name.
    func finish() throws {
        isOpen = false
        guard fclose(file) == 0, rename(path + ".part", path) == 0 else {
            throw InvalidFolder(path: path, reason: String(cString: strerror(errno)))
        }
    }
}

/// A folder or file that could not be written.
struct InvalidFolder: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot write \(path): \(reason)" }
}
