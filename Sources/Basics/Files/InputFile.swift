import Glibc

/// A file that could not be read.
public struct InvalidFile: Error, Sendable, CustomStringConvertible {
    /// Its path.
    public let path: String
    /// Why.
    public let reason: String

    /// What it is, and why.
    public init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }

    /// One line for a person.
    public var description: String { "cannot read \(path): \(reason)" }
}

/// Reads small files that people hand in, within bounds: queries, rules, registries, keys.
public enum InputFile {
    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `InvalidFile` with the system's reason, also for a file larger than the limit.
    public static func bytes(_ path: String, limit: Int) throws(InvalidFile) -> [UInt8] {
        let all = try head(path, limit + 1)
        if all.count > limit { throw InvalidFile(path: path, reason: "it is longer than \(size(limit))") }
        return all
    }

    /// The same as text.
    ///
    /// - Throws: `InvalidFile`, also for what is no UTF-8.
    public static func text(_ path: String, limit: Int = 4 << 20) throws(InvalidFile) -> String {
        guard let text = String(validating: try bytes(path, limit: limit), as: UTF8.self) else {
            throw InvalidFile(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// The first bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `InvalidFile` with the system's reason.
    public static func head(_ path: String, _ most: Int) throws(InvalidFile) -> [UInt8] {
        let isStandard = path == "-"
        let descriptor = isStandard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InvalidFile(path: path, reason: String(cString: strerror(errno))) }
        defer { if !isStandard { close(descriptor) } }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(most, 1 << 16))
        while all.count < most {
            let count = read(descriptor, &chunk, min(chunk.count, most - all.count))
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw InvalidFile(path: path, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            all += chunk[..<count]
        }
        return all
    }

    private static func size(_ bytes: Int) -> String {
        bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
    }
}
