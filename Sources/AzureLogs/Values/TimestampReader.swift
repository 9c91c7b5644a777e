/// Reads times as `Timestamp.parse` does, and remembers the last day: logs have thousands of records of each.
struct TimestampReader: Sendable {
    /// The eight bytes `YYYY-MM-` of the last plain time; no time has these at first.
    private var month = UInt64.max
    /// The three bytes `DDT` behind them.
    private var day = UInt64.max
    /// The midnight with which that day begins, in ticks.
    private var midnight: Int64 = 0

    /// Reads a time.
    ///
    /// - Parameter text: bytes with 32 readable ones behind the range.
    /// - Returns: what `Timestamp.parse` gives.
    @inline(__always)
    mutating func parse(_ text: RawSpan, _ range: Range<Int>) -> Int64? {
        guard let clock = Self.clock(text, range) else { return Timestamp.parse(text, range) }
        let month = Scan.word(text, range.lowerBound)
        let day = Scan.word(text, range.lowerBound &+ 8) & 0xFF_FFFF
        if month == self.month, day == self.day { return midnight &+ clock }
        guard let ticks = Timestamp.parse(text, range) else { return nil }
        (self.month, self.day, midnight) = (month, day, ticks - clock)
        return ticks
    }

    /// The ticks since midnight of `YYYY-MM-DDThh:mm:ss`, a fraction if there is one, and `Z`; nil for any other form, and
    /// whatever the date is.
    @inline(__always)
    private static func clock(_ text: RawSpan, _ range: Range<Int>) -> Int64? {
        guard range.count >= 20 else { return nil }
        let rest = Scan.word(text, range.lowerBound &+ 16)
        // `hh:mm:ss`; with these bits changed, digits are 0 to 9 and colons are 0.
        let written = (Scan.word(text, range.lowerBound &+ 8) &>> 24) | (rest &<< 40)
        let digits = written ^ 0x3030_3A30_303A_3030
        guard ((digits &+ 0x7676_7F76_767F_7676) | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let hour = Self.number(digits, 0)
        let minute = Self.number(digits, 24)
        let second = Self.number(digits, 48)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let seconds = (hour &* 3600 &+ minute &* 60 &+ second) &* Timestamp.ticksPerSecond
        let last = range.upperBound &- 1
        guard Scan.byte(text, last) == 0x5A else { return nil }
        if range.count == 20 { return seconds }
        guard (rest &>> 24) & 0xFF == 0x2E, range.count >= 22, range.count <= 28 else { return nil }
        var fraction: Int64 = 0
        var step = Timestamp.ticksPerSecond
        for at in range.lowerBound &+ 20..<last {
            let digit = Scan.byte(text, at) &- 0x30
            if digit > 9 { return nil }
            step /= 10
            fraction &+= Int64(digit) &* step
        }
        return seconds &+ fraction
    }

    /// The number of the two digits at a place, in bits from the lowest.
    @inline(__always)
    private static func number(_ digits: UInt64, _ place: UInt64) -> Int64 {
        Int64(truncatingIfNeeded: ((digits &>> place) & 0xF) &* 10 &+ ((digits &>> (place &+ 8)) & 0xF))
    }
}
