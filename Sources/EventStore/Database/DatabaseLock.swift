import AzureLogs
import Glibc

/// Holds other writers off a database for as long as it lives: `FILE.lock`, with its owner's name inside.
///
/// The lock is the kernel's (`flock`), so a process that dies gives it up; the file's text only says who has it.
public final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock.
    ///
    /// - Parameters:
    ///   - path: the database's path.
    ///   - owner: what others are told: the command.
    ///   - now: what others are told of when it began, in microseconds since 1970; and what ages are counted from.
    ///   - waiting: how many seconds to wait for another writer.
    /// - Throws: `StoreError` of code `locked` that says who holds it, or `cannotOpen`; `CancellationError` while waiting.
    public init(for path: String, owner: String, now: Int64? = nil, waiting seconds: Int = 0) throws {
        // Nothing is made beside what is not ours.
        _ = try DatabaseFile.state(path)
        let file = path + ".lock"
        let opened = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard opened >= 0 else {
            let reason = errno == ELOOP ? "it is a link" : String(cString: strerror(errno))
            throw StoreError(.cannotOpen, "cannot open \(file): \(reason)")
        }
        guard Self.isOurs(opened) else {
            close(opened)
            throw StoreError(.cannotOpen, "\(file) is no lock of dpslens and was left as it is; move it away")
        }
        var tries = 0
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(opened)
                throw StoreError(.cannotOpen, "cannot lock \(file): \(reason)")
            }
            if tries >= seconds * 10 {
                let holder = Self.holder(opened, now: now)
                close(opened)
                throw StoreError(.locked, "\(path) is being written by \(holder); wait for it, or give --wait SECONDS")
            }
            if Task.isCancelled {
                close(opened)
                throw CancellationError()
            }
            tries += 1
            usleep(100_000)
        }
        descriptor = opened
        ftruncate(opened, 0)
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let since = now.map { ", since \(Timestamp.format(microseconds: $0 - $0 % 1_000_000))" } ?? ""
        let text = "process \(getpid()) on \(host), \(owner)\(since)"
        _ = text.withCString { pwrite(opened, $0, strlen($0), 0) }
    }

    /// Looks whether somebody writes a database that the caller cannot lock, since its folder cannot be written.
    ///
    /// - Throws: `StoreError` of code `locked`.
    static func checkFree(_ path: String) throws(StoreError) {
        let descriptor = open(path + ".lock", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            throw StoreError(.locked, "\(path) is being written by \(text(descriptor)); ask again when it has ended")
        }
    }

    /// Whether a file is empty or says what this class writes.
    private static func isOurs(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return status.st_size == 0 || (status.st_size < 1024 && text(descriptor).hasPrefix("process "))
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// Who holds the lock and for how long.
    private static func holder(_ descriptor: Int32, now: Int64?) -> String {
        let text = text(descriptor)
        guard let now, let since = text.firstRange(of: ", since "),
            let ticks = Timestamp.parse(String(text[since.upperBound...]))
        else { return text }
        let seconds = max(0, now - ticks / 10) / 1_000_000
        let age = seconds < 120 ? "\(seconds) s" : seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
        return "\(text), \(age) ago"
    }

    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
        return text.isEmpty ? "another process" : text
    }
}
