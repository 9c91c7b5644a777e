import Basics

/// Which of the two first numbers of a date with its year last is the day.
public enum DateOrder: String, Sendable, CaseIterable {
    case dayFirst = "day-first"
    case monthFirst = "month-first"

    /// The other one.
    public var other: DateOrder { self == .dayFirst ? .monthFirst : .dayFirst }
}

/// A time that people, browsers and spreadsheets write, taken apart as far as it can be understood alone.
///
/// `13/11/2025, 09:15:00.403`, `11/5/2025 9:15:00 AM +01:00`, `2025/11/05 9:15`, `05.11.2025 09:15:00`, `5 Nov 2025 09:15`,
/// epochs in seconds to nanoseconds, PowerShell's `/Date(1762335660000)/`. What order of day and month, and what zone,
/// other values of the column or the user must say.
public struct WrittenTime: Sendable, Hashable {
    /// The first of the two numbers that are day and month, if the order is open by the form.
    var first: Int
    /// The second one.
    var second: Int
    /// The order if the form says it: the year comes first, or the month is a word.
    private var known: DateOrder?
    private var year: Int
    /// 100 ns since midnight.
    private var ticksOfDay: Int64
    /// Seconds east of UTC, nil if none are written.
    public var offset: Int?
    /// Whether it is written as a browser in US English writes it, and the portal with it: `11/5/2025, 9:15:00.403 AM`.
    ///
    /// Others write `am` in lower case, a space in another place, or 24 hours.
    public var isPortalEnglish = false

    /// Whether the order of day and month is open: both fit, and they differ.
    public var isOpen: Bool { known == nil && decided == nil && first != second }

    /// The order that the numbers themselves decide; nil if both fit.
    public var decided: DateOrder? {
        guard known == nil, first != second else { return nil }
        if first > 12 { return .dayFirst }
        return second > 12 ? .monthFirst : nil
    }

    /// Ticks of 100 ns since 1970 on the clock of the writer; nil if the order is open, or there is no such day.
    public func localTicks(_ order: DateOrder?) -> Int64? {
        guard let order = known ?? decided ?? (first == second ? .dayFirst : order) else { return nil }
        let (day, month) = order == .dayFirst ? (first, second) : (second, first)
        guard (1...12).contains(month), day >= 1, day <= CivilDate.daysInMonth(year, month) else { return nil }
        let days = CivilDate.days(year, month, day)
        return Int64(days) * 86_400 * Timestamp.ticksPerSecond + ticksOfDay
    }

    /// Ticks of 100 ns since 1970-01-01T00:00:00Z, in UTC unless an offset is written; nil if the order is open, there is
    /// no such day, or it lies outside of 1970 to 9999.
    public func ticks(_ order: DateOrder?) -> Int64? {
        guard let local = localTicks(order) else { return nil }
        let ticks = local - Int64(offset ?? 0) * Timestamp.ticksPerSecond
        return ticks >= 0 && ticks <= Timestamp.lastTick ? ticks : nil
    }

    /// Takes a text apart; nil if it is none of the forms.
    public static func parse(_ text: String) -> WrittenTime? {
        guard text.utf8.count <= 80 else { return nil }
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            // Narrow and unbreakable spaces stand before AM since ICU 72; marks of direction around dates of old browsers.
            case 0xA0, 0x202F, 0x2009: plain.append(" ")
            case 0x200E, 0x200F: continue
            default: plain.unicodeScalars.append(scalar)
            }
        }
        if let ticks = EpochTime.ticks(plain) { return WrittenTime(ticks: ticks) }
        return WrittenTimeParser.parse(plain)
    }

    init(first: Int, second: Int, year: Int, known: DateOrder?, ticksOfDay: Int64, offset: Int?, isPortalEnglish: Bool)
    {
        self.first = first
        self.second = second
        self.year = year
        self.known = known
        self.ticksOfDay = ticksOfDay
        self.offset = offset
        self.isPortalEnglish = isPortalEnglish
    }

    private init(ticks: Int64) {
        let day = Int(ticks.quotient(flooredBy: 86_400 * Timestamp.ticksPerSecond))
        let (year, month, dayOfMonth) = CivilDate.date(days: day)
        self.init(
            first: dayOfMonth,
            second: month,
            year: year,
            known: .dayFirst,
            ticksOfDay: ticks - Int64(day) * 86_400 * Timestamp.ticksPerSecond,
            offset: 0,
            isPortalEnglish: false
        )
    }
}

extension WrittenTime {
    /// A time as a message shows it: without secrets and control characters, and not long.
    public static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in SecretRedaction.redact(String(text.prefix(120))).unicodeScalars.prefix(60) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: shown += "?"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// What a person is told of a time whose order of day and month nothing decides.
    public static func openDetail(_ text: String) -> String {
        "\(shown(text)) may have its day first or its month, and nothing in or beside the file decides; give --date-order"
    }
}

/// Numbers since 1970, of which the unit is beyond doubt: of seconds, milli-, micro- and nanoseconds only one gives a time
/// between 2001 and 2286.
enum EpochTime {
    /// Ticks of 100 ns since 1970; nil for anything else.
    static func ticks(_ text: String) -> Int64? {
        if text.hasPrefix("/Date("), text.hasSuffix(")/") {
            // .NET writes milliseconds, and behind them an offset that does not change the instant.
            let number = text.dropFirst(6).dropLast(2).prefix { $0 != "+" }
            return number.count == 13 ? Int64(number).map { $0 * 10_000 } : nil
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, whole.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        guard let number = Int64(whole) else { return nil }
        let scale: Int64
        switch whole.utf8.count {
        case 10: scale = 10_000_000
        case 13: scale = 10_000
        case 16: scale = 10
        case 19 where parts.count == 1: return number / 100
        default: return nil
        }
        guard parts.count == 2 else { return number * scale }
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        let digits = (parts[1] + "0000000").prefix(7)
        return number * scale + (Int64(digits) ?? 0) * scale / 10_000_000
    }
}
