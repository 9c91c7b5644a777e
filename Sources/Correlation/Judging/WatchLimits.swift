/// From what on the sweep keeps the contacts of a device, and the minutes of a hub, for rules to look at.
///
/// A rule that counts fewer, or over a longer time, would miss devices in silence: `rules lint` holds the parameters of cards
/// to these numbers (`WatchClaim`), and cards bound what a configuration may set.
public enum WatchLimits {
    /// So many connects within `busyMinutes` keep the contacts around them.
    public static let connects = 8
    /// The span of `connects`, in minutes.
    public static let busyMinutes = 60
    /// So many refusals in a row, or take-overs, that nothing explains keep all contacts of the device.
    public static let repeats = 3
    /// Take-overs are in a row while each comes within so many minutes of the one before.
    public static let takeoverMinutes = 1440
    /// So many changes of the hub that accepts a device keep all its contacts.
    public static let hubChanges = 2
    /// Changes are in a row while each comes within so many hours of the one before.
    public static let hubChangeHours = 168
    /// So many drops, refusals or explained drops keep a minute of a hub.
    public static let minuteDevices = 5
}
