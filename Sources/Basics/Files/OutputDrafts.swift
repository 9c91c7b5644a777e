import Glibc
import Synchronization

/// The drafts of outputs that are being written: a signal that ends the process takes them along.
///
/// A KILL and a power cut leave one. Its name carries a mark of the file that it was to become, and its writer holds a lock on
/// it: the next run that writes the same file can tell what was left, and says so. It removes nothing, since a name
/// shows of what another put there only that it has this name.
public enum OutputDrafts {
    private struct State {
        var paths: Set<String> = []
        var isOver = false
    }

    private static let state = Mutex(State())
    private static let prefix = ".dpslens-"
    private static let suffix = ".part"

    /// Removes all of them, and lets no other begin; for a process that is about to end.
    ///
    /// One that is just being made holds it up for a fifth of a second at most, as on a file system that does not answer.
    public static func removeForGood() {
        for _ in 0..<20 {
            let isDone: Void? = state.withLockIfAvailable { state in
                for path in state.paths { unlink(path) }
                state.isOver = true
            }
            if isDone != nil { return }
            usleep(10_000)
        }
    }

    /// Makes a draft and notes it; once the process is about to end, this waits for the end.
    ///
    /// - Parameter make: gives a descriptor, negative for a failure.
    static func making(_ path: String, _ make: () -> Int32) -> Int32 {
        let made = state.withLock { state -> Int32? in
            if state.isOver { return nil }
            let descriptor = make()
            if descriptor >= 0 { state.paths.insert(path) }
            return descriptor
        }
        if let made { return made }
        while true { pause() }
    }

    /// Notes that a draft is gone, or has become the file.
    static func forget(_ path: String) { _ = state.withLock { $0.paths.remove(path) } }

    /// The name of a draft of a file.
    static func name(of file: String, random: UInt64) -> String {
        prefix + mark(file) + "-" + hexadecimal(random) + suffix
    }

    /// The names in a folder that drafts of a file have, and that no process writes, in order.
    static func left(of file: String, in folder: Int32) -> [String] {
        // A descriptor of its own: reading a folder moves its position.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let directory = fdopendir(copy) else {
            close(copy)
            return []
        }
        defer { closedir(directory) }
        let begin = prefix + mark(file) + "-"
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix(begin), name.hasSuffix(suffix), !isHeld(name, folder) else { continue }
            names.append(name)
        }
        return names.sorted()
    }

    private static func isHeld(_ name: String, _ folder: Int32) -> Bool {
        let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// A hash of the name (FNV-1a), so that a draft of a long name has a short one.
    private static func mark(_ file: String) -> String {
        hexadecimal(file.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
