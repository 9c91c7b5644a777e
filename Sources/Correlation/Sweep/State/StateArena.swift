/// Pieces of memory of some bytes each, packed without their zeros, in blocks that are used again.
struct StateArena: Sendable {
    private static let chunkSize = 1 << 20
    private static let unit = 8
    private static let perChunk = chunkSize / unit
    /// The most bytes in a block; what is longer is stored by itself.
    private static let longest = 1 << 10
    /// With fewer chunks there is little to be had by moving blocks together.
    private let fewestChunks: Int
    private var chunks: [[UInt8]] = []
    /// The first place that was never used, in units; 0 is no place.
    private var next = 1
    /// Free blocks by their length in units.
    private var free: [[UInt32]] = Array(repeating: [], count: longest / unit + 1)
    /// How many units the free blocks are together.
    private var freeUnits = 0
    private var long: [UInt32: [UInt8]] = [:]
    private var nextLong = UInt32.max

    init(fewestChunks: Int = 8) { self.fewestChunks = fewestChunks }

    /// The memory of all chunks, in bytes.
    var size: Int { chunks.count * Self.chunkSize }

    /// Whether a quarter of several chunks is free, in blocks that may be of lengths which nobody asks for any more.
    ///
    /// States grow and shrink together: what a million of them have left would else stand beside what they take next.
    var isLoose: Bool { chunks.count >= fewestChunks && freeUnits * 4 > next }

    /// Moves all blocks together, so that nothing between them is free, and gives back the chunks behind them.
    ///
    /// - Parameter places: those of all blocks, which are changed to where they stand then; 0 for none.
    mutating func close(up places: inout [UInt32]) {
        var order: [Int32] = []
        for (index, place) in places.enumerated() where place != 0 && place <= nextLong {
            order.append(Int32(truncatingIfNeeded: index))
        }
        order.sort { places[Int($0)] < places[Int($1)] }
        next = 1
        for index in order {
            let from = places[Int(index)]
            let units = units(from)
            // In this order a block never moves up: what stood before it takes no more room than it did.
            let to = fresh(units)
            if to != from { move(from, to, units) }
            places[Int(index)] = to
        }
        chunks.removeLast(max(0, chunks.count - next / Self.perChunk - 1))
        for length in free.indices { free[length] = [] }
        freeUnits = 0
    }

    private mutating func move(_ from: UInt32, _ to: UInt32, _ units: Int) {
        let (old, new) = (Self.parts(from), Self.parts(to))
        for byte in 0..<units * Self.unit {
            chunks[new.chunk][new.offset + byte] = chunks[old.chunk][old.offset + byte]
        }
    }

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
        let units = units(place)
        free[units].append(place)
        freeUnits += units
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
        if let known = free[units].popLast() {
            freeUnits -= units
            return known
        }
        return fresh(units)
    }

    /// A block behind all others.
    private mutating func fresh(_ units: Int) -> UInt32 {
        let perChunk = Self.perChunk
        // A block does not reach over the end of a chunk; what is left there is lost.
        if next % perChunk + units > perChunk { next += perChunk - next % perChunk }
        while next / perChunk >= chunks.count { chunks.append([UInt8](repeating: 0, count: Self.chunkSize)) }
        defer { next += units }
        return UInt32(truncatingIfNeeded: next)
    }

    private static func parts(_ place: UInt32) -> (chunk: Int, offset: Int) {
        (Int(place) / perChunk, Int(place) % perChunk * unit)
    }
}
