import Basics
import Correlation
import EventStore

/// The databases that are merged.
enum PartFiles {
    /// Databases as they are named, and those of folders in the order of their names.
    static func list(_ sources: [String]) throws -> [String] {
        var paths: [String] = []
        for source in sources {
            if FileIdentity(source)?.isFolder == true {
                let names = try Files.names(in: source)
                let found = names.filter { $0.hasSuffix(".db") }.sorted().map { source + "/" + $0 }
                if found.isEmpty { throw StoreError(.cannotOpen, "there is no database (*.db) in \(source)") }
                paths += found
            } else {
                paths.append(source)
            }
        }
        return paths
    }

    /// Refuses a database that would be united with itself.
    static func refuse(_ target: String, among sources: [String]) throws {
        guard let known = FileIdentity(target) else { return }
        for source in sources where FileIdentity(source) == known {
            throw StoreError(
                .failed,
                "\(source) is the database that takes the others; leave it out, or give another --db"
            )
        }
    }

    /// Which part a database is, nil for a whole one; it is brought to this build's form.
    static func part(of path: String) throws -> PartNumber? {
        _ = try LogDatabase.open(path, .readOnly)
        return try PartMark.of(LogDatabase.open(path))
    }

    /// Brings what is derived up to the events.
    static func bringUp(_ path: String) throws {
        let lock = try DatabaseLock(for: path, owner: "dpslens merge", now: TimeArgument.now(), waiting: 0)
        defer { withExtendedLifetime(lock) {} }
        _ = try Correlator.rebuild(LogDatabase.open(path))
    }
}
