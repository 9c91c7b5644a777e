/// A small generator with a fixed course (SplitMix64), so that every run of a test sees the same inputs.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Some random bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// A registration id that DPS takes: letters of both cases, digits and the four signs, 4 to 40 long.
    mutating func registrationID() -> String {
        let plain = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        let all = plain + Array("-._:")
        var text = ""
        let count = Int.random(in: 4...40, using: &self)
        for place in 0..<count {
            let choice = place == 0 || place == count - 1 ? plain : all
            text.append(choice[Int.random(in: 0..<choice.count, using: &self)])
        }
        return text
    }
}
