/// Takes apart the words of a written time: a date, a clock, half of the day, an offset, in the order in which they come.
struct WrittenTimeParser {
    private var date: (first: Int, second: Int, year: Int, known: DateOrder?)?
    private var clock: (hour: Int, ticks: Int64)?
    private var half: Int?
    private var offset: Int?

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let longMonths = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdays: Set<String> = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday",
    ]

    /// Takes a text apart; nil if a word is not understood, or the date or the clock is missing.
    static func parse(_ text: String) -> WrittenTime? {
        var parser = WrittenTimeParser()
        var words = words(of: text)
        if let date = spelledDate(&words) { parser.date = date }
        for word in words { if !parser.take(word) { return nil } }
        guard let date = parser.date, let clock = parser.clock else { return nil }
        var hour = clock.hour
        if let half = parser.half {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + half
        }
        return WrittenTime(
            first: date.first,
            second: date.second,
            year: date.year,
            known: date.known,
            ticksOfDay: Int64(hour) * 3600 * Timestamp.ticksPerSecond + clock.ticks,
            offset: parser.offset,
            isPortalEnglish: isPortalEnglish(text)
        )
    }

    /// Splits at spaces, at a comma that no digit follows, and between date and clock.
    private static func words(of text: String) -> [String] {
        var lower = text.lowercased().replacing("a. m.", with: "am").replacing("p. m.", with: "pm")
        lower = lower.replacing("a.m.", with: "am").replacing("p.m.", with: "pm")
        var words: [String] = []
        for part in lower.split(separator: " ") {
            var word = part
            if word.last == "," { word = word.dropLast() }
            // "05/11/2025,09:15:00" and "2025-11-5T9:15": the clock has colons, the date has none.
            let hasClock = word.contains(":")
            if hasClock, let mark = word.firstIndex(where: { $0 == "," || $0 == "t" }),
                word[..<mark].contains(where: { "/-.".contains($0) }), !word[..<mark].contains(":")
            {
                words.append(String(word[..<mark]))
                words.append(String(word[word.index(after: mark)...]))
            } else if !word.isEmpty {
                words.append(String(word))
            }
        }
        return words
    }

    /// A date in three words of which one is a month's name: `5 nov 2025`, `nov 5 2025`, `5-nov-2025`.
    private static func spelledDate(
        _ words: inout [String]
    ) -> (first: Int, second: Int, year: Int, known: DateOrder?)? {
        words.removeAll { weekdays.contains($0) || weekdays.contains(String($0.dropLast())) && $0.hasSuffix(".") }
        if let index = words.firstIndex(where: {
            $0.split(separator: "-").count == 3 && month($0.split(separator: "-")[1]) != nil
        }) {
            let parts = words[index].split(separator: "-")
            guard let month = month(parts[1]), let day = number(parts[0], 1...2), let year = number(parts[2], 4...4)
            else {
                return nil
            }
            words.remove(at: index)
            return (day, month, year, .dayFirst)
        }
        guard let index = words.firstIndex(where: { month($0[...]) != nil }), let month = month(words[index][...])
        else {
            return nil
        }
        let range: ClosedRange<Int>
        let dayWord: String
        if index > 0, index + 1 < words.count, number(words[index - 1][...], 1...2) != nil {
            range = index - 1...index + 1
            dayWord = words[index - 1]
        } else if index + 2 < words.count {
            range = index...index + 2
            dayWord = words[index + 1]
        } else {
            return nil
        }
        guard let day = number(dayWord[...], 1...2), let year = number(words[range.upperBound][...], 4...4) else {
            return nil
        }
        words.removeSubrange(range)
        return (day, month, year, .dayFirst)
    }

    private static func month(_ word: Substring) -> Int? {
        let name = word.last == "." ? String(word.dropLast()) : String(word)
        return (months.firstIndex(of: name) ?? longMonths.firstIndex(of: name)).map { $0 + 1 }
    }

    private static func number(_ text: Substring, _ digits: ClosedRange<Int>) -> Int? {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(text) : nil
    }

    private mutating func take(_ word: String) -> Bool {
        switch word {
        case "am", "pm":
            guard half == nil, clock != nil else { return false }
            half = word == "am" ? 0 : 12
            return true
        case "z", "utc", "gmt": return take(offset: 0)
        default: break
        }
        if date == nil, takeDate(word) { return true }
        if clock == nil, takeClock(word) { return true }
        return clock != nil && takeOffset(word[...])
    }

    private mutating func take(offset value: Int) -> Bool {
        guard offset == nil, clock != nil else { return false }
        offset = value
        return true
    }

    private mutating func takeDate(_ word: String) -> Bool {
        for mark: Character in ["/", "-", "."] {
            let parts = word.split(separator: mark, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if let year = Self.number(parts[0], 4...4), let month = Self.number(parts[1], 1...2),
                let day = Self.number(parts[2], 1...2)
            {
                date = (day, month, year, .dayFirst)
                return true
            }
            if let first = Self.number(parts[0], 1...2), let second = Self.number(parts[1], 1...2),
                let year = Self.number(parts[2], 4...4)
            {
                date = (first, second, year, nil)
                return true
            }
        }
        return false
    }

    private mutating func takeClock(_ word: String) -> Bool {
        var text = word[...]
        var end: Substring = ""
        if let mark = text.firstIndex(where: { "+-z".contains($0) }) {
            end = text[mark...]
            text = text[..<mark]
        } else if text.hasSuffix("am") || text.hasSuffix("pm") {
            half = text.hasSuffix("am") ? 0 : 12
            text = text.dropLast(2)
        }
        let mark: Character = text.contains(":") ? ":" : "."
        let parts = text.split(separator: mark, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, mark == ":" || parts.count == 3 else { return false }
        guard let hour = Self.number(parts[0], 1...2), hour < 24, let minute = Self.number(parts[1], 2...2), minute < 60
        else { return false }
        var ticks = Int64(minute) * 60 * Timestamp.ticksPerSecond
        if parts.count == 3 {
            guard let seconds = Self.seconds(parts[2]) else { return false }
            ticks += seconds
        }
        clock = (hour, ticks)
        return end.isEmpty || takeOffset(end)
    }

    /// Seconds with up to nine digits of fraction behind a point or comma.
    private static func seconds(_ text: Substring) -> Int64? {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard let whole = number(parts[0], 1...2), whole < 60 else { return nil }
        guard parts.count == 2 else { return Int64(whole) * Timestamp.ticksPerSecond }
        guard number(parts[1], 1...9) != nil, let fraction = Int64((parts[1] + "0000000").prefix(7)) else { return nil }
        return Int64(whole) * Timestamp.ticksPerSecond + fraction
    }

    /// `z`, `+01:00`, `+0100`, `+01`, each with `utc` or `gmt` before it or not.
    private mutating func takeOffset(_ text: Substring) -> Bool {
        var rest = text
        if rest.hasPrefix("utc") || rest.hasPrefix("gmt") { rest = rest.dropFirst(3) }
        if rest == "z" { return take(offset: 0) }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
        rest = rest.dropFirst()
        let digits = rest.replacing(":", with: "")
        guard let number = Self.number(digits[...], 1...4) else { return false }
        let (hours, minutes) = digits.utf8.count <= 2 ? (number, 0) : (number / 100, number % 100)
        guard hours < 24, minutes < 60 else { return false }
        return take(offset: (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1))
    }

    /// `11/5/2025, 9:15:00.403 AM`: no zeros before day, month and hour, a comma, and AM in capitals.
    private static func isPortalEnglish(_ text: String) -> Bool {
        guard text.hasSuffix(" AM") || text.hasSuffix(" PM") else { return false }
        let parts = text.split(separator: ", ", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return false }
        let date = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        return date.count == 3 && !date[0].hasPrefix("0") && !date[1].hasPrefix("0") && !parts[1].hasPrefix("0")
    }
}
