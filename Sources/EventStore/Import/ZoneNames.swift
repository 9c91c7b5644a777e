public import AzureLogs
import Foundation

/// Zones by their names in the zone database.
public enum ZoneNames {
    /// The zone of a name such as `Europe/Berlin`, or of an offset such as `+01:00`; nil for anything else.
    public static func zone(_ text: String) -> LocalZone? {
        if let fixed = LocalZone(fixed: text) { return fixed }
        // Abbreviations are no names: CST is three zones.
        guard text.contains("/"), let zone = TimeZone(identifier: text) else { return nil }
        return LocalZone(name: text) { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double($0))) }
    }
}
