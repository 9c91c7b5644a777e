import Basics

/// Judges whether what was said of a journey stands beside the records that could not be read.
///
/// What was seen stays seen. What was said because nothing else was seen falls where the record that would have been seen
/// may be one that could not be read: one of the hub in the same hours, or of another hub or DPS at that very time.
struct DoubtJudge: Sendable {
    /// A journey as it was judged by what could be read.
    struct Told: Sendable {
        var registration: Int
        /// When DPS answered.
        var ended: Int64
        var started: Int64
        /// The assigned hub, 0 if it is not known.
        var hub: Int
        var basis: String
        var journey: Journey
        var reason: String
        /// When the contact was that decides.
        var contact: Int64?
        var device: Int
        var isCovered: Bool
        /// When the registration asked next; `.max` for never.
        var next = Int64.max

        /// Whether the judgement asks for the next attempt.
        var needsNext: Bool { journey == .silent || ["seen", "session-open"].contains(reason) }
    }

    /// What a doubt makes of a journey.
    enum Verdict: Sendable, Equatable {
        case undetermined(DoubtPlace)
        /// It stands, but the hub's log does not cover the window as a whole.
        case notCovered
    }

    private let spans: DoubtSpans
    private let configuration: CorrelationConfiguration
    /// Whether so few devices are known that a record that names nobody is held against each of them at any time.
    ///
    /// Of thousands of devices hardly one is meant by it: there it counts in the hours of the window alone, and what it
    /// might contradict is not certain.
    private let isFew: Bool
    /// How long before a registration a session may have begun of which only the beginning was logged, in microseconds.
    private static let lookBack = 2 * Microseconds.hour

    init(_ spans: DoubtSpans, _ configuration: CorrelationConfiguration, devices: Int) {
        self.spans = spans
        isFew = devices <= Self.few
        self.configuration = configuration
    }

    /// The most devices that are few.
    static let few = 100

    /// Whether there is nothing to doubt.
    var isIdle: Bool { spans.isEmpty }

    /// Judges a journey; nil where it stands as it is.
    func judge(_ told: Told) -> Verdict? {
        let begin = told.ended - configuration.skew
        let window = told.ended + configuration.connectWindow
        let place: DoubtPlace?
        switch told.journey {
        case .undetermined:
            // What is not known for another reason stays so, but a file that is to blame is named.
            let isUnseen = ["no-coverage", "coverage-ended"].contains(told.reason)
            place = isUnseen ? hours(told, begin, window) : told.hub == 0 ? registration(told, told.ended) : nil
        case .silent:
            place =
                hours(told, begin, window) ?? anyHub(told, begin, told.next) ?? session(told)
                ?? registration(told, min(window, told.next))
        case .elsewhere:
            let contact = told.contact ?? window
            place =
                hours(told, begin, max(window, contact)) ?? anyHub(told, begin, contact) ?? registration(told, contact)
        case .refused:
            let contact = told.contact ?? window
            let last = told.reason == "slow" ? contact : window
            place =
                times(told, begin, last) ?? registration(told, contact)
                ?? (told.reason == "slow" ? anyHub(told, begin, contact) : nil)
        case .connected:
            let contact = told.contact ?? told.ended
            place =
                registration(told, contact)
                ?? (told.reason == "window" ? nil : anyHub(told, begin, told.contact ?? told.next))
                ?? (told.reason == "session-open" ? session(told) : nil)
        }
        if let place { return .undetermined(place) }
        guard told.isCovered, told.journey == .silent || told.journey == .elsewhere else { return nil }
        let isBeside = spans.place(
            .init(
                service: "hub",
                look: .hoursOfAll,
                instance: told.hub,
                from: begin,
                to: told.journey == .silent ? told.next : window
            ),
            [.record]
        )
        return isBeside == nil ? nil : .notCovered
    }

    /// The assigned hub may have logged the device in these hours; a record of that very time is named first.
    private func hours(_ told: Told, _ from: Int64, _ to: Int64) -> DoubtPlace? {
        guard told.hub != 0 else { return nil }
        var question = DoubtSpans.Question(
            service: "hub",
            look: .times,
            instance: told.hub,
            identity: told.device,
            from: from,
            to: to
        )
        if let place = spans.place(question, Doubt.Reach.allCases) { return place }
        question.look = .hours
        return spans.place(question, Doubt.Reach.allCases)
    }

    /// The assigned hub may have logged the device at this time.
    private func times(_ told: Told, _ from: Int64, _ to: Int64) -> DoubtPlace? {
        spans.place(
            .init(
                service: "hub",
                look: .times,
                instance: told.hub,
                identity: told.device,
                from: from,
                to: to,
                isNamed: !isFew
            ),
            Doubt.Reach.allCases
        )
    }

    /// Any hub may have logged the device at this time.
    private func anyHub(_ told: Told, _ from: Int64, _ to: Int64) -> DoubtPlace? {
        spans.place(
            .init(service: "hub", look: .anywhere, identity: told.device, from: from, to: to, isNamed: !isFew),
            [.record]
        )
    }

    /// The hub may have logged the beginning or end of a session that was open when DPS answered.
    private func session(_ told: Told) -> DoubtPlace? {
        spans.place(
            .init(
                service: "hub",
                look: .times,
                instance: told.hub,
                identity: told.device,
                from: told.ended - Self.lookBack,
                to: told.ended,
                isNamed: !isFew
            ),
            [.record]
        )
    }

    /// DPS may have logged another answer to the registration, or a later one, before the contact that decides.
    private func registration(_ told: Told, _ contact: Int64) -> DoubtPlace? {
        let gap = told.basis == "logged" ? 0 : configuration.attemptGap
        return spans.place(
            .init(
                service: "dps",
                look: .anywhere,
                identity: told.registration,
                from: told.started - gap,
                to: max(told.ended + gap, contact),
                isNamed: !isFew
            ),
            [.record]
        )
    }
}
