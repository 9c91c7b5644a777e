import ArgumentParser
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
