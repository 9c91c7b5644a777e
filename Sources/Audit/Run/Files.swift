import Foundation
import Glibc
import Reports

/// A file or folder that could not be written.
public struct OutputError: Error, Sendable, CustomStringConvertible {
    /// What and why.
    public let description: String

    init(_ path: String) { description = "cannot write \(path): \(String(cString: strerror(errno)))" }
}

/// The few things that outputs do to the file system.
enum Files {
    static func makeFolder(_ path: String) throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made == "/" ? String(part) : "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST { throw OutputError(made) }
        }
    }

    /// Writes a text to a new file, through to the disk.
    static func write(_ text: String, to path: String) throws { try write(TextParts(text), to: path) }

    /// The same of a text that is made while it is written.
    static func write(_ text: TextParts, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path) }
        let failure = write(text, to: descriptor) && fsync(descriptor) == 0 ? nil : OutputError(path)
        close(descriptor)
        if let failure { throw failure }
    }

    /// Writes a whole text to an open file; false leaves the reason in `errno`.
    static func write(_ text: TextParts, to descriptor: Int32) -> Bool {
        struct Failed: Error {}
        do {
            try text.forEach { part in if !write(part, to: descriptor) { throw Failed() } }
            return true
        } catch {
            // Only a part that could not be written ends it early.
            return false
        }
    }

    /// The same of one part.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
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

    static func rename(_ from: String, to place: String) throws {
        if Glibc.rename(from, place) != 0 { throw OutputError(place) }
    }

    /// The names in a folder in their order.
    static func names(in folder: String) throws -> [String] {
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

    /// Removes what runs left that came to no end: nobody else works here, since the caller holds the lock.
    static func removeDrafts(in folder: String) throws {
        for name in try names(in: folder)
        where name.hasPrefix(".") && (name.contains(".part-") || name.contains(".old-") || name.hasPrefix(".latest-")) {
            remove(folder + "/" + name)
        }
    }

    /// Removes a file or folder with all that is in it; what is not there is no failure.
    static func remove(_ path: String) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch CocoaError.fileNoSuchFile {
            return
        } catch {
            // It is in nobody's way: drafts begin with a dot, and the next run tries again.
            return
        }
    }
}
