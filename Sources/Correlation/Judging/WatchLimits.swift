/// From what on the sweep keeps the contacts of a device, and the minutes of a hub, for rules to look at.
///
/// A rule that counts fewer, or over a longer time, would miss devices in silence: `rules lint` holds the parameters of cards
/// to these numbers (`WatchClaim`), and cards bound what a configuration may set.
public enum WatchLimits {
    /// How many connects within `busyMinutes` keep the contacts around them.
    public static let connects = 8
    /// The span of `connects`, in minutes.
    public static let busyMinutes = 60
    /// How many refusals in a row, or take-overs, that nothing explains keep all contacts of the device.
    public static let repeats = 3
    /// Within how many minutes of the one before a take-over is in a row with it.
    public static let takeoverMinutes = 1440
    /// How many changes of the hub that accepts a device keep all its contacts.
    public static let hubChanges = 2
    /// Within how many hours of the one before a change is in a row with it.
    public static let hubChangeHours = 168
    /// How many drops, refusals or explained drops keep a minute of a hub.
    public static let minuteDevices = 5
}
