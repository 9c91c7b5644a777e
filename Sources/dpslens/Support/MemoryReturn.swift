import CMalloc

/// How the C library gives memory back that is not used any more.
///
/// Left to itself, it keeps larger and larger pieces once some have been freed: what one step of the work has left then
/// stands beside what the next one takes, and the highest resident memory is that of both.
enum MemoryReturn {
    /// Pieces of so many bytes and more go back to the system when they are freed.
    private static let large: Int32 = 1 << 17

    /// Sets it for the process.
    static func begin() {
        // A C library that does not know these leaves everything as it was.
        _ = mallopt(M_MMAP_THRESHOLD, large)
        _ = mallopt(M_TRIM_THRESHOLD, large)
    }
}
