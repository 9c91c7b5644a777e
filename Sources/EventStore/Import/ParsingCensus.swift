import Synchronization

/// Counts what parses at the same time, for tests and measurements.
final class ParsingCensus: Sendable {
    private struct Counts {
        var busy = 0
        var most = 0
        var pieces: [Int: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// A worker begins with a piece.
    func begin(_ worker: Int) {
        counts.withLock {
            $0.busy += 1
            $0.most = max($0.most, $0.busy)
            $0.pieces[worker, default: 0] += 1
        }
    }

    /// A worker is done with a piece.
    func end() { counts.withLock { $0.busy -= 1 } }

    /// How many parsed at the same time at most.
    var most: Int { counts.withLock { $0.most } }

    /// How many pieces each worker has parsed.
    var pieces: [Int: Int] { counts.withLock { $0.pieces } }
}
