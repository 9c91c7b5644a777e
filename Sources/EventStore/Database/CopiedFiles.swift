import Glibc

/// Copies of files in a folder of its own, for a moment.
struct CopiedFiles {
    /// The copy of the first file.
    let first: String
    private let folder: String
    private let copies: [String]

    /// Copies those of the files that are there.
    ///
    /// - Throws: `StoreError` with the system's reason; then nothing is left behind.
    init(_ paths: [String]) throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/dpslens-copy-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw StoreError(.cannotOpen, "cannot make a folder in \(base): \(String(cString: strerror(errno)))")
        }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // SQLite finds the journal by the database's name, so the ends of the names stay.
        let stem = paths.first ?? ""
        var copies: [String] = []
        for path in paths {
            let copy = folder + "/copy" + path.dropFirst(stem.count)
            copies.append(copy)
            do {
                try Self.copy(path, to: copy)
            } catch {
                Self.remove(copies, folder)
                throw error
            }
        }
        self.copies = copies
        first = folder + "/copy"
    }

    /// Removes the folder with all that SQLite made in it; what is open stays readable.
    func remove() { Self.remove(copies + [first + "-shm", first + "-wal", first + "-journal"], folder) }

    private static func remove(_ files: [String], _ folder: String) {
        for file in files { unlink(file) }
        rmdir(folder)
    }

    private static func copy(_ path: String, to copy: String) throws {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        if source < 0, errno == ENOENT { return }
        guard source >= 0 else {
            throw StoreError(.cannotOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(source) }
        let target = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard target >= 0 else {
            throw StoreError(.cannotOpen, "cannot make \(copy): \(String(cString: strerror(errno)))")
        }
        defer { close(target) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let got = read(source, &buffer, buffer.count)
            if got == 0 { return }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw StoreError(.cannotOpen, "cannot read \(path): \(String(cString: strerror(errno)))")
            }
            var done = 0
            while done < got {
                let count = buffer.withUnsafeBytes { write(target, $0.baseAddress.map { $0 + done }, got - done) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw StoreError(.diskFull, "cannot copy \(path) to \(copy): \(String(cString: strerror(errno)))")
                }
                done += count
            }
        }
    }
}
