import GRDBSQLite
import Synchronization

/// Says to all work that looks at it that it is to end: statements that run, and loops between them.
///
/// Once raised it stays raised. The program has one (`process`), which a signal raises; tests make their own.
public final class StopSign: Sendable {
    /// The program's own.
    public static let process = StopSign()

    /// How many steps of SQLite's machine lie between two looks: some hundred microseconds.
    static let steps: Int32 = 1 << 14

    private let raised = Atomic<Bool>(false)

    /// A sign that is not raised.
    public init() {}

    /// Tells all work to end; statements end with `SQLITE_INTERRUPT`, and what they changed is rolled back.
    public func raise() { raised.store(true, ordering: .relaxed) }

    /// Whether work is to end.
    public var isRaised: Bool { raised.load(ordering: .relaxed) }

    /// Ends the work of the caller if it is to end.
    ///
    /// - Throws: `CancellationError`.
    public func check() throws(CancellationError) { if isRaised { throw CancellationError() } }

    /// Ends each statement of a connection once the sign is raised.
    ///
    /// Only statements that take `steps` are ended: a rollback, and what puts a connection in order again, are shorter.
    ///
    /// - Parameter handle: a connection that is closed before this object goes.
    func watch(_ handle: OpaquePointer) {
        sqlite3_progress_handler(
            handle,
            Self.steps,
            { context in
                guard let context else { return 0 }
                return Unmanaged<StopSign>.fromOpaque(context).takeUnretainedValue().isRaised ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
