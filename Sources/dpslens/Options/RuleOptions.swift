import ArgumentParser
import Basics
import EventStore
import Findings
import Glibc
import LogIngest

/// Rules of a run: the built-in ones, a user's own, and changed values.
struct RuleOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder with rules of your own.", valueName: "folder"))
    var rules: [String] = []

    @OptionGroup var limits: RuleLimitOptions

    /// The rules.
    ///
    /// - Throws: `RuleError` or `InvalidInput` (exit 4) for a rule that cannot be used.
    func load() throws -> RuleSet { try Self.load(rules, limits.limits()) }

    /// The built-in rules and those of folders.
    ///
    /// - Throws: `RuleError` or `InvalidInput` (exit 4) for a rule that cannot be used.
    static func load(_ folders: [String], _ limits: StatementLimits) throws -> RuleSet {
        let own = try folders.flatMap { try RuleFolder.sources($0) }
        var rules = try RuleSet.builtIn(and: own)
        rules.limits = limits
        try check(rules, Set(own.map(\.file)))
        return rules
    }
}

extension RuleOptions {
    /// Holds rules that others wrote to the documented views.
    ///
    /// - Throws: `InvalidInput` (exit 4) that says what a rule does instead.
    private static func check(_ rules: RuleSet, _ files: Set<String>) throws {
        if files.isEmpty { return }
        let statements = try StatementGuard()
        for entry in rules.entries where files.contains(entry.file) {
            if let complaint = try statements.complaint(entry.card.sql, .views) {
                throw InvalidInput("\(entry.file): the SELECT \(complaint)")
            }
        }
    }
}

/// Rule files of a folder.
enum RuleFolder {
    /// The files `NAME.sql` and the cases beside them, in the order of their names.
    static func sources(_ folder: String) throws -> [RuleSet.Source] {
        let files = try InputFiles.list([folder]).filter { $0.hasSuffix(".sql") }
        if files.isEmpty { throw InvalidInput("\(folder): there is no rule (NAME.sql) in this folder") }
        return try files.map { path in
            let cases = String(path.dropLast(4)) + ".cases.json"
            return RuleSet.Source(
                file: path,
                sql: try InputFile.text(path),
                cases: access(cases, F_OK) == 0 ? try InputFile.text(cases) : nil
            )
        }
    }
}
