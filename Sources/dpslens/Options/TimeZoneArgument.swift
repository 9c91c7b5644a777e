import ArgumentParser
import AzureLogs
import EventStore

/// An order of day and month as an option's value.
enum DateOrderArgument: String, ExpressibleByArgument, CaseIterable {
    case dayFirst = "day-first"
    case monthFirst = "month-first"

    /// The order.
    var order: DateOrder { self == .dayFirst ? .dayFirst : .monthFirst }
}

/// A zone as an option's value.
struct TimeZoneArgument: ExpressibleByArgument {
    /// The zone.
    let zone: LocalZone

    /// Reads an offset or a name of the zone database; nil for anything else.
    init?(argument: String) {
        guard let zone = ZoneNames.zone(argument) else { return nil }
        self.zone = zone
    }
}
