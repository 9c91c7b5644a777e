/// The five ends of a journey.
public enum Journey: String, Sendable, CaseIterable {
    case connected
    case refused
    case elsewhere
    case silent
    case undetermined
}
