import AzureLogs

/// Short names for places in logs: `hub-east 2026-03-02 09:00 line 12` for a path of two hundred letters.
///
/// Storage accounts name a blob by resource, category and hour; of that the resource and the hour tell a person where to look.
/// Of paths that would share a name, each gets more of what differs, down to the whole path, so that a name never
/// stands for two files.
struct PlaceNames: Sendable {
    /// The short names by path.
    private let names: [String: String]

    /// Names for the paths that are shown together.
    init(_ paths: some Sequence<String>) {
        var open = Set(paths)
        var names: [String: String] = [:]
        for form in [Self.byHour, Self.byCategory, Self.byFolder] {
            let tried = Dictionary(grouping: open) { form($0) ?? "" }
            for (name, paths) in tried where !name.isEmpty && paths.count == 1 {
                names[paths[0]] = name
                open.remove(paths[0])
            }
        }
        for path in open { names[path] = path }
        self.names = names
    }

    /// Names for the places of evidence that are shown together.
    init(places: some Sequence<String>) { self.init(places.compactMap { LogPlace($0)?.path }) }

    /// The short name of a path.
    func name(ofPath path: String) -> String { names[path] ?? Self.byHour(path) ?? path }

    /// A place in words; the place itself if it is none.
    func name(_ place: String) -> String {
        guard let known = LogPlace(place) else { return place }
        return known.line == 0 ? name(ofPath: known.path) : "\(name(ofPath: known.path)) line \(known.line)"
    }

    /// Whether every name is the whole path, so that a list of both says nothing.
    var areWhole: Bool { names.allSatisfy { $0.key == $0.value } }

    /// The names with their paths, in the order of the names.
    var all: [(name: String, path: String)] {
        names.map { (name: $0.value, path: $0.key) }.sorted { ($0.name, $0.path) < ($1.name, $1.path) }
    }

    private static func byHour(_ path: String) -> String? {
        if let blob = Blob(path) { return "\(blob.resource) \(blob.hour)" }
        let parts = path.split(separator: "/")
        return parts.last.map(String.init)
    }

    private static func byCategory(_ path: String) -> String? {
        if let blob = Blob(path) { return "\(blob.resource) \(blob.category) \(blob.hour)" }
        return byFolder(path)
    }

    private static func byFolder(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        if let blob = Blob(path) { return "\(blob.resource) \(blob.category) \(blob.hour) \(blob.file)" }
        return parts.count > 2 ? parts.suffix(2).joined(separator: "/") : nil
    }

    /// The parts of a path that diagnostic settings write to a storage account:
    /// `insights-logs-CATEGORY/resourceId=/…/NAME/y=2026/m=03/d=02/h=09/m=00/PT1H.json`.
    private struct Blob {
        var resource: String
        var category: String
        var hour: String
        var file: String

        init?(_ path: String) {
            let parts = path.split(separator: "/").map(String.init)
            guard let year = parts.lastIndex(where: { $0.hasPrefix("y=") }), year > 0, parts.count >= year + 5 else {
                return nil
            }
            let values = zip(parts[year..<year + 5], ["y=", "m=", "d=", "h=", "m="]).compactMap { part, key in
                part.hasPrefix(key) && part.dropFirst(2).allSatisfy(\.isNumber) ? String(part.dropFirst(2)) : nil
            }
            guard values.count == 5 else { return nil }
            resource = parts[year - 1].lowercased()
            hour = "\(values[0])-\(values[1])-\(values[2]) \(values[3]):\(values[4])"
            category =
                parts.last { $0.hasPrefix("insights-logs-") }.map { String($0.dropFirst("insights-logs-".count)) } ?? ""
            file = parts[(year + 5)...].joined(separator: "/")
        }
    }
}
