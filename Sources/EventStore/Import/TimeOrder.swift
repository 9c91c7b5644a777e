/// How far the times of a file's records are out of order, whether they ascend or descend.
struct TimeOrder: BitwiseCopyable {
    private var latest = Int64.min
    private var earliest = Int64.max
    private var behind: Int64 = 0
    private var above: Int64 = 0

    /// Takes the time of the next record.
    @inline(__always)
    mutating func add(_ time: Int64) {
        if time >= latest { latest = time } else { behind = max(behind, latest - time) }
        if time <= earliest { earliest = time } else { above = max(above, time - earliest) }
    }

    /// Takes the times of the next piece of the file.
    mutating func add(_ piece: TimeOrder) {
        if piece.latest < piece.earliest { return }
        if latest < earliest { return self = piece }
        behind = max(behind, piece.behind, latest - piece.earliest)
        above = max(above, piece.above, piece.latest - earliest)
        latest = max(latest, piece.latest)
        earliest = min(earliest, piece.earliest)
    }

    /// The farthest that a record lies behind its place, in microseconds; 0 for a file in order.
    var disorder: Int64 { min(behind, above) }
}
