/// What is known of the file that is being written, until it is in.
struct FileInHand {
    /// Where it began; nil between files.
    var start: FileStart?
    /// Its number in the ledger.
    var id = 0
    var counts = IngestReport()
    /// The time of the earliest event that it added or changed; `.max` for none.
    var changed = Int64.max
    /// The time of its latest event; `.min` for none.
    var lastTime = Int64.min
    /// The time of its earliest event; `.max` for none.
    var firstTime = Int64.max
    /// How far its records are out of order, in microseconds.
    var disorder: Int64 = 0
    /// Files by whose lines events were cited until this one was read.
    var displaced: Set<Int> = []
    /// The contexts of its events, by their ids.
    var contexts: Set<Int32> = []
    /// Which of its raw texts are of lines that nothing is cited by.
    var owners = RawTextOwners()

    /// No file.
    init() {}

    /// A file of which nothing is written yet.
    init(_ start: FileStart) {
        self.start = start
        owners = RawTextOwners(isGrown: start.resumed != nil)
    }
}
