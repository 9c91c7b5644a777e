import Glibc
import LogIngest

/// Records on standard input that say where they stand: `path TAB line TAB record`, one a line.
///
/// They are put down as files with empty lines in the places of records that did not come, so that the evidence of what is found
/// is the place in the log itself. A record is one line of JSON, as its bytes are.
struct PlacedRecords {
    /// A line that does not say where its record stands.
    struct Fault: Error, CustomStringConvertible {
        var line: Int
        var reason: String

        var description: String {
            "standard input, line \(line): \(reason); --placed reads `path TAB line TAB record`, lines of a path ascending"
        }
    }

    /// The files that were put down, in the order of the paths that they stand for.
    private(set) var files: [String] = []
    /// The path that each of the files stands for.
    private(set) var paths: [String: String] = [:]

    private let folder: String
    private var known: [ExactText: (file: String, line: Int)] = [:]
    private var current: (path: ExactText, file: UnsafeMutablePointer<FILE>)?

    /// Puts records down in a folder, which is there and empty.
    ///
    /// - Parameter next: gives the next line, without its end; nil behind the last.
    /// - Throws: `Fault`; `InvalidOutput` if the folder takes no file; what `next` throws.
    init(in folder: String, _ next: () throws -> [UInt8]?) throws {
        self.folder = folder
        defer { if let current { fclose(current.file) } }
        var number = 0
        while let line = try next() {
            number += 1
            if !line.isEmpty { try put(line, number) }
        }
        if let open = current {
            current = nil
            if fclose(open.file) != 0 { throw failure() }
        }
        files = known.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }.map(\.value.file)
        for (path, place) in known { paths[place.file] = path.text }
    }

    private mutating func put(_ line: [UInt8], _ number: Int) throws {
        let tab = UInt8(ascii: "\t")
        let parts = line.split(separator: tab, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty else { throw Fault(line: number, reason: "two tabs are missing") }
        guard let path = String(validating: parts[0], as: UTF8.self).map(ExactText.init) else {
            throw Fault(line: number, reason: "the path is no UTF-8 text")
        }
        guard let text = String(validating: parts[1], as: UTF8.self), let place = Int(text), place > 0 else {
            throw Fault(line: number, reason: "`\(String(decoding: parts[1], as: UTF8.self))` is no line number")
        }
        let before = known[path]?.line ?? 0
        guard place > before else {
            throw Fault(line: number, reason: "line \(place) of \(path.text) comes behind line \(before)")
        }
        let file = try open(path)
        known[path]?.line = place
        for _ in (before + 1)..<place where fputc(10, file) == EOF { throw failure() }
        let written = parts[2].withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == parts[2].count, fputc(10, file) != EOF else { throw failure() }
    }

    /// The file of a path, open for what comes next.
    private mutating func open(_ path: ExactText) throws -> UnsafeMutablePointer<FILE> {
        if let current, current.path == path { return current.file }
        if let open = current {
            current = nil
            if fclose(open.file) != 0 { throw failure() }
        }
        let name = known[path]?.file ?? "\(folder)/\(known.count + 1)"
        guard let file = fopen(name, "a") else { throw failure() }
        current = (path, file)
        if known[path] == nil { known[path] = (name, 0) }
        return file
    }

    private func failure() -> InvalidOutput { InvalidOutput(path: folder, reason: String(cString: strerror(errno))) }
}

/// The lines of standard input as bytes.
struct InputLines: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>?
    private var buffer: UnsafeMutablePointer<CChar>?
    private var room = 0

    init() { file = fdopen(dup(STDIN_FILENO), "r") }

    deinit {
        free(buffer)
        if let file { fclose(file) }
    }

    /// The next line without its end; nil behind the last.
    ///
    /// - Throws: `InvalidInput` if standard input cannot be read.
    mutating func next() throws -> [UInt8]? {
        guard let file else { throw unreadable() }
        let length = getline(&buffer, &room, file)
        guard length >= 0, let buffer else {
            if ferror(file) != 0 { throw unreadable() }
            return nil
        }
        var line = UnsafeRawBufferPointer(start: buffer, count: length)[...]
        if line.last == 10 { line = line.dropLast() }
        return Array(line)
    }

    private func unreadable() -> InvalidInput {
        InvalidInput("standard input cannot be read: \(String(cString: strerror(errno)))")
    }
}
