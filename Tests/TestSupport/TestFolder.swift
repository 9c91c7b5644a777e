import FleetSimulator
import Glibc

/// A folder of its own for one test, removed with everything in it when the object goes.
public final class TestFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// Makes a folder.
    ///
    /// - Throws: `TestSupportError` if the system refuses.
    public init() throws {
        var template = Array("/tmp/dpslens-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestSupportError("no temporary folder") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    /// Writes a file in the folder and gives its path.
    ///
    /// - Throws: `TestSupportError` if it cannot be written.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        let target = path + "/" + name
        guard let file = fopen(target, "w") else { throw TestSupportError("cannot write \(target)") }
        defer { fclose(file) }
        let all = Array(bytes)
        guard fwrite(all, 1, all.count, file) == all.count else { throw TestSupportError("cannot write \(target)") }
        return target
    }

    /// Writes text.
    ///
    /// - Throws: `TestSupportError`.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

    /// Reads a file.
    ///
    /// - Throws: `TestSupportError` if it cannot be read.
    public static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw TestSupportError("cannot read \(path)") }
        defer { fclose(file) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }

    /// The Swift files below a folder with their texts, in the order of their paths.
    ///
    /// - Throws: `TestSupportError` if one cannot be read.
    public static func sources(_ folder: String) throws -> [(path: String, text: String)] {
        guard let directory = opendir(folder) else { throw TestSupportError("cannot read \(folder)") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return try names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name in
            let path = folder + "/" + name
            if name.hasSuffix(".swift") { return [(path, String(decoding: try read(path), as: UTF8.self))] }
            return name.contains(".") ? [] : try sources(path)
        }
    }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { remove(path + "/" + name) }
            }
            closedir(directory)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

/// Why a test could not be set up.
public struct TestSupportError: Error, CustomStringConvertible {
    /// What failed.
    public let description: String

    /// An error in words.
    public init(_ description: String) { self.description = description }
}

/// One gzip member of some bytes.
///
/// - Throws: `TestSupportError` if zlib has no memory.
public func gzip(_ bytes: some Sequence<UInt8>) throws -> [UInt8] {
    guard let packed = Gzip.compress(Array(bytes)) else { throw TestSupportError("zlib has no memory") }
    return packed
}
