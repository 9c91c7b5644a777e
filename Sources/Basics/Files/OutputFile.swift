import Glibc

/// A file that a person named for an output: what it is decides how it is written.
///
/// A pipe, a device or a descriptor of the process is written through. A link is followed. Any other file is written as a
/// draft beside its place, of a random name and with mode 0600, and renamed once it is whole: a failed run leaves the old
/// file as it was. An existing file keeps its mode and, where the system allows, its owner; a new one gets what the umask
/// leaves. What this does not keep: other names of the same file (hard links) and access lists.
public struct OutputFile: Sendable {
    /// The path as it was given.
    public let path: String
    private let spared: [SparedFile]
    private let random: @Sendable () -> UInt64
    private let note: @Sendable (String) -> Void

    /// A file to write.
    ///
    /// - Parameters:
    ///   - path: where to.
    ///   - spared: files that the run needs, which are refused.
    ///   - random: names the draft.
    ///   - note: told of what a run that was killed has left, in one line; nothing is removed.
    /// - Throws: `OutputRefusal` for a spared file or any database, `OutputError` for what cannot be written at all.
    public init(
        _ path: String,
        sparing spared: [SparedFile] = [],
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.path = path
        self.spared = spared
        self.random = random
        self.note = note
        _ = try place()
    }

    /// The path once links are followed.
    private enum Place {
        /// A descriptor of this process, as `/dev/stdout` or `/dev/fd/3`.
        case descriptor(Int32)
        /// A pipe, a device, a socket.
        case special(String)
        /// A file in a folder, with its state if it is there.
        case file(folder: String, name: String, old: stat?)
    }

    /// Writes a text.
    ///
    /// - Parameter isPrivate: whether nobody but the owner may read it, whatever stood there before.
    /// - Throws: `OutputError` with the system's reason, `OutputRefusal` if the place has become one that is spared.
    public func write(_ text: String, isPrivate: Bool = false) throws {
        try write(TextParts(text), isPrivate: isPrivate)
    }

    /// The same of a text that is made while it is written.
    public func write(_ text: TextParts, isPrivate: Bool = false) throws {
        switch try place() {
        case .descriptor(let descriptor):
            if try Files.write(text, to: descriptor) { return }
            // A reader of standard output that has gone away is no failure.
            guard descriptor == STDOUT_FILENO, errno == EPIPE else { throw OutputError(path) }
        case .special(let target):
            let descriptor = open(target, O_WRONLY | O_NOCTTY | O_CLOEXEC)
            guard descriptor >= 0 else { throw OutputError(path) }
            defer { close(descriptor) }
            guard try Files.write(text, to: descriptor) else { throw OutputError(path) }
        case .file(let folder, let name, let old):
            try replace(text, folder, name, old, isPrivate: isPrivate)
        }
    }

