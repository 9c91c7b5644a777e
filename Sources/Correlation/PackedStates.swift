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
                yield hot[slot]
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
        places[index] = arena.store(writer.bytes)
    }

    /// The state as it was packed; nil if the bytes are none.
    private func unpacked(_ index: Int) -> State? {
        if places[index] == 0 { return State() }
        var reader = StateReader(packed: arena.bytes(places[index]), base: base ?? 0)
        return try? State(&reader)
    }
}

/// Pieces of memory of some bytes each, packed without their zeros, in blocks that are used again.
struct StateArena: Sendable {
    private static let chunkSize = 1 << 20
    private static let unit = 8
    /// So many bytes at most are kept in a block; what is longer stands alone.
    private static let longest = 1 << 10
    private var chunks: [[UInt8]] = []
    /// The first place that was never used, in units; 0 is no place.
    private var next = 1
    /// Free blocks by their length in units.
    private var free: [[UInt32]] = Array(repeating: [], count: longest / unit + 1)
    private var long: [UInt32: [UInt8]] = [:]
    private var nextLong = UInt32.max

    /// Keeps bytes.
    ///
    /// - Returns: where, never 0.
    mutating func store(_ bytes: [UInt8]) -> UInt32 {
        var packed: [UInt8] = [0, 0]
        packed.reserveCapacity(bytes.count + 2)
        // Of eight bytes those that are 0 are a bit of the byte in front.
        var at = 0
        while at < bytes.count {
            let head = packed.count
            packed.append(0)
            for bit in 0..<min(8, bytes.count - at) where bytes[at + bit] != 0 {
                packed[head] |= 1 << UInt8(bit)
                packed.append(bytes[at + bit])
            }
            at += 8
        }
        if bytes.count > Self.longest || packed.count > Self.longest {
            long[nextLong] = bytes
            nextLong -= 1
            return nextLong + 1
        }
        packed[0] = UInt8(truncatingIfNeeded: bytes.count)
        packed[1] = UInt8(truncatingIfNeeded: bytes.count >> 8)
        let units = (packed.count + Self.unit - 1) / Self.unit
        let place = block(units)
        let (chunk, offset) = Self.parts(place)
        for (index, byte) in packed.enumerated() { chunks[chunk][offset + index] = byte }
        return place
    }

    /// The bytes of a place.
    func bytes(_ place: UInt32) -> [UInt8] {
        if place > nextLong { return long[place] ?? [] }
        let (chunk, offset) = Self.parts(place)
        return chunks[chunk].withUnsafeBytes { memory in
            let count = Int(memory[offset]) | Int(memory[offset + 1]) << 8
            var at = offset + 2
            var bytes: [UInt8] = []
            bytes.reserveCapacity(count)
            while bytes.count < count {
                let head = memory[at]
                at += 1
                for bit in 0..<min(8, count - bytes.count) {
                    if head & 1 << UInt8(bit) == 0 {
                        bytes.append(0)
                    } else {
                        bytes.append(memory[at])
                        at += 1
                    }
                }
            }
            return bytes
        }
    }

    /// Gives a place back; 0 is none.
    mutating func free(_ place: UInt32) {
        if place == 0 { return }
        if place > nextLong {
            long[place] = nil
            return
        }
        free[units(place)].append(place)
    }

    /// How many units a block takes.
    private func units(_ place: UInt32) -> Int {
        let (chunk, offset) = Self.parts(place)
        let memory = chunks[chunk]
        let count = Int(memory[offset]) | Int(memory[offset + 1]) << 8
        var at = offset + 2
        var done = 0
        while done < count {
            at += 1 + memory[at].nonzeroBitCount
            done += 8
        }
        return (at - offset + Self.unit - 1) / Self.unit
    }

    private mutating func block(_ units: Int) -> UInt32 {
        if let known = free[units].popLast() { return known }
        let perChunk = Self.chunkSize / Self.unit
        // A block does not reach over the end of a chunk; what is left there is lost.
        if next % perChunk + units > perChunk { next += perChunk - next % perChunk }
        while next / perChunk >= chunks.count { chunks.append([UInt8](repeating: 0, count: Self.chunkSize)) }
        defer { next += units }
        return UInt32(truncatingIfNeeded: next)
    }

    private static func parts(_ place: UInt32) -> (chunk: Int, offset: Int) {
        let perChunk = chunkSize / unit
        return (Int(place) / perChunk, Int(place) % perChunk * unit)
    }
}
