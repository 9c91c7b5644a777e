import ArgumentParser
import Audit
import AzureLogs
import Basics
import Glibc

/// A time on the command line: RFC 3339, a date, or a span before now such as `-24h`.
enum TimeArgument {
    case instant(Int64)
    case date(Int64)
    case before(Int64)

    /// Reads an argument.
    ///
    /// - Throws: `ValidationError` (exit 64) that says what is accepted.
    static func parse(_ text: String) throws -> TimeArgument {
        // `30d` and `-30d` are the same: there is nothing to ask of the future.
        if let span = TimeSpan.microseconds(text.hasPrefix("-") ? String(text.dropFirst()) : text) {
            return .before(span)
        }
        let isDate = text.count == 10
        if let ticks = Timestamp.parse(isDate ? text + "T00:00:00Z" : text) {
            return isDate ? .date(ticks / 10) : .instant(ticks / 10)
        }
        throw ValidationError(
            "`\(text)` is no time; use 2026-11-20T08:15:30Z, 2026-11-20, or a span before now such as -24h, -7d."
        )
    }

    /// The instant, in microseconds since 1970.
    func microseconds(now: Int64) -> Int64 {
        switch self {
        case .instant(let time), .date(let time): time
        case .before(let span): now - span
        }
    }

    /// The instant, or for a date the last moment of that day (UTC).
    func endOfDay(now: Int64) -> Int64 {
        if case .date(let start) = self { return start + Microseconds.day - 1 }
        return microseconds(now: now)
    }

    /// The clock's time, in microseconds since 1970.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
