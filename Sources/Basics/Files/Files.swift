import Glibc

/// A file or folder that could not be written.
public struct OutputError: Error, Sendable, CustomStringConvertible {
    /// What and why.
    public let description: String

    /// A path that could not be written, for the reason in `errno`.
    public init(_ path: String) { description = "cannot write \(path): \(String(cString: strerror(errno)))" }

    /// A path that could not be written, for a reason.
    public init(_ path: String, because reason: String) { description = "cannot write \(path): \(reason)" }
}

/// The few things that outputs do to the file system.
public enum Files {
    /// Makes a folder and those above it.
    ///
    /// - Throws: `OutputError`.
    public static func makeFolder(_ path: String) throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made == "/" ? String(part) : "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST { throw OutputError(made) }
        }
    }

    /// Writes a text to a new file, through to the disk.
    ///
    /// - Parameter mode: nil for what the umask leaves.
    /// - Throws: `OutputError` with the system's reason.
    public static func write(_ text: String, to path: String, mode: UInt32?) throws {
        try write(TextParts(text), to: path, mode: mode)
    }

    /// The same of a text that is made while it is written.
    public static func write(_ text: TextParts, to path: String, mode: UInt32?) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode == nil ? 0o666 : 0o600)
        guard descriptor >= 0 else { throw OutputError(path) }
        defer { close(descriptor) }
        var isDone = try write(text, to: descriptor)
        if let mode, isDone { isDone = fchmod(descriptor, mode) == 0 }
        guard isDone, fsync(descriptor) == 0 else { throw OutputError(path) }
    }

    /// Writes a whole text to an open file; false leaves the reason in `errno`.
    ///
    /// - Throws: what kept the text from being made.
    public static func write(_ text: TextParts, to descriptor: Int32) throws -> Bool {
        struct Failed: Error {}
        do {
            try text.forEach { part in if !write(part, to: descriptor) { throw Failed() } }
            return true
        } catch is Failed {
            return false
        }
    }

    /// The same of one part.
    public static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return false }
                done += count
            }
            return true
        }
    }

    /// Puts a file or folder in a place, over what stands there.
    public static func rename(_ from: String, to place: String) throws {
        if Glibc.rename(from, place) != 0 { throw OutputError(place) }
    }

    /// The names in a folder in their order.
    public static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw OutputError(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
