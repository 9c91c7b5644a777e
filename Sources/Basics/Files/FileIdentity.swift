import Glibc

/// What a path leads to, behind links: two paths with equal identities are one file or folder.
public struct FileIdentity: Sendable, Hashable {
    /// Whether it is a folder.
    public let isFolder: Bool
    private let device: UInt64
    private let inode: UInt64

    /// What is there; nil if nothing is.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
