/// Times as the Azure portal writes them into CSV: `4/2/2022, 12:05:51.000 AM`, in UTC by the column's `[UTC]`.
///
/// Month first: no public export shows another order, and the header says nothing of it.
enum PortalTime {
    /// Ticks of 100 ns since 1970, nil for anything else.
    static func parse(_ text: String) -> Int64? {
        let parts = text.split(whereSeparator: { " ,".contains($0) })
        guard parts.count == 2 || parts.count == 3 else { return nil }
        let date = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let time = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard date.count == 3, time.count == 3, var hour = Int(time[0]) else { return nil }
        if parts.count == 3 {
            let half = parts[2].uppercased()
            guard half == "AM" || half == "PM", (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half == "PM" ? 12 : 0)
        }
        func two(_ text: Substring) -> String { text.count == 1 ? "0" + text : String(text) }
        let iso =
            "\(date[2])-\(two(date[0]))-\(two(date[1]))T\(two(Substring(String(hour)))):\(two(time[1])):\(two(time[2]))Z"
        var bytes = Array(iso.utf8)
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 32))
        return Timestamp.parse(bytes.span.bytes, 0..<count)
    }
}
