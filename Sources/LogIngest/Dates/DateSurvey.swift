public import AzureLogs

/// What the times of a whole file say of the order of day and month.
public struct DateSurvey: Sendable {
    /// The order, and what decided it; nil for a file whose times leave it open.
    public struct Decision: Sendable, Hashable {
        /// The order.
        public var order: DateOrder
        /// What decided it, for people.
        public var why: String
        /// Whether the user did.
        public var isOption = false

        /// One line for people: the order and what decided it.
        public var said: String { "\(order == .dayFirst ? "day" : "month") first: \(why)" }
    }

    /// Whether there is a time whose order is open.
    public private(set) var hasOpen = false
    /// A time whose order is open.
    public private(set) var example = ""
    /// For each order the first time that only fits it.
    private var proofs: [DateOrder: String] = [:]
    /// Whether all times with their year last are in the portal's English form.
    private var isPortalEnglish = true
    /// Days since 1970 of the times that need no order, and of the open ones by each order.
    private var plainDays: Set<Int> = []
    private var openDays: [DateOrder: Set<Int>] = [:]
    /// Days that are remembered of each kind.
    private static let mostDays = 4096

    /// Nothing was seen.
    public init() {}

    /// Looks at a time.
    mutating func add(_ text: String) {
        if let ticks = Timestamp.parseRFC3339(text) { return remember(ticks, in: &plainDays) }
        guard let written = WrittenTime.parse(text) else { return }
        if let order = written.decided {
            if proofs[order] == nil { proofs[order] = WrittenTime.shown(text) }
            if !written.isPortalEnglish { isPortalEnglish = false }
        } else if written.isOpen {
            if !hasOpen { example = WrittenTime.shown(text) }
            hasOpen = true
            if !written.isPortalEnglish { isPortalEnglish = false }
            for order in DateOrder.allCases {
                if let ticks = written.ticks(order) { remember(ticks, in: &openDays[order, default: []]) }
            }
            return
        }
        if let ticks = written.ticks(nil) { remember(ticks, in: &plainDays) }
    }

    private func remember(_ ticks: Int64, in days: inout Set<Int>) {
        if days.count < Self.mostDays { days.insert(Int(ticks / (86_400 * Timestamp.ticksPerSecond))) }
    }

    /// Whether times contradict each other, so that no order can be right for all of them.
    public var isMixed: Bool { proofs.count > 1 }

    /// What the file alone decides: a number above twelve, the form, or its own times that leave nothing open.
    public func decision(option: DateOrder?) -> Decision? {
        if isMixed { return nil }
        if let (order, proof) = proofs.first { return Decision(order: order, why: "\(proof) can be nothing else") }
        if let option { return Decision(order: option, why: "as --date-order says", isOption: true) }
        if isPortalEnglish {
            return Decision(order: .monthFirst, why: "\(example) is how the portal writes it in English")
        }
        let plain = plainDays
        return agreeing(with: "the file's other times") { day in plain.contains(day) }
    }

    /// The one order whose days, or the days beside them, are among those that are known; nil if none is, or both are.
    public func agreeing(with what: String, _ isKnown: (Int) throws -> Bool) rethrows -> Decision? {
        var agreeing: [DateOrder] = []
        for order in DateOrder.allCases {
            for day in (openDays[order] ?? []).sorted() {
                if try isKnown(day) || isKnown(day - 1) || isKnown(day + 1) {
                    agreeing.append(order)
                    break
                }
            }
        }
        guard agreeing.count == 1 else { return nil }
        return Decision(order: agreeing[0], why: "so its days are among those of \(what)")
    }
}

extension FramedFile {
    /// Looks at all times of the file, or of a stream at those of its beginning.
    public func survey() -> DateSurvey {
        var survey = DateSurvey()
        guard let file = reopen?() else {
            for value in sampledTimes { survey.add(value) }
            return survey
        }
        var chunk = RecordChunk(capacity: 1 << 16)
        while file.fill(&chunk) {
            for record in chunk.records {
                for value in WrittenTimeKeys.values(in: chunk.bytes[record.start..<record.start + record.count]) {
                    survey.add(value)
                }
            }
        }
        return survey
    }
}
