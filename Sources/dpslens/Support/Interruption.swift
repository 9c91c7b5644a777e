import Dispatch
import Glibc
import Synchronization

/// SIGINT and SIGTERM: the first one ends the work in order, a second one ends the process.
enum Interruption {
    private static let received = Atomic<Int32>(0)

    /// 130 after SIGINT, 143 after SIGTERM.
    static var exitCode: Int32 { 128 + max(received.load(ordering: .relaxed), SIGINT) }

    /// Runs work as a task that a signal cancels.
    static func cancelling<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if received.exchange(number, ordering: .relaxed) != 0 { exit(128 + number) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        return try await task.value
    }
}
