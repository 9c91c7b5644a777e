import GRDB
import GRDBSQLite

/// Says of SQL that a person wrote whether it keeps to reading, before it meets a database with anything in it.
///
/// SQLite itself takes the statement apart, against an empty database of this build's form: its authorizer
/// (https://www.sqlite.org/c3ref/set_authorizer.html) is asked for each table, function and deed. That it is one statement
/// and a SELECT is looked at elsewhere. What this does not see: tables that only the database at hand has.
public final class StatementGuard {
    /// What a statement may read.
    public enum Scope: Sendable {
        /// The documented views: for rules.
        case views
        /// The documented views, and what SQLite says of the file: for questions.
        case questions
    }

    private let database: LogDatabase
    private let views: Set<String>
    /// The tables that the views read.
    private let behind: Set<String>
    /// All tables of the database, SQLite's own among them, in lower case.
    private let tables: Set<String>

    /// Makes the empty database.
    ///
    /// - Throws: `DatabaseError` if SQLite refuses.
    public init() throws {
        database = try LogDatabase.inMemory()
        let names = try database.access.read {
            try String.checkedAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
        }
        let all = try database.access.read {
            try String.checkedAll($0, sql: "SELECT lower(name) FROM sqlite_master WHERE type = 'table' ORDER BY name")
        }
        let own = ["sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"]
        tables = Set(all + own)
        var behind = Set<String>()
        // Tables that SQLite makes up when they are first asked for are made now, outside of any judgement.
        for name in Self.functions {
            _ = try Self.compile("SELECT * FROM \(name)('[]')", Watch { _ in nil }, database)
        }
        for name in names {
            let watch = Watch { action in
                if case .read(let table, _, _) = action { behind.insert(table) }
                return nil
            }
            _ = try Self.compile("SELECT * FROM \(name)", watch, database)
        }
        views = Set(names)
        self.behind = behind
    }

    /// Why a statement must not run, as the rest of a sentence that begins with "it"; nil if it may.
    ///
    /// SQL that SQLite does not understand may: whoever runs it will hear so.
    ///
    /// - Throws: `StoreError` if the guard's own database was closed.
    public func complaint(_ sql: String, _ scope: Scope) throws -> String? {
        var read = Set<String>()
        var rowsAlone = Set<String>()
        let watch = Watch { [self] action in
            if case .read(let table, let column, _) = action {
                read.insert(table)
                if column.isEmpty { rowsAlone.insert(table) }
            }
            return switch action {
            case .select: nil
            case .read(let table, let column, let view): complaint(reading: table, column, by: view)
            case .function(let name): name == "load_extension" ? "loads code into the program" : nil
            case .attach: "attaches another database"
            case .pragma(let name):
                scope == .questions && Self.pragmas.contains(name) ? nil : "asks for PRAGMA \(name)"
            case .other: "does more than read"
            }
        }
        let givesRows = try Self.compile(sql, watch, database)
        if let complaint = watch.complaint { return complaint }
        // `VACUUM INTO` writes a file and asks for nothing before.
        if givesRows == false { return "is no SELECT" }
        if givesRows == nil { return nil }
        return try named(sql, read).map { complaint(reading: $0) } ?? madeUp(rowsAlone).map { complaint(reading: $0) }
    }

