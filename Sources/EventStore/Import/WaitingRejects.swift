/// The rejects at the end of a batch that have met no readable record behind them.
///
/// How many may wait is counted in rejects alone, so that what is known of one does not depend on where a file was cut into
/// chunks and batches.
struct WaitingRejects: Sendable {
    /// More in a row are given up: their next record is far away.
    static let limit = 1024

    private(set) var count = 0

    /// Adds a reject to the batch.
    mutating func note(_ reject: Reject, _ batch: inout RowBatch) {
        if count == Self.limit { count = 0 }
        batch.rejects.append(reject)
        count += 1
    }

    /// Takes back the last reject that was added.
    mutating func dropLast(_ batch: inout RowBatch) {
        batch.rejects.removeLast()
        count = max(0, count - 1)
    }

    /// Says of those that wait when the readable record behind them was.
    mutating func end(_ time: Int64, _ batch: inout RowBatch) {
        for index in batch.rejects.indices.suffix(count) { batch.rejects[index].nextTime = time }
        count = 0
    }

    /// Takes those that wait out of a batch that is handed on, so that the next batch can say which record it was.
    mutating func take(of batch: inout RowBatch) -> [Reject] {
        count = min(count, batch.rejects.count)
        let taken = Array(batch.rejects.suffix(count))
        batch.rejects.removeLast(count)
        batch.lines -= count
        return taken
    }

    /// Forgets them at the end of a file.
    mutating func clear() { count = 0 }
}
