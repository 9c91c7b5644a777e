import GRDB

/// Why a database could not be used: what, where, and what to do.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; errors are equal in kind when their codes are.
    public enum Code: Sendable {
        case cannotOpen
        case notADatabase
        case newerVersion
        case diskFull
        case locked
        case failed
    }

    /// The kind.
    public let code: Code
    /// One line for a person.
    public let description: String

    /// An error of a kind, told in one line.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// A database holds what no build of this program writes.
    public static func damaged(_ what: String) -> StoreError {
        StoreError(.failed, "the database is damaged: \(what); restore a copy, or make it anew from the logs")
    }

    /// There is no room for what SQLite sorts, or for what is kept in a temporary file.
    public static let noRoomToSort = StoreError(
        .diskFull,
        "the directory for temporary files (TMPDIR) is full or cannot be written; free space there, or name another"
    )

    /// Tells SQLite's error in the words of an operator, where it is not known which step of a command met it; nil for others.
    public static func told(_ error: any Error) -> StoreError? {
        guard let error = error as? DatabaseError else { return nil }
        if error.resultCode == .SQLITE_FULL {
            return StoreError(.diskFull, "the disk is full: the database was left as it was; free space and run again")
        }
        return translate(error, path: "the database") as? StoreError
    }

    /// Tells SQLite's error in the words of an operator.
    static func translate(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_FULL:
            return StoreError(
                .diskFull,
                "the disk is full: \(path) was left as it was before this file; free space and run again"
            )
        case .SQLITE_NOTADB:
            return StoreError(.notADatabase, "\(path) is not a database; give another path with --db")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            return StoreError(
                .cannotOpen,
                "cannot open \(path) for this: \(error.message ?? "no reason given"); look at its permissions"
            )
        case .SQLITE_CORRUPT: return damaged("\(path): \(error.message ?? "it is malformed")")
        case .SQLITE_IOERR:
            return StoreError(
                .failed,
                "\(path) could not be read or written (\(error.message ?? "disk I/O error")); look at the disk, its free space "
                    + "and the limit of file sizes (ulimit -f), and run again"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(.locked, "\(path) is in use by another program; run again when it has ended")
        default:
            return StoreError(.failed, "\(path): \(error.message ?? "SQLite error \(error.resultCode.rawValue)")")
        }
    }
}
