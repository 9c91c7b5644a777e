/// The enrollment group that the name of an export says its registration records are of.
///
/// The list of a group's registrations does not name the group in its records (service API, device registration state), so
/// whoever exports one group after the other puts it into the path: a folder or file `group=NAME`, or a file
/// `registrations-NAME.json`.
enum ExportGroup {
    /// What may stand behind the name.
    private static let endings = [".gz", ".zip", ".json", ".jsonl", ".ndjson", ".csv", ".txt"]
    /// What stands in such a place and is no group.
    private static let others: Set<String> = ["all", "export", "list", "latest", "new", "old"]

    /// The group; nil where the path names none.
    static func of(_ path: String) -> String? {
        let parts = path.split(separator: "/").map(String.init)
        for part in parts.reversed() where part.lowercased().hasPrefix("group=") {
            return name(part == parts.last ? stem(part) : part, behind: "group=")
        }
        guard let file = parts.last.map(stem), file.lowercased().hasPrefix("registrations-") else { return nil }
        guard let name = name(file, behind: "registrations-") else { return nil }
        // A date is when it was exported.
        let isDate = name.allSatisfy { $0.isNumber || "-_TZtz:.".contains($0) }
        return isDate || others.contains(name.lowercased()) ? nil : name
    }

    private static func stem(_ file: String) -> String {
        var stem = file
        while let ending = endings.first(where: { stem.lowercased().hasSuffix($0) }) {
            stem = String(stem.dropLast(ending.count))
        }
        return stem
    }

    private static func name(_ text: String, behind prefix: String) -> String? {
        let name = text.dropFirst(prefix.count)
        // Ids of groups: up to 128 letters, digits and these (DPS, concepts).
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._:".contains($0)) }
        return isName && !name.isEmpty && name.count <= 128 ? String(name) : nil
    }
}
