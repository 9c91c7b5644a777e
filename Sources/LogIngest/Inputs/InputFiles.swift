public import Glibc

/// Lists the files that a command's arguments name; paths are texts as `PathText` has them.
public enum InputFiles {
    /// The files to read, in the order of their hours, then of their paths, each once.
    ///
    /// Folders below that cannot be listed are among them: reading them fails and says why, and the rest is read.
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
                continue
            }
            // As it stands; else as the program shows a name that is no UTF-8.
            let literal = PathText.text(argument.utf8)
            if let place = [literal, argument].first(where: { kind(of: $0) != nil }) {
                guard kind(of: place) == .folder else {
                    paths.append(place)
                    continue
                }
                _ = try names(in: place)
                var walk = FolderWalk()
                walk.add(place)
                paths += walk.found
            } else if argument.contains(where: { "*?[".contains($0) }) {
                let matches = PathPattern(argument).matches()
                if matches.isEmpty { throw InputError(path: argument, reason: "no file matches this pattern") }
                paths += matches
            } else {
                throw InputError(path: argument, reason: InputError.systemReason())
            }
        }
        var seen = Set<ExactText>()
        return paths.filter { seen.insert(ExactText($0)).inserted }
            .map { (key: sortKey($0), path: $0) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map(\.path)
    }

    /// The sizes of the files, in bytes, for a progress display; 0 for what has none.
    public static func totalBytes(_ paths: [String]) -> Int {
        paths.reduce(0) { sum, path in
            guard path != "-", let status = status(path), status.st_mode & S_IFMT == S_IFREG else { return sum }
            return sum + Int(status.st_size)
        }
    }

    enum Kind {
        case file
        case folder
    }

    static func kind(of path: String) -> Kind? {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR ? .folder : .file }
    }

    /// What the system says of a path; nil leaves the reason in `errno`.
    public static func status(_ path: String, followsLinks: Bool = true) -> stat? {
        var status = stat()
        let code = PathText.withBytes(path) { followsLinks ? stat($0, &status) : lstat($0, &status) }
        return code == 0 ? status : nil
    }

    static func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// Files that are never logs: our own databases and what stands beside them, and hidden ones.
    static func isSkipped(_ name: String) -> Bool {
        name.hasPrefix(".") || [".db", ".db-wal", ".db-shm", ".db-sweep", ".db.lock"].contains { name.hasSuffix($0) }
    }

    /// The names in a folder, sorted by their bytes.
    static func names(in folder: String) throws(InputError) -> [String] {
        guard let directory = PathText.withBytes(folder, { opendir($0) }) else {
            throw InputError(path: folder, reason: InputError.systemReason())
        }
        defer { closedir(directory) }
        var names: [[UInt8]] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }.map { PathText.text($0) }
    }

    /// Files of one hour stand together, so that rows arrive in the order of their times; then by path.
    private static func sortKey(_ path: String) -> [UInt8] {
        var hour: [UInt8] = []
        for part in path.utf8.split(separator: UInt8(ascii: "/")) {
            guard part.dropFirst().first == UInt8(ascii: "="), let name = part.first,
                "ymdh".utf8.contains(name)
            else { continue }
            hour += part.dropFirst(2)
        }
        return hour + [0] + Array(path.utf8)
    }
}
