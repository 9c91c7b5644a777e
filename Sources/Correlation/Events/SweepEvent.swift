import AzureLogs

/// One event as the sweep sees it.
struct SweepEvent: Sendable {
    var time: Int64 = 0
    var hash: Int64 = 0
    @Compact32 var identity = 0
    @Compact32 var context = 0
    @Compact32 var network = 0
    @Compact32 var agent = 0
    @Compact32 var target = 0
    /// While events come as they are stored: which of those with one key was told last; 0 for one that is told once.
    @Compact32 var turn = 0
    var duration: Int64 = -1
    /// A hash of the correlation id, 0 if none was logged.
    var correlation: UInt64 = 0
    @Compact32 var copies = 1
    @Compact32 var file = 0
    var line = 0
}
