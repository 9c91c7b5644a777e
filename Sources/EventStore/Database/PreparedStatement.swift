import AzureLogs
public import GRDB
import GRDBSQLite

/// A statement of SQLite's own handle, for the few loops that run once an event; finalised with the object.
///
/// Not `Sendable`: it is made and used inside of one access to the connection, or by the task that owns it.
public final class PreparedStatement {
    private let handle: OpaquePointer
    /// The connection that it runs on.
    var connection: OpaquePointer { handle }
    // Never changed once they are made: an access to a variable of an object is checked at every call.
    private let statement: OpaquePointer?
    /// Whether a number was read that nothing of ours writes; then the next step fails.
    private let isDamaged: UnsafeMutablePointer<Bool>
    /// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies what is bound.
    private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Prepares a statement on the connection that an access to the database gives.
    ///
    /// - Throws: `DatabaseError` if the SQL is not valid, `StoreError` if the connection is closed.
    public convenience init(_ database: Database, _ sql: String) throws {
        guard let handle = database.sqliteConnection else { throw StoreError(.failed, "the database was closed") }
        try self.init(handle, sql)
    }

    init(_ handle: OpaquePointer, _ sql: String) throws {
        self.handle = handle
        isDamaged = .allocate(capacity: 1)
        isDamaged.initialize(to: false)
        var statement: OpaquePointer?
        var isAlone = true
        let code = sql.withCString { text in
            var rest: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &rest)
            if code != SQLITE_OK { return code }
            // White space and comments behind it compile to nothing; what does not is another statement, or none at all.
            var next: OpaquePointer?
            let isBlank = sqlite3_prepare_v3(handle, rest, -1, 0, &next, nil) == SQLITE_OK && next == nil
            sqlite3_finalize(next)
            isAlone = isBlank && statement != nil
            return code
        }
        self.statement = statement
        if code != SQLITE_OK { throw failure(code) }
        if !isAlone { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "this is not one statement alone") }
    }

    deinit {
        sqlite3_finalize(statement)
        isDamaged.deallocate()
    }

    /// Binds an integer.
    @inline(__always)
    public func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(statement, index, value) }

    /// Binds NULL.
    @inline(__always)
    public func bindNull(_ index: Int32) { sqlite3_bind_null(statement, index) }

    /// Binds a row's id; 0 stands for none.
    @inline(__always)
    public func bindId(_ index: Int32, _ id: Int) {
        if id == 0 { bindNull(index) } else { bind(index, Int64(id)) }
    }

    /// Binds a text, which SQLite copies.
    public func bind(_ index: Int32, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            // A pointer of an empty text may be nil, which SQLite would take for NULL.
            if bytes.isEmpty {
                sqlite3_bind_text(statement, index, "", 0, transient)
            } else {
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    _ = sqlite3_bind_text(statement, index, characters.baseAddress, Int32(characters.count), transient)
                }
            }
        }
    }

    func bind(_ index: Int32, guid high: UInt64, _ low: UInt64) {
        var words = (high.bigEndian, low.bigEndian)
        withUnsafeBytes(of: &words) { bytes in
            _ = sqlite3_bind_blob(statement, index, bytes.baseAddress, 16, transient)
        }
    }

    /// Binds bytes, which SQLite copies.
    public func bind(_ index: Int32, blob bytes: [UInt8]) {
        bytes.withUnsafeBytes { _ = sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), transient) }
    }

    /// A hash of a text or blob, never 0; 0 for NULL.
    public func mark(_ column: Int32) -> UInt64 {
        guard let start = sqlite3_column_blob(statement, column) else { return 0 }
        return Self.mark(of: UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// The same of bytes that are not stored yet; 0 for none.
    @inline(__always)
    static func mark(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        if bytes.isEmpty { return 0 }
        if bytes.count == 16 {
            let low = bytes.loadUnaligned(as: UInt64.self)
            return Fingerprint.mix(
                low | 1,
                bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) ^ 0x9E37_79B9_7F4A_7C15
            ) | 1
        }
        let text = Array(bytes) + [UInt8](repeating: 0, count: 32)
        return Fingerprint.hash(text.span.bytes, 0, bytes.count, seed: 3) | 1
    }

    /// Runs a statement that gives no rows.
    ///
    /// - Throws: `DatabaseError`.
    @inline(__always)
    public func run() throws {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        if code != SQLITE_DONE { throw failure(code) }
    }

    /// Runs a statement that gives no rows.
    ///
    /// - Returns: how many rows it inserted, updated or deleted.
    /// - Throws: `DatabaseError`.
    public func runCounting() throws -> Int {
        try run()
        return Int(sqlite3_changes(handle))
    }

    /// Binds a text, or NULL for none.
    public func bindText(_ index: Int32, _ text: String) {
        if text.isEmpty { bindNull(index) } else { bind(index, text) }
    }

    /// Binds a time, or NULL for the beginning of all times, which stands for "never".
    public func bindTime(_ index: Int32, _ time: Int64) {
        if time == .min { bindNull(index) } else { bind(index, time) }
    }

    /// Steps to the next row; false when there is none, and the statement is ready to be bound again.
    ///
    /// - Throws: `DatabaseError`; `StoreError` if a number of the row before cannot be right.
    @inline(__always)
    public func next() throws -> Bool {
        if isDamaged.pointee { throw damage() }
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(statement)
        if code != SQLITE_DONE { throw failure(code) }
        return false
    }

    /// Ends reading before the last row.
    public func reset() { sqlite3_reset(statement) }

    /// An integer of the row, with which can be reckoned without an overflow; 0 for NULL.
    ///
    /// One that is further from 0 than any time or count of ours is read as 0, and the next step fails.
    @inline(__always)
    public func integer(_ column: Int32) -> Int64 {
        let value = sqlite3_column_int64(statement, column)
        if value > Self.farthest || value < -Self.farthest {
            isDamaged.pointee = true
            return 0
        }
        return value
    }

    /// All 64 bits of an integer of the row, for hashes.
    @inline(__always)
    public func bits(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// An integer of the row that is a place in a list; 0 for NULL.
    ///
    /// One that is outside of the list is read as 0, and the next step fails.
    @inline(__always)
    public func index(_ column: Int32, below count: Int) -> Int {
        let value = Int(sqlite3_column_int64(statement, column))
        if value < 0 || value >= count {
            isDamaged.pointee = true
            return 0
        }
        return value
    }

    /// Some 36,000 years in microseconds.
    private static let farthest: Int64 = 1 << 60

    private func damage() -> any Error {
        reset()
        isDamaged.pointee = false
        return StoreError.damaged("a number is not one that dpslens writes")
    }

    /// Whether the row's value is NULL.
    public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// Whether the row's value is an integer.
    public func isInteger(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_INTEGER }

    func isBlob(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_BLOB }

    /// The bytes of a text or blob.
    public func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// A text of the row; empty for NULL.
    public func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// The names of the columns that it gives.
    public var columnNames: [String] {
        (0..<sqlite3_column_count(statement)).map {
            sqlite3_column_name(statement, $0).map(String.init(cString:)) ?? ""
        }
    }

    /// The names of its parameters (`:name`), without the colon.
    public var parameterNames: [String] {
        (1...max(1, sqlite3_bind_parameter_count(statement))).compactMap { index in
            sqlite3_bind_parameter_name(statement, index).map { String(String(cString: $0).dropFirst()) }
        }
    }

    /// Binds an integer by the parameter's name (`:name`); nothing if the statement has none of this name.
    public func bind(named name: String, _ value: Int64) {
        let index = sqlite3_bind_parameter_index(statement, ":" + name)
        if index > 0 { bind(index, value) }
    }

    /// How many steps of SQLite's virtual machine it has taken so far: what it costs, whatever the machine.
    public var virtualMachineSteps: Int {
        Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0))
    }

    private func failure(_ code: Int32) -> any Error {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(handle)))
    }
}
