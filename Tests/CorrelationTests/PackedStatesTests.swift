import FleetSimulator
import Testing

@testable import Correlation

/// States that are packed and unpacked at any time are those of a plain list.
@Suite struct PackedStatesTests {
    private static func change(_ state: inout DeviceState, _ random: inout SplitMix64) {
        var event = SweepEvent()
        event.time = 1_795_000_000_000_000 + Int64(random.next() % 86_400) * 1_000_000 + Int64(random.next() % 2)
        event.network = Int(random.next() % 3000)
        event.agent = Int(random.next() % 5)
        event.hash = Int64(bitPattern: random.next())
        event.line = Int(random.next() % 1_000_000)
        let contact = Contact(time: event.time, isOK: random.next() % 2 == 0, code: 401_003, file: 7, line: event.line)
        switch random.next() % 6 {
        case 0: _ = state.accept(event, by: Int(1 + random.next() % 4))
        case 1: state.own.note(contact, event)
        case 2:
            state.own.pending.append(PendingError(event: event, role: .refusal, code: 401_003, hub: 2, isRefusal: true))
        case 3: state.own.pending = []
        case 4: _ = state.own.connects.add(Int32(random.next() % 100_000))
        default:
            state.lastContact = contact
            state.registration = Int(1 + random.next() % 1000)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func theyAreThoseOfAPlainList(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var packed = PackedStates<DeviceState>(count: 300, hotCount: 16)
        var plain = [DeviceState](repeating: DeviceState(), count: 300)
        for round in 0..<20_000 {
            let index = Int(random.next() % UInt64(plain.count))
            if random.next() % 8 == 0 { packed.warm(index) }
            var other = random
            Self.change(&packed[index], &random)
            Self.change(&plain[index], &other)
            if round % 5000 == 0 {
                packed.grow(by: 50)
                plain += [DeviceState](repeating: DeviceState(), count: 50)
            }
        }
        #expect(packed.count == plain.count)
        #expect(packed.indices.contains { !packed[$0].isBlank })
        for index in plain.indices {
            #expect("\(packed[index])" == "\(plain[index])", "seed \(seed), state \(index)")
        }
        #expect(packed.isSound)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 1020, 1024, 1025, 5000])
    func bytesOfAnyLengthComeBack(_ count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        var arena = StateArena()
        var kept: [(place: UInt32, bytes: [UInt8])] = []
        for _ in 0..<2000 {
            let bytes = (0..<count).map { _ in random.next() % 3 == 0 ? UInt8(truncatingIfNeeded: random.next()) : 0 }
            kept.append((arena.store(bytes), bytes))
            if random.next() % 2 == 0 { arena.free(kept.remove(at: Int(random.next() % UInt64(kept.count))).place) }
        }
        #expect(Set(kept.map(\.place)).count == kept.count)
        for one in kept { #expect(arena.bytes(one.place) == one.bytes) }
    }

    /// All of them grow, each by as much as the others, then shrink: no length is asked for twice.
    @Test func blocksMoveTogetherWhereLengthsChange() {
        var random = SplitMix64(seed: 5)
        var arena = StateArena(fewestChunks: 2)
        var bytes = [[UInt8]](repeating: [], count: 5000)
        var places = [UInt32](repeating: 0, count: bytes.count)
        var moves = 0
        var most = 0
        for length in [200, 260, 320, 380, 440, 500, 60] {
            for index in bytes.indices {
                // Every hundredth is too long for a block, and stays where it is.
                let count = index % 100 == 0 ? 2000 : length
                bytes[index] = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() | 1) }
                arena.free(places[index])
                places[index] = 0
                if arena.isLoose {
                    arena.close(up: &places)
                    moves += 1
                }
                places[index] = arena.store(bytes[index])
            }
            most = max(most, arena.size)
        }
        #expect(moves > 2)
        // Without it 5,000 blocks of six lengths would stand beside each other: 11 MB.
        #expect(most < 5 << 20)
        arena.close(up: &places)
        #expect(arena.size == 1 << 20)
        for index in bytes.indices { #expect(arena.bytes(places[index]) == bytes[index]) }
    }
}
