import Basics

/// A moment, in nanoseconds since 1970-01-01T00:00:00Z without leap seconds.
///
/// Every check takes its moment from the caller, because the room has no clock.
public struct UnixTime: Sendable, Hashable, Comparable {
    /// Whole seconds since 1970; negative before.
    public let seconds: Int64
    /// The rest, 0 up to 999,999,999.
    public let nanoseconds: Int32

    /// A moment from whole seconds and a rest in nanoseconds, which is held within one second.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
    }

    /// Earlier first.
    public static func < (left: UnixTime, right: UnixTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// Reads RFC 3339 with up to nine fractional digits and `Z` or an offset; nil for anything else.
    public init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40 else { return nil }
        func number(_ from: Int, _ count: Int) -> Int? {
            guard from + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[from..<from + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        func isAt(_ place: Int, _ character: Character) -> Bool { bytes[place] == character.asciiValue }
        guard isAt(4, "-"), isAt(7, "-"), isAt(10, "T") || isAt(10, "t") || isAt(10, " "), isAt(13, ":"), isAt(16, ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var place = 19
        var nanoseconds = 0
        if isAt(place, ".") {
            place += 1
            var digits = 0
            while place < bytes.count, let digit = number(place, 1) {
                if digits < 9 { nanoseconds = nanoseconds * 10 + digit }
                digits += 1
                place += 1
            }
            guard digits > 0 else { return nil }
            for _ in 0..<max(0, 9 - digits) { nanoseconds *= 10 }
        }
        guard place < bytes.count else { return nil }
        var offset = 0
        if isAt(place, "Z") || isAt(place, "z") {
            guard place + 1 == bytes.count else { return nil }
        } else {
            guard isAt(place, "+") || isAt(place, "-"), place + 6 == bytes.count, isAt(place + 3, ":"),
                let hours = number(place + 1, 2), let minutes = number(place + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3_600 + minutes * 60) * (isAt(place, "+") ? 1 : -1)
        }
        let days = CivilDate.days(year, month, day)
        guard CivilDate.date(days: days) == (year, month, day) else { return nil }
        self.init(
            seconds: Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset),
            nanoseconds: Int32(nanoseconds)
        )
    }

    /// RFC 3339 in UTC with the given number of fractional digits (0 to 9) and `Z`; DPS itself writes 7.
    public func rfc3339(fractionDigits: Int = 0) -> String {
        // A year has four digits here; anything else is held at the ends of that range.
        let held = min(max(seconds, -62_135_596_800), 253_402_300_799)
        let days = Int(held >= 0 ? held / 86_400 : (held - 86_399) / 86_400)
        let rest = Int(held - Int64(days) * 86_400)
        let (year, month, day) = CivilDate.date(days: days)
        var text = "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))T"
        text += "\((rest / 3_600).padded(to: 2)):\((rest / 60 % 60).padded(to: 2)):\((rest % 60).padded(to: 2))"
        if fractionDigits > 0 { text += "." + Int(nanoseconds).padded(to: 9).prefix(fractionDigits) }
        return text + "Z"
    }

    /// The moment some seconds later, or earlier when negative; held at the ends of the range.
    public func adding(seconds more: Int64) -> UnixTime {
        let (sum, overflow) = seconds.addingReportingOverflow(more)
        return UnixTime(seconds: overflow ? (more > 0 ? .max : .min) : sum, nanoseconds: nanoseconds)
    }

    /// The moment in seconds with a fraction, for comparing with numbers from a token.
    public var fractionalSeconds: Double { Double(seconds) + Double(nanoseconds) / 1e9 }
}

extension UnixTime: CustomStringConvertible {
    /// RFC 3339 in whole seconds, UTC.
    public var description: String { rfc3339() }
}
