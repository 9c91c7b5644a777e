/// What can still be told of a record that could not be read: when it was written, by whom, and of which category.
///
/// Found by looking for the members by name, whatever stands between them, so a cut or broken record gives what is left
/// of it. What is found in the text of several records counts only where they agree.
public struct DamagedRecord: Sendable, Hashable {
    /// Microseconds since 1970; nil if no time can be read, or several that differ.
    public var time: Int64?
    /// The resource id in lower case, as in `context`; nil if none can be read, or several that differ.
    public var resource: String?
    /// The category in its documented spelling; nil if none can be read, or several that differ.
    public var category: String?
    /// The registration id, or the device id of a hub's record; nil if none can be read, or several that differ.
    public var identity: String?

    /// Nothing is known.
    public init() {}

    /// How much of a text is looked at, in bytes.
    static let window = 1 << 18

    private static let times: Set<String> = ["time", "timegenerated", "timegenerated [utc]", "eventtime"]
    private static let resources: Set<String> = ["resourceid", "_resourceid", "topic", "source"]
    private static let registrations: Set<String> = ["registrationid", "id"]
    private static let keys = times.union(resources).union(registrations).union(["category", "deviceid"])
    private static let longestKey = 24
    /// How many bytes in a row that are no text may have been the end of one record and the beginning of another.
    private static let longestHole = 32

    /// Looks through a damaged text.
    public static func scan(_ text: some Collection<UInt8>) -> DamagedRecord {
        let bytes = Array(text.prefix(window))
        var times = Set<Int64>()
        var resources = Set<String>()
        var categories = Set<String>()
        var (registrations, devices) = (Set<String>(), Set<String>())
        var at = 0
        while at < bytes.count {
            guard bytes[at] == 0x22, let (key, behind) = key(bytes, at + 1) else {
                at += 1
                continue
            }
            at = behind
            guard let value = value(bytes, &at) else { continue }
            if Self.times.contains(key) {
                if let ticks = Timestamp.parse(value) { times.insert(ticks / 10) }
            } else if Self.resources.contains(key) {
                if value.contains("/") { resources.insert(SecretRedaction.redact(value.lowercased())) }
            } else if key == "category" {
                categories.insert(SecretRedaction.redact(LogCategory.canonical(value)))
            } else if Self.registrations.contains(key) {
                registrations.insert(SecretRedaction.redact(value))
            } else if key == "deviceid" {
                devices.insert(SecretRedaction.redact(value))
            }
        }
        var found = DamagedRecord()
        found.time = times.count == 1 ? times.first : nil
        found.resource = resources.count == 1 ? resources.first : nil
        found.category = categories.count == 1 ? categories.first : nil
        // A registration names its device as well, which may have another id.
        let identities = registrations.isEmpty ? devices : registrations
        found.identity = identities.count == 1 && !hasHole(bytes) ? identities.first : nil
        return found
    }

    /// Whether a part of the text is lost that may have held the end of one record and the beginning of the next.
    private static func hasHole(_ bytes: [UInt8]) -> Bool {
        var run = 0
        for byte in bytes {
            run = byte < 0x20 && byte != 0x09 || byte >= 0x80 ? run + 1 : 0
            if run >= longestHole { return true }
        }
        return false
    }

    /// A key of interest that begins at `start`, in lower case, and the position behind its closing quote.
    ///
    /// In a document inside of a string the quotes have backslashes before them, at any depth.
    private static func key(_ bytes: [UInt8], _ start: Int) -> (String, Int)? {
        var end = start
        while end < bytes.count, end - start <= longestKey, bytes[end] != 0x22, bytes[end] != 0x5C { end += 1 }
        guard end > start, end < bytes.count, end - start <= longestKey else { return nil }
        let key = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
        guard keys.contains(key) else { return nil }
        return quote(bytes, end).map { (key, $0) }
    }

    /// The text behind a colon; nil, and `at` left behind what was seen, if there is none.
    private static func value(_ bytes: [UInt8], _ at: inout Int) -> String? {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
        guard at < bytes.count, bytes[at] == 0x3A else { return nil }
        at += 1
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
        guard let start = quote(bytes, at) else { return nil }
        var end = start
        while end < bytes.count, end - start < 512, bytes[end] != 0x22, bytes[end] != 0x5C, bytes[end] >= 0x20 {
            end += 1
        }
        at = end
        // A value that the text's end cuts off says nothing: half a time is another time.
        guard let behind = quote(bytes, end) else { return nil }
        at = behind
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The position behind a quote with any number of backslashes before it.
    private static func quote(_ bytes: [UInt8], _ start: Int) -> Int? {
        var at = start
        while at < bytes.count, bytes[at] == 0x5C { at += 1 }
        return at < bytes.count && bytes[at] == 0x22 ? at + 1 : nil
    }
}
