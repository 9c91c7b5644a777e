import Glibc

/// The limit of stacks that the program was started with (`ulimit -s`).
enum StackLimit {
    /// Bytes; with half of it everything still runs, with a quarter a command may end by SIGSEGV.
    private static let least: UInt = 256 << 10

    /// Ends the program with a reason and exit 3 where stacks may be smaller than it needs.
    ///
    /// A limit that is raised now would not count for threads: the C library has looked at it already.
    static func check() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0, limit.rlim_cur < least else { return }
        let (given, least) = (limit.rlim_cur >> 10, least >> 10)
        Standard.error("dpslens: stacks may have \(given) KiB only; raise the limit to \(least) or more (ulimit -s)\n")
        _exit(3)
    }
}
