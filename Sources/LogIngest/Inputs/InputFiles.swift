import Glibc

/// Lists the files that a command's arguments name.
public enum InputFiles {
    /// The files to read, in the order of their hours, then of their paths, each once.
    ///
    /// - Parameter arguments: files, folders (all files below), patterns with `*`, `?`, `[…]` and `**`, or `-` for
    ///   standard input.
    /// - Throws: `InputError` for a path that is not there, a folder that cannot be read, or a pattern that matches
    ///   nothing: a typing error must not look like a fleet without logs.
    public static func list(_ arguments: [String]) throws(InputError) -> [String] {
        var paths: [String] = []
        for argument in arguments {
            if argument == "-" {
                paths.append(argument)
            } else if let kind = kind(of: argument) {
                paths += try kind == .folder ? below(argument) : [argument]
            } else if argument.contains(where: { "*?[".contains($0) }) {
                let matches = try PathPattern(argument).matches()
                if matches.isEmpty { throw InputError(path: argument, reason: "no file matches this pattern") }
                paths += matches
            } else {
                throw InputError(path: argument, reason: InputError.systemReason())
            }
        }
        var seen = Set<String>()
        return paths.filter { seen.insert($0).inserted }.sorted { sortKey($0) < sortKey($1) }
    }

    /// The sizes of the files, in bytes, for a progress display; 0 for what has none.
    public static func totalBytes(_ paths: [String]) -> Int {
        paths.reduce(0) { sum, path in
            var status = stat()
            return path != "-" && stat(path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }

    enum Kind {
        case file
        case folder
    }

    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    /// Files that are never logs: our own databases and what stands beside them, and hidden ones.
    static func isSkipped(_ name: String) -> Bool {
        name.hasPrefix(".") || [".db", ".db-wal", ".db-shm", ".db-sweep", ".db.lock"].contains { name.hasSuffix($0) }
    }

    /// The names in a folder, sorted by their bytes.
    static func names(in folder: String) throws(InputError) -> [String] {
        guard let directory = opendir(folder) else { throw InputError(path: folder, reason: InputError.systemReason()) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All files below a folder.
    ///
    /// Links to folders are not followed, so that a link cannot lead in a circle.
    static func below(_ folder: String) throws(InputError) -> [String] {
        var files: [String] = []
        var folders = [folder]
        while let next = folders.popLast() {
            for name in try names(in: next) where !isSkipped(name) {
                let path = next.hasSuffix("/") ? next + name : next + "/" + name
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append(path)
                case S_IFREG: files.append(path)
                case S_IFLNK: if kind(of: path) == .file { files.append(path) }
                default: continue
                }
            }
        }
        return files
    }

    /// Files of one hour stand together, so that rows arrive in the order of their times; then by path.
    private static func sortKey(_ path: String) -> String {
        var hour = ""
        for part in path.split(separator: "/") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, ["y", "m", "d", "h"].contains(pair[0]) { hour += pair[1] }
        }
        return hour + "\u{0}" + path
    }
}
