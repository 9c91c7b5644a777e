/// A path with `*`, `?`, `[…]`, and `**` for any folders; expanded here because shells are not asked for quoted ones.
struct PathPattern {
    private let parts: [String]
    private let root: String

    init(_ pattern: String) {
        root = pattern.hasPrefix("/") ? "/" : ""
        parts = pattern.split(separator: "/").map(String.init)
    }

    /// The files that match, without those in folders that match.
    func matches() throws(InputError) -> [String] {
        var found: [String] = []
        try expand(root, parts[...], into: &found)
        return found
    }

    private func expand(_ prefix: String, _ rest: ArraySlice<String>, into found: inout [String]) throws(InputError) {
        guard let part = rest.first else {
            switch InputFiles.kind(of: prefix) {
            case .file: found.append(prefix)
            case .folder: found += try InputFiles.below(prefix)
            case nil: break
            }
            return
        }
        let next = rest.dropFirst()
        func join(_ name: String) -> String {
            prefix.isEmpty || prefix.hasSuffix("/") ? prefix + name : prefix + "/" + name
        }
        if part == "**" {
            try expand(prefix, next, into: &found)
            for name in try folderNames(prefix) where InputFiles.kind(of: join(name)) == .folder {
                try expand(join(name), rest, into: &found)
            }
        } else if part.contains(where: { "*?[".contains($0) }) {
            for name in try folderNames(prefix) where Self.match(Array(part), Array(name)) {
                try expand(join(name), next, into: &found)
            }
        } else {
            try expand(join(part), next, into: &found)
        }
    }

    private func folderNames(_ prefix: String) throws(InputError) -> [String] {
        let folder = prefix.isEmpty ? "." : prefix
        guard InputFiles.kind(of: folder) == .folder else { return [] }
        return try InputFiles.names(in: folder).filter { !InputFiles.isSkipped($0) }
    }

    /// Whether a name matches a part of a pattern.
    static func match(_ pattern: [Character], _ name: [Character]) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return (0...name.count).contains { match(Array(pattern.dropFirst()), Array(name.dropFirst($0))) }
        }
        guard let character = name.first else { return false }
        if first == "[", let end = pattern.dropFirst(2).firstIndex(of: "]") {
            var set = pattern[1..<end]
            let negated = set.first == "!" || set.first == "^"
            if negated { set = set.dropFirst() }
            return contains(Array(set), character) != negated
                && match(Array(pattern[(end + 1)...]), Array(name.dropFirst()))
        }
        return (first == "?" || first == character) && match(Array(pattern.dropFirst()), Array(name.dropFirst()))
    }

    private static func contains(_ set: [Character], _ character: Character) -> Bool {
        var at = 0
        while at < set.count {
            if at + 2 < set.count, set[at + 1] == "-" {
                if set[at] <= character && character <= set[at + 2] { return true }
                at += 3
            } else {
                if set[at] == character { return true }
                at += 1
            }
        }
        return false
    }
}
