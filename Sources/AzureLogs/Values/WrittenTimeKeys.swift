/// The keys under which a record's own time stands, and the texts there.
public enum WrittenTimeKeys {
    private static let names: Set<String> = ["time", "timegenerated", "timestamp", "eventtime", "event_time_vis"]

    /// Whether a key in lower case names a record's time.
    public static func isTime(_ key: String) -> Bool { names.contains(key) }

    /// The texts of all times in a record's text, at any depth of embedding; numbers come as they are written.
    public static func values(in text: ArraySlice<UInt8>) -> [String] {
        var values: [String] = []
        var at = text.startIndex
        while at < text.endIndex {
            guard text[at] == 0x22 else {
                at += 1
                continue
            }
            var end = at + 1
            while end < text.endIndex, end - at <= 24, text[end] != 0x22, text[end] != 0x5C { end += 1 }
            guard end < text.endIndex, end - at <= 24 else {
                at += 1
                continue
            }
            let key = String(decoding: text[(at + 1)..<end], as: UTF8.self).lowercased()
            guard names.contains(key), var start = quote(text, end) else {
                at += 1
                continue
            }
            while start < text.endIndex, text[start] == 0x20 || text[start] == 0x3A { start += 1 }
            if let begin = quote(text, start) {
                var stop = begin
                var value: [UInt8] = []
                while stop < text.endIndex, stop - begin < 96, text[stop] != 0x22 {
                    // Some writers escape the strokes of dates.
                    if text[stop] == 0x5C {
                        guard stop + 1 < text.endIndex, text[stop + 1] == 0x2F else { break }
                    } else {
                        value.append(text[stop])
                    }
                    stop += 1
                }
                values.append(String(decoding: value, as: UTF8.self))
                at = stop
            } else {
                at = start
            }
        }
        return values
    }

    private static func quote(_ text: ArraySlice<UInt8>, _ start: Int) -> Int? {
        var at = start
        while at < text.endIndex, text[at] == 0x5C { at += 1 }
        return at < text.endIndex && text[at] == 0x22 ? at + 1 : nil
    }
}

/// The names of columns that may hold a whole record.
public enum WrapperKeys {
    /// Whether a name in lower case is one.
    public static func contains(_ name: String) -> Bool { Wrapper.keys.contains(name) }
}
