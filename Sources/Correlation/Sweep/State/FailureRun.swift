import AzureLogs

/// The tallies of a run: of all its failures, and of each class among them.
struct FailureRun: Sendable, Equatable {
    /// The run as a whole first; empty without failures.
    private(set) var tallies: [FailureTally] = []

    init() {}

    init(_ tallies: [FailureTally]) { self.tallies = tallies }

    var isEmpty: Bool { tallies.isEmpty }

    /// Counts a failure.
    mutating func add(_ failure: FailureTally.Failure, _ kind: FailureClass?, _ paths: FilePaths) {
        if tallies.isEmpty { tallies.append(FailureTally()) }
        tallies[0].add(failure, paths)
        let kind = kind ?? .other
        if let known = tallies.firstIndex(where: { $0.failure == kind }) {
            tallies[known].add(failure, paths)
        } else {
            var tally = FailureTally(failure: kind)
            tally.add(failure, paths)
            tallies.append(tally)
        }
    }
}
