import CMemory

/// How the C library and SQLite deal with memory in this process.
enum MemorySettings {
    /// From how many bytes on a piece goes back to the system when it is freed.
    private static let large: Int32 = 1 << 17

    /// Sets them; before SQLite is used for the first time, which afterwards refuses to be set.
    static func begin() {
        // Left to itself, the C library keeps larger and larger pieces once some have been freed: what one step of the work
        // has left then stands beside what the next one takes, and the highest resident memory is that of both. One that
        // does not know these settings leaves everything as it was.
        _ = mallopt(M_MMAP_THRESHOLD, large)
        _ = mallopt(M_TRIM_THRESHOLD, large)
        // SQLite counts what it allocates, under a lock that all connections share. Nothing here asks for the sum.
        _ = sqlite_count_memory(0)
    }
}
