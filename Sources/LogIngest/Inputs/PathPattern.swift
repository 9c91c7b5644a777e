import Glibc

/// A path with `*`, `?`, `[…]`, and `**` for any folders; expanded here because shells are not asked for quoted ones.
struct PathPattern {
    private let parts: [Part]
    private let root: String

    /// A part between slashes.
    private enum Part {
        /// A name as it is.
        case name(String)
        /// `**`: no folder, or any below.
        case folders
        case pattern(NamePattern)
    }

    init(_ pattern: String) {
        root = pattern.hasPrefix("/") ? "/" : ""
        parts = pattern.split(separator: "/").map { part in
            if part == "**" { return .folders }
            if part.contains(where: { "*?[".contains($0) }) { return .pattern(NamePattern(String(part))) }
            return .name(String(part))
        }
    }

    /// The files that match, with those in folders that match, and folders on the way that cannot be listed.
    ///
    /// Each folder is asked once for each part of the pattern, whatever links lead to it: the time is that of the folders and
    /// the parts, and a circle ends.
    func matches() -> [String] {
        var search = Search(parts)
        search.expand(root, 0, depth: 0)
        return search.found
    }

    private struct Search {
        /// A folder and the part of the pattern that it was asked for.
        private struct Question: Hashable {
            var folder: FolderWalk.Identity
            var part: Int
        }

        private let parts: [Part]
        private var asked = Set<Question>()
        private var below = FolderWalk()
        private(set) var found: [String] = []

        init(_ parts: [Part]) { self.parts = parts }

        mutating func expand(_ prefix: String, _ at: Int, depth: Int) {
            let folder = prefix.isEmpty ? "." : prefix
            guard let status = InputFiles.status(folder) else { return }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            guard at < parts.count else {
                if !isFolder { return found.append(prefix) }
                let count = below.found.count
                below.add(prefix)
                found += below.found[count...]
                return
            }
            guard isFolder else { return }
            if case .name(let name) = parts[at] {
                return expand(InputFiles.join(prefix, name), at + 1, depth: depth + 1)
            }
            guard asked.insert(Question(folder: .init(status), part: at)).inserted else { return }
            guard depth <= FolderWalk.deepest, let names = try? InputFiles.names(in: folder) else {
                return found.append(folder)
            }
            switch parts[at] {
            case .name: return
            case .folders:
                expand(prefix, at + 1, depth: depth)
                for path in Self.paths(prefix, names) where InputFiles.kind(of: path) == .folder {
                    expand(path, at, depth: depth + 1)
                }
            case .pattern(let pattern):
                for path in Self.paths(prefix, names.filter(pattern.matches)) {
                    expand(path, at + 1, depth: depth + 1)
                }
            }
        }

        /// The paths of names, links last: what has a name of its own is shown under it.
        private static func paths(_ prefix: String, _ names: [String]) -> [String] {
            let all = names.filter { !InputFiles.isSkipped($0) }.map { InputFiles.join(prefix, $0) }
            let links = all.map {
                InputFiles.status($0, followsLinks: false).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
            }
            return zip(all, links).filter { !$0.1 }.map(\.0) + zip(all, links).filter(\.1).map(\.0)
        }
    }
}

/// A name with `*`, `?` and `[…]`.
///
/// Characters are Unicode scalars; a byte that is no UTF-8 is a character of its own. The time is that of the pattern's length
/// times the name's, however many stars there are.
struct NamePattern {
    private enum Token {
        case any
        case one
        case scalar(UInt32)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    private let tokens: [Token]

    init(_ pattern: String) {
        let units = Self.units(pattern)
        var tokens: [Token] = []
        var at = 0
        while at < units.count {
            switch units[at] {
            case 0x2A:
                if case .any? = tokens.last {} else { tokens.append(.any) }
            case 0x3F: tokens.append(.one)
            case 0x5B:
                if let (token, end) = Self.set(units, at) {
                    tokens.append(token)
                    at = end
                } else {
                    tokens.append(.scalar(units[at]))
                }
            default: tokens.append(.scalar(units[at]))
            }
            at += 1
        }
        self.tokens = tokens
    }

    /// Whether a name matches.
    func matches(_ name: String) -> Bool {
        let units = Self.units(name)
        var token = 0
        var unit = 0
        // Where to go on when what follows the last star does not match: the star takes one more.
        var star: (token: Int, unit: Int)?
        while unit < units.count {
            if token < tokens.count, case .any = tokens[token] {
                star = (token, unit)
                token += 1
            } else if token < tokens.count, Self.matches(tokens[token], units[unit]) {
                token += 1
                unit += 1
            } else if let last = star {
                star = (last.token, last.unit + 1)
                token = last.token + 1
                unit = last.unit + 1
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { if case .any = $0 { true } else { false } }
    }

    private static func matches(_ token: Token, _ unit: UInt32) -> Bool {
        switch token {
        case .any, .one: true
        case .scalar(let scalar): scalar == unit
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(unit) } != isNegated
        }
    }

    /// The set that begins at a bracket, and the place of its end; nil if there is no end.
    private static func set(_ units: [UInt32], _ start: Int) -> (Token, Int)? {
        var at = start + 1
        let isNegated = at < units.count && (units[at] == 0x21 || units[at] == 0x5E)
        if isNegated { at += 1 }
        // A bracket that closes nothing yet is one of the set.
        guard at < units.count, let end = units[(at + 1)...].firstIndex(of: 0x5D) else { return nil }
        var ranges: [ClosedRange<UInt32>] = []
        while at < end {
            if at + 2 < end, units[at + 1] == 0x2D, units[at] <= units[at + 2] {
                ranges.append(units[at]...units[at + 2])
                at += 3
            } else {
                ranges.append(units[at]...units[at])
                at += 1
            }
        }
        return (.set(ranges, isNegated: isNegated), end)
    }

    /// The scalars of a text; bytes that are no UTF-8 come behind all of them.
    private static func units(_ text: String) -> [UInt32] {
        let bytes = PathText.bytes(text)
        if let exact = String(validating: bytes, as: UTF8.self) { return exact.unicodeScalars.map(\.value) }
        var units: [UInt32] = []
        var at = 0
        while at < bytes.count {
            let lengths = (1...4).filter { at + $0 <= bytes.count }
            if let length = lengths.first(where: { String(validating: bytes[at..<(at + $0)], as: UTF8.self) != nil }),
                let scalar = String(validating: bytes[at..<(at + length)], as: UTF8.self)?.unicodeScalars.first
            {
                units.append(scalar.value)
                at += length
            } else {
                units.append(0x11_0000 + UInt32(bytes[at]))
                at += 1
            }
        }
        return units
    }
}
