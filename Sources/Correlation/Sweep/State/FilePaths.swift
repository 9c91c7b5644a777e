import AzureLogs

/// The paths of files by their numbers, to put records into the order of the texts that cite them.
struct FilePaths: Sendable {
    private var paths: [[UInt8]] = []

    /// Learns a file's path.
    mutating func learn(_ file: Int, _ path: String) {
        if paths.count <= file { paths += repeatElement([], count: file + 1 - paths.count) }
        if paths[file].isEmpty { paths[file] = Array(path.utf8) }
    }

    /// Whether `path:line` of one record comes before that of another, byte by byte.
    func precedes(_ a: RecordPlace, _ b: RecordPlace) -> Bool {
        if a.file != b.file {
            let (first, second) = (bytes(of: a.file), bytes(of: b.file))
            for index in 0..<min(first.count, second.count) where first[index] != second[index] {
                return first[index] < second[index]
            }
            return text(a).lexicographicallyPrecedes(text(b))
        }
        // Numbers are compared digit by digit, not by their values.
        let (first, second) = (a.line.digits, b.line.digits)
        let x = a.line * (0..<max(0, second - first)).reduce(1) { power, _ in power * 10 }
        let y = b.line * (0..<max(0, first - second)).reduce(1) { power, _ in power * 10 }
        return x == y ? a.line < b.line : x < y
    }

    private func bytes(of file: Int) -> [UInt8] { paths.indices.contains(file) ? paths[file] : [] }

    private func text(_ place: RecordPlace) -> [UInt8] { bytes(of: place.file) + Array(":\(place.line)".utf8) }
}

extension Int {
    /// How many decimal digits it has.
    fileprivate var digits: Int {
        var (rest, count) = (self, 1)
        while rest >= 10 { (rest, count) = (rest / 10, count + 1) }
        return count
    }
}
