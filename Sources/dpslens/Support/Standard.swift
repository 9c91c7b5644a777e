import Glibc

/// Standard output for data, standard error for everything else.
enum Standard {
    /// Writes data.
    ///
    /// A reader that has gone away, as `head` does, is no failure: the process ends in peace.
    static func output(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes a message.
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    exit(errno == EPIPE ? 0 : 3)
                }
                done += count
            }
        }
    }

    /// Writes data to a file beside its final place and renames it, or to standard output for nil and `-`.
    ///
    /// - Throws: `InvalidOutput` with the system's reason; then no file is left behind.
    static func deliver(_ text: String, to path: String?) throws {
        guard let path, path != "-" else { return output(text) }
        let draft = path + ".part-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw InvalidOutput(path: path, reason: String(cString: strerror(errno))) }
        var text = text
        let written = text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0 { return false }
                done += count
            }
            return fsync(descriptor) == 0
        }
        let reason = String(cString: strerror(errno))
        close(descriptor)
        guard written, rename(draft, path) == 0 else {
            unlink(draft)
            throw InvalidOutput(path: path, reason: reason)
        }
    }
}

/// A file that could not be written.
struct InvalidOutput: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot write \(path): \(reason)" }
}
