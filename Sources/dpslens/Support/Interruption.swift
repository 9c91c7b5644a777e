import Audit
import Basics
import EventStore
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP: the first one ends the work in order, a second one ends the process at once.
///
/// In order means: tasks are cancelled, statements of SQLite end and what they changed is rolled back, reads that wait are
/// woken. Work that does not come to its end within `patience` (sorting, writing to a pipe that nobody reads) is left where
/// it is: every step is a transaction or a file that is renamed once it is whole, so the process can end at any moment.
/// SIGKILL and a power cut have the same effect, less the removal of drafts, which the next run sees to.
enum Interruption {
    /// How long the work has to end by itself.
    private static let patience = timespec(tv_sec: 0, tv_nsec: 500_000_000)

    private static let received = Atomic<Int32>(0)
    private static let isSaid = Atomic<Bool>(false)

    /// Whether a signal has come.
    static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

    /// 130 after SIGINT, 143 after SIGTERM, 129 after SIGHUP.
    static var exitCode: Int32 {
        let number = received.load(ordering: .relaxed)
        return 128 + (number == 0 ? SIGINT : number)
    }

    /// Signals that end the program; one that it was started without (`nohup`) stays ignored.
    private static let signals: sigset_t = {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        var hangUp = sigaction()
        sigaction(SIGHUP, nil, &hangUp)
        if unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self) != 1 { sigaddset(&signals, SIGHUP) }
        return signals
    }()

    /// Keeps the signals for `listen`; threads that are made from now on do so, too.
    static func hold() {
        var signals = signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static let cancel = Mutex<(@Sendable () -> Void)?>(nil)

    /// Begins to wait for signals on a thread of its own; before anything else that needs threads.
    ///
    /// Where not even this thread can be made, `Dispatch` would ask for its own again and again without an end, and no signal
    /// would be heard: the process ends with 3.
    static func listen() {
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { _ in Interruption.wait() }, nil)
        if code == 0 { return }
        let reason = String(cString: strerror(code))
        Standard.error(
            "dpslens: cannot make a thread: \(reason); raise the limits on memory or processes (ulimit -v, ulimit -u)\n"
        )
        _exit(3)
    }

    /// Has something done at the first signal; at once if it has come.
    static func atFirst(_ cancel: @escaping @Sendable () -> Void) {
        self.cancel.withLock { $0 = cancel }
        if isRequested { cancel() }
    }

    private static func wait() -> Never {
        var signals = signals
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        received.store(number, ordering: .relaxed)
        StopSign.process.raise()
        cancel.withLock(\.self)?()
        var patience = patience
        // Whether a second one comes or the time is over: it is the end.
        while sigtimedwait(&signals, nil, &patience) < 0, errno == EINTR {}
        say()
        Leftovers.remove()
        OutputDrafts.removeForGood()
        _exit(exitCode)
    }

    /// Says once that the work was interrupted.
    static func say() {
        if isSaid.exchange(true, ordering: .relaxed) { return }
        // A pipe that is full and that nobody reads must not hold up the end.
        var state = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&state, 1, 0) > 0, state.revents & Int16(POLLOUT) != 0 else { return }
        Standard.error("dpslens: interrupted; what was finished is kept, the next run goes on\n")
    }
}

/// Files and folders that go when the process does, however it ends in order.
enum Leftovers {
    private static let paths = Mutex<Set<String>>([])

    /// Notes a path that is to be removed if the process ends before `forget`.
    static func add(_ path: String) { _ = paths.withLock { $0.insert(path) } }

    /// Notes that a path is gone, or is no longer a draft.
    static func forget(_ path: String) { _ = paths.withLock { $0.remove(path) } }

    /// Removes all of them; folders with the files in them.
    static func remove() {
        paths.withLock { paths in
            for path in paths.sorted() where unlink(path) != 0 && errno == EISDIR { TemporaryFolder.remove(path) }
            paths = []
        }
    }
}