    /// A table behind the views that the statement itself names; nil if only views do.
    ///
    /// SQLite does not say who reads a table of which only the rows count (`count(*)`), and gives a table of a WITH for a view
    /// of its name. So the tables whose names stand in the text get others: the views follow, the statement does not.
    private func named(_ sql: String, _ read: Set<String>) throws -> String? {
        let words = Set(sql.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
        let candidates = read.filter { behind.contains($0) && !views.contains($0) && words.contains($0) }.sorted()
        if candidates.isEmpty { return nil }
        return try database.access.writeWithoutTransaction { connection in
            var named: String?
            try connection.inSavepoint {
                for table in candidates {
                    try connection.execute(sql: "ALTER TABLE \(table) RENAME TO \(table)_behind_its_views")
                    if try Self.compile(sql, Watch { _ in nil }, connection) == nil {
                        named = table
                        break
                    }
                }
                return .rollback
            }
            return named
        }
    }

    /// A table of which only the rows count and that SQLite makes up itself, such as `pragma_table_list`; nil if there is none.
    private func madeUp(_ read: Set<String>) throws -> String? {
        let known = views.union(behind).union(Self.functions)
        return try read.sorted().first { name in
            if known.contains(name.lowercased()) { return false }
            let quoted = name.replacing("\"", with: "\"\"")
            return try Self.compile("SELECT 1 FROM \"\(quoted)\"", Watch { _ in nil }, database) != nil
        }
    }

    /// Questions about the file and its form, which change nothing when they are asked without a value.
    private static let pragmas: Set<String> = [
        "integrity_check", "quick_check", "foreign_key_check", "table_info", "table_xinfo", "table_list", "index_list",
        "index_info", "index_xinfo", "page_count", "freelist_count", "compile_options", "database_list",
        "function_list",
    ]

    /// Tables that are functions of their arguments.
    private static let functions = ["json_each", "json_tree"]

    private func complaint(reading table: String, _ column: String, by view: String?) -> String? {
        if views.contains(table) || Self.functions.contains(table) { return nil }
        // A table of a WITH stands as its reader, too; it reaches no further than the views do. Where a view became part of the
        // statement, its tables are named without a reader and, as only their rows count, without a column.
        if view != nil || column.isEmpty, behind.contains(table) { return nil }
        // A table of a WITH of which only the rows count is named in the same way; it is none of the database's.
        if column.isEmpty, !tables.contains(table.lowercased()) { return nil }
        return complaint(reading: table)
    }

    private func complaint(reading table: String) -> String {
        "reads `\(table)`, which is no documented view (docs/schema.md)"
    }

    /// What the authorizer is asked.
    private enum Action {
        case select
        case read(table: String, column: String, view: String?)
        case function(String)
        case attach
        case pragma(String)
        case other

        init(_ code: Int32, _ first: String?, _ second: String?, _ reader: String?) {
            switch code {
            case SQLITE_SELECT, SQLITE_RECURSIVE: self = .select
            case SQLITE_READ: self = .read(table: first ?? "", column: second ?? "", view: reader)
            case SQLITE_FUNCTION: self = .function(second ?? "")
            case SQLITE_ATTACH, SQLITE_DETACH: self = .attach
            case SQLITE_PRAGMA: self = .pragma(first?.lowercased() ?? "")
            default: self = .other
            }
        }
    }

    /// Listens to the authorizer while one statement is compiled.
    private final class Watch {
        private let judge: (Action) -> String?
        private(set) var complaint: String?

        init(_ judge: @escaping (Action) -> String?) { self.judge = judge }

        func isAllowed(_ action: Action) -> Bool {
            guard let reason = judge(action) else { return true }
            if complaint == nil { complaint = reason }
            return false
        }
    }

    /// Compiles the first statement of a text and forgets it.
    ///
    /// - Returns: whether it gives rows and changes nothing; nil if there is none that SQLite understands.
    private static func compile(_ sql: String, _ watch: Watch, _ database: LogDatabase) throws -> Bool? {
        // Without statements of its own around it: they would meet the authorizer, too.
        try database.access.unsafeRead { try compile(sql, watch, $0) }
    }

    private static func compile(_ sql: String, _ watch: Watch, _ connection: Database) throws -> Bool? {
        guard let handle = connection.sqliteConnection else { throw StoreError(.failed, "the database was closed") }
        sqlite3_set_authorizer(
            handle,
            { context, code, first, second, _, reader in
                guard let context else { return SQLITE_DENY }
                let watch = Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue()
                func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
                let action = Action(code, text(first), text(second), text(reader))
                return watch.isAllowed(action) ? SQLITE_OK : SQLITE_DENY
            },
            Unmanaged.passUnretained(watch).toOpaque()
        )
        defer { withExtendedLifetime(watch) { _ = sqlite3_set_authorizer(handle, nil, nil) } }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, statement != nil else {
            return nil
        }
        return sqlite3_column_count(statement) > 0 && sqlite3_stmt_readonly(statement) != 0
    }
}
