import Glibc

/// Questions about where a path leads.
public enum FilePlace {
    /// The folder and the name of a path; the folder of a bare name is `.`.
    static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
    }

    /// The path with all links of its folder followed; nil if there is no such folder.
    static func resolved(_ folder: String, _ name: String) -> String? {
        guard let real = realpath(folder, nil) else { return nil }
        defer { free(real) }
        return String(cString: real) + "/" + name
    }

    /// Where a link points to; nil if it cannot be read.
    public static func target(ofLink path: String) -> String? {
        var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &characters, characters.count)
        guard count > 0 else { return nil }
        return String(decoding: characters[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The number of a descriptor of this process that a path stands for, as `/dev/fd/3` does.
    static func descriptor(_ folder: String, _ name: String) -> Int32? {
        guard let number = Int32(name), number >= 0, let real = realpath(folder, nil) else { return nil }
        defer { free(real) }
        let words = String(cString: real).split(separator: "/")
        // A thread's own folder, `/proc/PID/task/TID/fd`, holds the same.
        let isOwn = words.count >= 3 && words[0] == "proc" && words[1] == String(getpid()) && words.last == "fd"
        return isOwn ? number : nil
    }

    /// Whether a file begins as every SQLite database does.
    static func isDatabase(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let magic = Array("SQLite format 3\0".utf8)
        var head = [UInt8](repeating: 0, count: magic.count)
        return read(descriptor, &head, head.count) == head.count && head == magic
    }
}
