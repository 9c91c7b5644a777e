/// A state that can stand packed as bytes, in the form that checkpoints have.
protocol PackedState: Sendable {
    init()
    /// A time that it knows, microseconds since 1970; `.min` for none.
    var someTime: Int64 { get }
    func write(_ writer: inout StateWriter)
    init(_ reader: inout StateReader) throws(StateFault)
}

extension DeviceState: PackedState {
    var someTime: Int64 { total.last }
}

extension RegistrationState: PackedState {
    var someTime: Int64 { attempt?.started ?? total.begun.0 }
}

/// A state for each of very many things, of which most are not used for a long time.
///
/// Those that were used last stand as they are, up to `hotCount` of them; the others are packed into a fifth of the room. So the
/// memory of a sweep is some tens of megabytes, and about a hundred bytes for each device and registration.
struct PackedStates<State: PackedState> {
    /// How many there are.
    private(set) var count = 0
    private var hot: [State] = []
    /// Whose state stands in each place of `hot`; -1 for nobody's.
    private var owners: [Int32] = []
    /// Where each packed state begins; 0 for a blank one, or one that stands in `hot` alone.
    private var places: [UInt32] = []
    private var arena = StateArena()
    private var writer = StateWriter(packing: 0)
    /// The time from which the others are counted: one of the first state that was packed.
    private var base: Int64?
    private let mask: Int
    /// The bytes that packed states take, with what is free between them.
    var packedSize: Int { arena.size }
    /// Whether what was packed can be read; it can, unless memory was damaged.
    private(set) var isSound = true

    /// Blank states.
    ///
    /// - Parameters:
    ///   - hotCount: how many stand as they are, a power of two.
    init(count: Int, hotCount: Int = 1 << 15) {
        mask = hotCount - 1
        grow(by: count)
    }

    /// Adds blank states.
    mutating func grow(by more: Int) {
        count += more
        places += repeatElement(0, count: more)
        let wanted = min(count, mask + 1)
        hot += repeatElement(State(), count: wanted - hot.count)
        owners += repeatElement(-1, count: wanted - owners.count)
    }

    /// The numbers of all states.
    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> State {
        @inline(__always) _read {
            let slot = index & mask
            if owners[slot] == Int32(truncatingIfNeeded: index) {
                // An array's own subscript would copy the state, with a reference counted for each of its lists.
                yield hot.span[slot]
            } else {
                let state = unpacked(index) ?? State()
                yield state
            }
        }
        @inline(__always) _modify {
            let slot = index & mask
            if owners[slot] != Int32(truncatingIfNeeded: index) { load(index) }
            yield &hot[slot]
        }
    }

    /// Makes sure that a state stands as it is: it will be asked for more than once.
    @inline(__always)
    mutating func warm(_ index: Int) {
        if owners[index & mask] != Int32(truncatingIfNeeded: index) { load(index) }
    }

    /// Takes a state into `hot`, and packs the one that stood there.
    @inline(never)
    private mutating func load(_ index: Int) {
        let slot = index & mask
        let before = Int(owners[slot])
        if before >= 0 { pack(hot[slot], before) }
        if let state = unpacked(index) {
            hot[slot] = state
        } else {
            isSound = false
            hot[slot] = State()
        }
        owners[slot] = Int32(truncatingIfNeeded: index)
        arena.free(places[index])
        places[index] = 0
    }

    private mutating func pack(_ state: State, _ index: Int) {
        if base == nil {
            base = max(0, state.someTime)
            writer = StateWriter(packing: base ?? 0)
        }
        writer.clear()
        state.write(&writer)
        if arena.isLoose { arena.close(up: &places) }
        places[index] = arena.store(writer.bytes)
    }

    /// The state as it was packed; nil if the bytes are none.
    private func unpacked(_ index: Int) -> State? {
        if places[index] == 0 { return State() }
        var reader = StateReader(packed: arena.bytes(places[index]), base: base ?? 0)
        return try? State(&reader)
    }
}
