import EventStore

/// Tells whether files are of another fleet than the database that nobody chose.
enum FleetNames {
    /// What a report says where names are replaced.
    static let withoutNames = "The database held logs of other DPS instances and hubs before: both are in this report"

    /// How many files are looked at.
    private static let sample = 24

    /// What is said before files of one fleet are put into the default database of another; empty if they may be of one.
    ///
    /// A fleet is told by the names of its DPS instances and hubs: that none of the files' is known is a hint, no proof, as a hub's
    /// first log beside the log of its DPS instance shows. Only the first records of some of the files are looked at.
    ///
    /// - Throws: what reading the database throws.
    static func note(
        _ files: [String],
        _ path: String,
        _ database: LogDatabase,
        _ options: IngestOptions
    ) throws -> [String] {
        let sql = "SELECT DISTINCT instance FROM context WHERE instance <> '' ORDER BY instance"
        let known = try QueryRunner.run(sql, in: database).rows.map { $0[0].plain }
        guard !known.isEmpty else { return [] }
        var new = Set<String>()
        let step = max(1, files.count / sample)
        for file in stride(from: 0, to: files.count, by: step).map({ files[$0] }) {
            new.formUnion(FirstTimestamp.instances(of: file, options: options))
            if !new.isDisjoint(with: known) { return [] }
        }
        guard !new.isEmpty else { return [] }
        return [
            "\(path) holds logs of \(list(known)) already, and these files are of \(list(new.sorted())): both are in one database"
                + " and one report. If they are not one fleet, give each a database of its own with --db FILE"
        ]
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}