    private func replace(_ text: TextParts, _ folder: String, _ name: String, _ old: stat?, isPrivate: Bool) throws {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw OutputError(path) }
        defer { close(directory) }
        for left in OutputDrafts.left(of: name, in: directory) {
            note("\(folder)/\(left) was left by a run that was killed while it wrote \(path); remove it")
        }
        let draft = OutputDrafts.name(of: name, random: random())
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = OutputDrafts.making(folder + "/" + draft) { openat(directory, draft, flags, 0o600) }
        guard descriptor >= 0 else { throw OutputError(path) }
        defer { OutputDrafts.forget(folder + "/" + draft) }
        // Held until the end of the process or of the file: so others can tell it from one that was left.
        flock(descriptor, LOCK_EX | LOCK_NB)
        do {
            defer { close(descriptor) }
            var isDone = try Files.write(text, to: descriptor) && fsync(descriptor) == 0
            if isDone, !isPrivate { isDone = fchmod(descriptor, Self.mode(old, descriptor)) == 0 }
            isDone = isDone && renameat(directory, draft, directory, name) == 0
            guard isDone else { throw OutputError(path) }
        } catch {
            unlinkat(directory, draft, 0)
            throw error
        }
        fsync(directory)
    }

    /// The mode that the file is to have; an existing one's owner is given to the draft on the way.
    private static func mode(_ old: stat?, _ draft: Int32) -> mode_t {
        guard let old else { return 0o666 & ~umask() }
        var new = stat()
        guard fstat(draft, &new) == 0 else { return 0o600 }
        let mode = old.st_mode & 0o7777
        if old.st_uid == new.st_uid, old.st_gid == new.st_gid { return mode }
        if fchown(draft, old.st_uid, old.st_gid) == 0 { return mode }
        // What the old group could do, another group need not be able to.
        return fchown(draft, uid_t.max, old.st_gid) == 0 ? mode & 0o777 : mode & 0o707
    }

    /// The process's umask; while it is asked for, files of other threads are private.
    private static func umask() -> mode_t {
        let mask = Glibc.umask(0o077)
        _ = Glibc.umask(mask)
        return mask
    }

    private func place() throws -> Place {
        var path = path
        // By hand, so that a link to a file that is not there yet is followed as well.
        for _ in 0..<40 {
            let (folder, name) = FilePlace.parts(of: path)
            if let number = FilePlace.descriptor(folder, name) { return .descriptor(number) }
            var status = stat()
            if lstat(path, &status) != 0 {
                guard errno == ENOENT, !name.isEmpty else { throw OutputError(self.path) }
                return try checked(.file(folder: folder, name: name, old: nil))
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                guard let target = FilePlace.target(ofLink: path) else { throw OutputError(self.path) }
                path = target.hasPrefix("/") ? target : folder + "/" + target
            case S_IFREG: return try checked(.file(folder: folder, name: name, old: status))
            case S_IFDIR:
                errno = EISDIR
                throw OutputError(self.path)
            default: return .special(path)
            }
        }
        errno = ELOOP
        throw OutputError(self.path)
    }

    /// The place if it is none that is spared.
    private func checked(_ place: Place) throws -> Place {
        guard case .file(let folder, let name, let old) = place else { return place }
        let resolved = FilePlace.resolved(folder, name)
        for file in spared where file.isAt(resolved, old) {
            throw OutputRefusal("\(path) is \(file.meaning); give another place for the output")
        }
        if old != nil, FilePlace.isDatabase(folder + "/" + name) {
            throw OutputRefusal("\(path) is a database; give another place for the output, or remove it first")
        }
        return place
    }
}

/// A file that a run needs or keeps, and that no output may replace.
public struct SparedFile: Sendable, Hashable {
    /// Its path.
    public var path: String
    /// What it is, for the message: `the database`.
    public var meaning: String

    /// A file that is spared.
    public init(_ path: String, _ meaning: String) {
        self.path = path
        self.meaning = meaning
    }

    /// A database with the files that stand beside it.
    public static func database(_ path: String) -> [SparedFile] {
        [SparedFile(path, "the database")]
            + ["-wal", "-shm", "-journal", "-sweep", ".lock"].map { SparedFile(path + $0, "a file of the database") }
    }

    /// Whether it is the file at a place: the same file by device and number, or the same name where there is none yet.
    func isAt(_ resolved: String?, _ old: stat?) -> Bool {
        if let old {
            var status = stat()
            return stat(path, &status) == 0 && status.st_dev == old.st_dev && status.st_ino == old.st_ino
        }
        // A file that is there cannot be one that is not.
        guard let resolved, access(path, F_OK) != 0 else { return false }
        let (folder, name) = FilePlace.parts(of: path)
        return FilePlace.resolved(folder, name) == resolved
    }
}

/// An output that would replace what the run needs: the command was not meant so.
public struct OutputRefusal: Error, Sendable, CustomStringConvertible {
    /// What and why.
    public let description: String

    init(_ description: String) { self.description = description }
}
