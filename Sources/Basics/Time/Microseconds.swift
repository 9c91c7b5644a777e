/// Lengths of time in microseconds, which all times of events are counted in.
public enum Microseconds {
    /// A second.
    @inlinable public static var second: Int64 { 1_000_000 }
    /// A minute.
    @inlinable public static var minute: Int64 { 60_000_000 }
    /// An hour.
    @inlinable public static var hour: Int64 { 3_600_000_000 }
    /// A day.
    @inlinable public static var day: Int64 { 86_400_000_000 }
}
