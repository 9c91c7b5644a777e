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
        return Self.environment ?? "dpslens.db"
    }

    /// Whether nobody chose it: the default of the folder that the command was started in.
    var isDefault: Bool { db == nil && Self.environment == nil }

    /// `DPSLENS_DB`; nil where it is not set, or empty.
    private static var environment: String? {
        getenv("DPSLENS_DB").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What to give to other commands so that they find the same database: ` --db FILE`, or empty.
    var shown: String { db.map { " --db \(Shell.quoted($0))" } ?? "" }
}
