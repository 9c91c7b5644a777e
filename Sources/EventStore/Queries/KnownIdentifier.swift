import GRDB

/// A name that says something about whose fleet this is.
public struct KnownIdentifier: Sendable, Hashable {
    /// What a name stands for.
    ///
    /// Of a name that stands for several things the earlier one counts.
    public enum Kind: String, Sendable, CaseIterable, Comparable {
        case dps
        case hub
        case group
        case batch
        case device
        case network
        case module
        case scope
        case subscription
        case resourceGroup = "resource-group"
        case file
        /// A GUID in a message, such as a tracking id.
        case guid
        /// An address of mail in a message.
        case person

        /// In the order in which they count.
        public static func < (a: Kind, b: Kind) -> Bool {
            (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
        }
    }

    /// What it stands for.
    public var kind: Kind
    /// The name as it was read.
    public var name: String

    /// A name.
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// Every name of a database: of events and exports, and the paths of the files.
    ///
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase) throws -> [KnownIdentifier] {
        try database.access.read { connection in
            var all: [KnownIdentifier] = []
            func add(_ kind: Kind, _ sql: String) throws {
                try CheckedRow.forEach(connection, sql: sql) { all.append(KnownIdentifier(kind, try $0[0])) }
            }
            func texts(_ kind: Kind, _ column: String, _ table: String, _ condition: String = "1") throws {
                try add(
                    kind,
                    "SELECT DISTINCT \(column) FROM \(table) WHERE \(column) IS NOT NULL AND \(column) <> '' AND \(condition)"
                )
            }
            for (kind, service) in [(Kind.dps, "dps"), (.hub, "hub")] {
                try texts(kind, "instance", "context", "service = '\(service)'")
                try texts(kind, "name", "instance", "service = '\(service)'")
            }
            for (column, table) in [
                ("assigned_hub", "context"), ("hub", "registration_record"), ("hub", "linked_hub"),
            ] { try texts(.hub, column, table) }
            try texts(.dps, "dps", "linked_hub")
            for table in ["context", "attempt", "registration_total", "registration_record"] {
                try texts(.group, "enrollment_group", table)
            }
            try texts(.group, "name", "enrollment", "kind = 'group'")
            try texts(.device, "name", "enrollment", "kind <> 'group'")
            for (column, table) in [
                ("name", "identity"), ("device_id", "enrollment"), ("registration_id", "registration_record"),
                ("device_id", "registration_record"),
            ] { try texts(.device, column, table) }
            try texts(.network, "address", "network")
            try texts(.module, "module", "context")
            try texts(.scope, "id_scope", "context")
            try texts(.file, "path", "file")
            let lists = try String.checkedAll(
                connection,
                sql: "SELECT DISTINCT hubs FROM enrollment WHERE hubs IS NOT NULL"
            )
            for list in lists { all += list.split(separator: ",").map { KnownIdentifier(.hub, String($0)) } }
            let resources = try String.checkedAll(connection, sql: "SELECT DISTINCT resource_id FROM context")
            return all + resources.flatMap(parts)
        }
    }

    /// The names in a resource id, `/SUBSCRIPTIONS/…/RESOURCEGROUPS/…/…`.
    static func parts(of resource: String) -> [KnownIdentifier] {
        let words = resource.split(separator: "/").map(String.init)
        return zip(words, words.dropFirst()).compactMap { word, name in
            switch word.lowercased() {
            case "subscriptions": KnownIdentifier(.subscription, name)
            case "resourcegroups": KnownIdentifier(.resourceGroup, name)
            case "iothubs": KnownIdentifier(.hub, name)
            case "provisioningservices": KnownIdentifier(.dps, name)
            default: nil
            }
        }
    }
}
