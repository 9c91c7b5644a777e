import EventStore
import GRDB

/// Withheld findings in table `withheld`.
enum WithheldRows {
    /// Replaces all of them.
    static func replace(with withheld: [WithheldFinding], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM withheld")
        for item in withheld {
            try database.execute(
                sql: "INSERT OR IGNORE INTO withheld(rule, subject, place) VALUES(?, ?, ?)",
                arguments: [item.rule, item.subject, item.place]
            )
        }
    }

    /// All of them in total order.
    static func all(_ database: Database) throws -> [WithheldFinding] {
        try CheckedRow.all(database, sql: "SELECT rule, subject, place FROM withheld ORDER BY 1, 2, 3").map {
            try WithheldFinding(rule: $0[0], subject: $0[1], place: $0[2])
        }
    }
}
