/// A number of a row (an identity, a hub, a context, a file) or a code, kept in half the room.
///
/// The sweep has a state for every device and registration; the smaller they are, the more of them are at hand.
/// Numbers of rows are given one by one and stay far below the limit of two thousand million.
@propertyWrapper
struct Compact32: Sendable, BitwiseCopyable {
    private var stored: Int32

    init(wrappedValue: Int) { stored = Int32(clamping: wrappedValue) }

    var wrappedValue: Int {
        @inline(__always) get { Int(stored) }
        @inline(__always) set { stored = Int32(clamping: newValue) }
    }
}
