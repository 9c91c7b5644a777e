import Glibc
import LogIngest

/// Small text files that a person wrote: queries, rules.
enum TextFile {
    /// Reads a file of at most 4 MiB.
    ///
    /// - Throws: `InvalidFile` with the reason.
    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else {
            throw InvalidFile(path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        // A directory opens but does not read.
        if ferror(file) != 0 { throw InvalidFile(path: path, reason: String(cString: strerror(errno))) }
        if count == bytes.count { throw InvalidFile(path: path, reason: "it is longer than 4 MiB") }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw InvalidFile(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }
}

/// A file that could not be read.
struct InvalidFile: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot read \(path): \(reason)" }
}
