import FoundationEssentials

/// The cores that this process may use.
public enum AvailableCores {
    /// How many there are: those of the machine, or of what it was bound to (`taskset`, a container's set).
    public static func count() -> Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
