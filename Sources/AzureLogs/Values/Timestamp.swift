import Basics

/// Points in time as logs write them, and as dpslens shows them.
public enum Timestamp {
    /// 100 ns steps in a second; the finest that Azure writes.
    public static let ticksPerSecond: Int64 = 10_000_000

    /// The last instant that is accepted, 9999-12-31T23:59:59.9999999Z, in ticks since 1970.
    static let lastTick: Int64 = 253_402_300_800 * ticksPerSecond - 1

    /// Reads RFC 3339 with 0 to 9 digits of fraction, `T` or a space, and `Z` or any numeric offset.
    ///
    /// Digits behind the seventh are dropped. A leap second (`:60`) is the last tick of its minute. Without an offset
    /// the time is taken as UTC, which is what Azure's logs are in (resource log schema, `time`).
    ///
    /// - Returns: 100 ns ticks since 1970-01-01T00:00:00Z; nil for anything else, or outside of 1970 to 9999.
    public static func parse(_ text: RawSpan, _ range: Range<Int>) -> Int64? {
        var reader = DigitReader(at: range.lowerBound, end: range.upperBound)
        guard
            let year = reader.number(text, 4), reader.take(text, 0x2D),
            let month = reader.number(text, 2), reader.take(text, 0x2D), (1...12).contains(month),
            let day = reader.number(text, 2), day >= 1, day <= CivilDate.daysInMonth(year, month),
            reader.take(text, 0x54) || reader.take(text, 0x74) || reader.take(text, 0x20),
            let hour = reader.number(text, 2), hour < 24, reader.take(text, 0x3A),
            let minute = reader.number(text, 2), minute < 60
        else { return nil }
        var second = 0
        var fraction: Int64 = 0
        if reader.take(text, 0x3A) {
            guard let value = reader.number(text, 2), value <= 60 else { return nil }
            second = value
            if reader.take(text, 0x2E) || reader.take(text, 0x2C) {
                guard let value = reader.fraction(text) else { return nil }
                fraction = value
            }
        }
        guard let offset = reader.offset(text), reader.isAtEnd else { return nil }
        if second == 60 {
            second = 59
            fraction = ticksPerSecond - 1
        }
        let seconds = CivilDate.days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset
        let ticks = Int64(seconds) * ticksPerSecond + fraction
        return ticks >= 0 && ticks <= lastTick ? ticks : nil
    }

    /// Reads a text by `parse(_:_:)`, or another form that leaves nothing open.
    public static func parse(_ text: String) -> Int64? {
        if let ticks = parseRFC3339(text) { return ticks }
        guard let written = WrittenTime.parse(text) else { return nil }
        return written.ticks(written.isPortalEnglish ? .monthFirst : nil)
    }

    /// Reads a text by `parse(_:_:)`.
    public static func parseRFC3339(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 32))
        return parse(bytes.span.bytes, 0..<count)
    }

    /// Ticks of 100 ns since 1970 in RFC 3339, to the last digit; nil outside of 1970 to 9999.
    public static func format(ticks: Int64) -> String? {
        guard ticks >= 0, ticks <= lastTick else { return nil }
        let text = format(microseconds: ticks / 10)
        if ticks % 10 == 0 { return text }
        let whole = text.dropLast()
        let digits = whole.split(separator: ".").dropFirst().first ?? ""
        return whole.prefix { $0 != "." } + "." + digits + String(repeating: "0", count: 6 - digits.count)
            + "\(ticks % 10)Z"
    }

    /// Microseconds since 1970 as `2026-11-20T08:15:30Z`, with a fraction only if there is one.
    public static func format(microseconds: Int64) -> String {
        let day = microseconds.quotient(flooredBy: Microseconds.day)
        let rest = microseconds - day * Microseconds.day
        let (year, month, dayOfMonth) = CivilDate.date(days: Int(day))
        let seconds = Int(rest / 1_000_000)
        var text =
            "\(year.padded(to: 4))-\(month.padded(to: 2))-\(dayOfMonth.padded(to: 2))"
            + "T\((seconds / 3600).padded(to: 2)):\((seconds / 60 % 60).padded(to: 2)):\((seconds % 60).padded(to: 2))"
        var fraction = rest % 1_000_000
        if fraction > 0 {
            var digits = 6
            while fraction % 10 == 0 {
                fraction /= 10
                digits -= 1
            }
            text += "." + Int(fraction).padded(to: digits)
        }
        return text + "Z"
    }
}

/// Reads digits and marks of a time from left to right.
private struct DigitReader {
    var at: Int
    let end: Int

    var isAtEnd: Bool { at == end }

    mutating func number(_ text: RawSpan, _ digits: Int) -> Int? {
        guard at + digits <= end else { return nil }
        var value = 0
        for _ in 0..<digits {
            let digit = Scan.byte(text, at) &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            at += 1
        }
        return value
    }

    mutating func take(_ text: RawSpan, _ byte: UInt8) -> Bool {
        guard at < end, Scan.byte(text, at) == byte else { return false }
        at += 1
        return true
    }

    /// 1 to 9 digits as 100 ns ticks.
    mutating func fraction(_ text: RawSpan) -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while at < end, Scan.byte(text, at) &- 0x30 < 10 {
            if digits < 7 { value = value * 10 + Int64(Scan.byte(text, at) &- 0x30) }
            digits += 1
            at += 1
        }
        guard (1...9).contains(digits) else { return nil }
        while digits < 7 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Seconds east of UTC: `Z`, `+hh:mm`, `+hhmm`, `+hh`, or nothing for UTC.
    mutating func offset(_ text: RawSpan) -> Int? {
        if isAtEnd || take(text, 0x5A) || take(text, 0x7A) { return 0 }
        let west = take(text, 0x2D)
        guard west || take(text, 0x2B), let hours = number(text, 2), hours < 24 else { return nil }
        if isAtEnd { return hours * (west ? -3600 : 3600) }
        _ = take(text, 0x3A)
        guard let minutes = number(text, 2), minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (west ? -1 : 1)
    }
}
