import AzureLogs
import Basics
import Glibc

/// A folder of a night's outputs: it carries a mark, and without the mark it is nobody's to replace or remove.
///
/// The mark is a file that names this program, the night, the run and the other files. Only the files that it names are ever
/// removed, never through a link, and the folder itself only if nothing else is in it.
struct NightFolder {
    /// The mark's name.
    static let markName = ".dpslens-night"
    private static let title = "dpslens night "

    /// The folder's path.
    let path: String
    /// The night that the mark names.
    let night: String
    /// The names of the files that the mark names.
    let files: [String]

    /// Reads the mark of a folder; nil if it carries none, or if it is a link or no folder.
    init?(_ path: String) {
        self.path = path
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        let mark = openat(folder, Self.markName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard mark >= 0 else { return nil }
        defer { close(mark) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(mark, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        guard let first = lines.first, first.hasPrefix(Self.title) else { return nil }
        night = String(first.dropFirst(Self.title.count))
        guard Self.isDate(night) else { return nil }
        files = lines.filter { $0.hasPrefix("file ") }.map { String($0.dropFirst(5)) }.filter { !$0.contains("/") }
    }

    /// Makes a folder with its mark.
    ///
    /// - Parameters:
    ///   - run: what tells this run from others.
    ///   - mode: the mode of its files; nil for what the umask leaves.
    /// - Throws: `OutputError`.
    init(making path: String, night: String, run: String, files: [String], mode: mode_t?) throws {
        self.path = path
        self.night = night
        self.files = files
        guard mkdir(path, 0o777) == 0 else { throw OutputError(path) }
        let text =
            ([Self.title + night, "run " + run] + files.map { "file " + $0 }
            + ["dpslens may replace and remove these files; what else is put here keeps the folder from both."])
            .joined(separator: "\n") + "\n"
        do {
            if let mode, chmod(path, Self.folderMode(mode)) != 0 { throw OutputError(path) }
            try Files.write(text, to: path + "/" + Self.markName, mode: mode)
        } catch {
            rmdir(path)
            throw error
        }
    }

    /// Whoever may read the files may look into the folder.
    private static func folderMode(_ mode: mode_t) -> mode_t { mode | (mode & 0o444) >> 2 }

    /// Whether a name is a date, as those of nights are.
    static func isDate(_ name: String) -> Bool {
        name.utf8.count == 10 && Timestamp.parse(name + "T00:00:00Z") != nil
    }

    /// What is in the folder beside the files of its mark, in the order of the names.
    ///
    /// - Throws: `OutputError`.
    func strangers() throws -> [String] {
        let own = Set(files + [Self.markName])
        return try Files.names(in: path).filter { !own.contains($0) }
    }

    /// Removes the files of the mark and then the folder.
    ///
    /// - Returns: whether the folder is gone; it stays where something else is in it.
    func remove() -> Bool {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        guard let others = try? strangers(), others.isEmpty else { return false }
        for file in files { unlinkat(folder, file, 0) }
        unlinkat(folder, Self.markName, 0)
        return rmdir(path) == 0
    }
}
