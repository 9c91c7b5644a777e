import Basics
public import EventStore

/// Rows in the formats that programs read.
public enum DataText {
    /// RFC 4180 with a header, LF at the ends of lines.
    ///
    /// - Parameters:
    ///   - table: what to write.
    ///   - raw: whether cells that a spreadsheet would take for formulas get no apostrophe.
    public static func csv(_ table: ResultTable, raw: Bool = false) -> String {
        var out = head(table.columns)
        for row in table.rows { out += line(row, raw: raw) }
        return out
    }

    /// The header of CSV.
    static func head(_ columns: [String]) -> String { columns.map { quoted($0) }.joined(separator: ",") + "\n" }

    /// A line of CSV.
    static func line(_ row: [Cell], raw: Bool) -> String {
        row.map { quoted(raw ? $0.plain : neutral($0)) }.joined(separator: ",") + "\n"
    }

    /// One array of objects, the members in the order of the columns.
    public static func json(_ table: ResultTable) -> String {
        let objects = table.rows.indices.map { "  " + object(table, $0) }
        return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }

    /// One object a line.
    public static func jsonLines(_ table: ResultTable) -> String {
        table.rows.indices.map { object(table, $0) + "\n" }.joined()
    }

    private static func object(_ table: ResultTable, _ index: Int) -> String {
        object(table.columns, table.rows[index], index < table.members.count ? table.members[index] : nil)
    }

    /// A row as a JSON object.
    ///
    /// - Parameter member: one more member, as `"name":value`.
    static func object(_ columns: [String], _ row: [Cell], _ member: String?) -> String {
        var members = zip(columns, row).map { name, cell in
            let value =
                switch cell {
                case .null: "null"
                case .integer(let number): String(number)
                case .real(let number): number.isFinite ? String(number) : "null"
                case .text, .blob: JSONString.quoted(cell.plain)
                }
            return "\(JSONString.quoted(name)):\(value)"
        }
        if let member { members.append(member) }
        return "{" + members.joined(separator: ",") + "}"
    }

    private static func quoted(_ text: String) -> String {
        let needs = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard needs else { return text }
        var out = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { out += "\"" }
            out.unicodeScalars.append(scalar)
        }
        return out + "\""
    }

    /// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection); a number never is one.
    private static func neutral(_ cell: Cell) -> String {
        let text = cell.plain
        guard case .text = cell, let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
            return text
        }
        return "'" + text
    }
}
