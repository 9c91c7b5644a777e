import Crypto
import Glibc

/// The raw bytes of a file or of standard input.
final class RawFile: ByteSource {
    private let descriptor: Int32
    private let closes: Bool
    /// Whether a read may have to wait for whoever writes: a pipe, a terminal, a device.
    private let mayWait: Bool
    private(set) var ending = FileEnding.complete

    /// Opens a file for reading; `-` is standard input.
    ///
    /// - Throws: `InputError` with the operating system's reason.
    init(path: String) throws(InputError) {
        if path == "-" {
            descriptor = STDIN_FILENO
            closes = false
            mayWait = !Self.isRegular(STDIN_FILENO)
            return
        }
        // A named pipe would be waited for here, where nothing can end the waiting, until somebody opens it for writing.
        let opened = PathText.withBytes(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard opened >= 0 else { throw InputError(path: path, reason: InputError.systemReason()) }
        var status = stat()
        if fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(opened)
            let bound = "more than \(FolderWalk.deepest) folders inside one another"
            throw InputError(path: path, reason: "a folder that could not be listed, or that lies deeper than \(bound)")
        }
        descriptor = opened
        closes = true
        mayWait = !Self.isRegular(opened)
        posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        if closes { close(descriptor) }
    }

    /// Reads up to the buffer's size; 0 at the end, when the operating system refuses, and when the task is cancelled
    /// while it waits.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            if mayWait, !wait() {
                ending = .unreadable("interrupted")
                return 0
            }
            let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if got >= 0 { return got }
            if errno == EINTR || (mayWait && errno == EAGAIN) { continue }
            ending = .unreadable(InputError.systemReason())
            return 0
        }
    }

    /// Waits until there is something to read or the end; false if the task is no longer wanted.
    private func wait() -> Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !Task.isCancelled {
            // A pipe that nobody has opened for writing yet is neither ready nor at its end.
            if poll(&state, 1, 100) > 0 { return true }
        }
        return false
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}

/// A source whose bytes are counted and hashed on the way.
final class HashedSource: ByteSource {
    private let source: any ByteSource
    private var hash = SHA256()
    /// Bytes handed out so far.
    private(set) var bytesRead = 0

    init(_ source: any ByteSource) { self.source = source }

    var ending: FileEnding { source.ending }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let got = source.read(into: buffer)
        if got > 0 {
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            bytesRead += got
        }
        return got
    }

    /// SHA-256 of the bytes handed out so far.
    func digest() -> [UInt8] { Array(hash.finalize()) }
}

/// An input that could not be opened or read.
public struct InputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path as it was given.
    public let path: String
    /// What the operating system said.
    public let reason: String

    /// One line that says what and where.
    public var description: String { "cannot read \(path): \(reason)" }

    /// The text of the last system error.
    static func systemReason() -> String { String(cString: strerror(errno)) }
}
