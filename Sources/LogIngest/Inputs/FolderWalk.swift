import Glibc

/// Goes through folders, each once, however they are linked.
///
/// Links to files and to folders are followed. A folder is known by device and number, so that a circle of links ends where it
/// began, and a folder under two names is read under one: the one that is no link.
struct FolderWalk {
    /// The most folders inside one another; what lies deeper is told as a folder that could not be read.
    static let deepest = 256

    /// A file or folder by its place in the file system.
    struct Identity: Hashable {
        var device: UInt64
        var number: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    /// What was found: files, and folders that could not be listed, which reading will say of them.
    private(set) var found: [String] = []
    private var visited = Set<Identity>()

    /// Adds all files below a folder.
    mutating func add(_ folder: String) {
        var folders: [(path: String, depth: Int)] = [(folder, 0)]
        var links: [(path: String, depth: Int)] = []
        while true {
            if folders.isEmpty {
                // What is a folder of its own comes before what is only linked to it.
                if links.isEmpty { return }
                folders.append(links.removeFirst())
            }
            let (next, depth) = folders.removeLast()
            guard let status = InputFiles.status(next), visited.insert(Identity(status)).inserted else { continue }
            guard depth <= Self.deepest, let names = try? InputFiles.names(in: next) else {
                found.append(next)
                continue
            }
            for name in names where !InputFiles.isSkipped(name) {
                let path = InputFiles.join(next, name)
                guard let status = InputFiles.status(path, followsLinks: false) else {
                    // It was removed meanwhile; or it cannot be looked at, which reading will say.
                    if errno != ENOENT { found.append(path) }
                    continue
                }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folders.append((path, depth + 1))
                case S_IFREG: found.append(path)
                case S_IFLNK:
                    switch InputFiles.kind(of: path) {
                    case .file: found.append(path)
                    case .folder: links.append((path, depth + 1))
                    case nil: continue
                    }
                default: continue
                }
            }
        }
    }
}
