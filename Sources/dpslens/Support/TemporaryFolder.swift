import Glibc

/// A folder that lives for one command.
struct TemporaryFolder {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/dpslens-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw InvalidOutput(path: base, reason: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        Leftovers.add(path)
    }

    /// Removes the folder and the files in it.
    func remove() {
        Self.remove(path)
        Leftovers.forget(path)
    }

    /// Removes a folder and the files in it.
    static func remove(_ path: String) {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { unlink(path + "/" + name) }
        }
        closedir(directory)
        rmdir(path)
    }
}
