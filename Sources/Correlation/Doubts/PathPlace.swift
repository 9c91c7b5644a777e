import AzureLogs
import Basics

/// What a path says of the records in its file: whose they are, and of which hour.
///
/// Azure Monitor writes a blob an hour, at `insights-logs-CATEGORY/resourceId=/SUBSCRIPTIONS/…/IOTHUBS/NAME/y=2026/m=11/
/// d=20/h=08/m=00/PT1H.json`. Of files that were renamed only the words of the name are left.
struct PathPlace: Sendable, Equatable {
    /// `dps` or `hub`; nil if the path does not say.
    var service: String?
    /// The name of the DPS instance or hub, lower case; nil if the path does not say.
    var instance: String?
    /// The category in lower case; nil if the path does not say.
    var category: String?
    /// The hour or day, microseconds since 1970; the end is excluded.
    var from: Int64?
    var to: Int64?

    /// Reads a path; a member of an archive stands behind an exclamation mark.
    ///
    /// - Parameter known: the names of the instances that logs or exports name, by service.
    init(_ path: String, known: [String: Set<String>] = [:]) {
        let parts = path.lowercased().split(whereSeparator: { $0 == "/" || $0 == "!" }).map(String.init)
        for (part, next) in zip(parts, parts.dropFirst()) {
            if part == "iothubs" { (service, instance) = ("hub", next) }
            if part == "provisioningservices" { (service, instance) = ("dps", next) }
        }
        for part in parts where part.hasPrefix("insights-logs-") {
            category = String(part.dropFirst("insights-logs-".count))
        }
        readHour(parts)
        if service == nil { readWords(parts.suffix(2), known) }
        if service == nil, let category { service = Self.service(of: category) }
    }

    /// Whether records of its category, as far as the path names one, say that a device was there.
    var mayShowDevices: Bool { category.map { Self.service(of: $0) != nil } ?? true }

    /// The service that writes a category, of those in which devices are seen to register or connect.
    static func service(of category: String) -> String? {
        guard let use = LogCategory(folding: category)?.use, LogCategory.Use.ofDevices.contains(use) else { return nil }
        return use.service.rawValue
    }

    private mutating func readHour(_ parts: [String]) {
        func number(_ key: String, _ range: ArraySlice<String>) -> Int? {
            range.first { $0.hasPrefix(key + "=") }.flatMap { Int($0.dropFirst(key.count + 1)) }
        }
        guard let start = parts.firstIndex(where: { $0.hasPrefix("y=") }) else { return }
        let range = parts[start...]
        guard let year = number("y", range), let month = number("m", range), let day = number("d", range) else {
            return
        }
        let hour = number("h", range)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let text = "\(year)-\(two(month))-\(two(day))T\(two(hour ?? 0)):00:00Z"
        guard let ticks = Timestamp.parse(text) else { return }
        from = ticks / 10
        to = ticks / 10 + (hour == nil ? 24 : 1) * Microseconds.hour
    }

    private mutating func readWords(_ parts: ArraySlice<String>, _ known: [String: Set<String>]) {
        let words = Set(parts.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init) })
        for service in known.keys.sorted() {
            let named = words.intersection(known[service] ?? [])
            if named.count == 1, instance == nil { (self.service, instance) = (service, named.first) }
        }
        if service == nil, category == nil, let name = parts.last {
            if name.contains("connection") { service = "hub" }
            if name.contains("deviceoperations") || name.contains("registration") { service = "dps" }
        }
    }
}
