public import EventStore
public import Findings

/// What a night's report says before everything else: which time it is of, what was read for it, and what has become of its
/// findings.
public struct NightReport: Sendable {
    /// How many findings were open in a night.
    public struct Count: Sendable, Hashable {
        /// The night's date.
        public var date: String
        /// How many; nil for a night in which nothing was logged.
        public var open: Int?

        /// A night's number.
        public init(date: String, open: Int?) {
            self.date = date
            self.open = open
        }
    }

    /// The night.
    public var night: Night
    /// The balance of what was read for it.
    public var ingest: IngestReport
    /// How many of these records the run has read that wrote this report.
    public var readNow = 0
    /// Whether that run has made the night again.
    public var isMadeAgain = false
    /// What is to be tidied up in the suppressions, each as one sentence.
    public var suppressions: [String] = []
    /// Its findings with their states, in total order.
    public var findings: [TrackedFinding]
    /// The open findings of the last nights, oldest first, this one included; at most fourteen.
    public var trend: [Count]
    /// The same of each incident, by its id.
    public var incidentTrends: [String: [Count]]
    /// The run that judged it again and wrote this report again; nil for its own.
    public var judgedAgain: String?

    /// A night's report.
    public init(
        night: Night,
        ingest: IngestReport,
        findings: [TrackedFinding],
        trend: [Count],
        incidentTrends: [String: [Count]]
    ) {
        self.night = night
        self.ingest = ingest
        self.findings = findings
        self.trend = trend
        self.incidentTrends = incidentTrends
    }

    /// The findings in a state that no suppression covers.
    func findings(_ state: FindingState) -> [TrackedFinding] {
        findings.filter { $0.state == state && !$0.isSuppressed }
    }
}
