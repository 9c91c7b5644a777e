import ArgumentParser
import EventStore

/// Which part of a fleet a command works on.
struct PartOptions: ParsableArguments {
    @Option(
        name: .customLong("part"),
        help: ArgumentHelp("Only the devices of one of N parts, K/N with K from 0.", valueName: "k/n")
    )
    var text: String?

    @OptionGroup var links: LinkOptions

    /// The part; nil if none is asked for.
    func part() throws -> PartNumber? {
        guard let text else { return nil }
        guard let part = PartNumber(text) else {
            throw ValidationError("`--part \(text)`: a part is K/N with K from 0 to N - 1, such as 0/4.")
        }
        return part
    }
}

/// Which ids belong together, as other databases know.
struct LinkOptions: ParsableArguments {
    @Option(
        name: .customLong("links"),
        help: ArgumentHelp(
            "CSV of ids that belong together, as split --show-links prints it; repeatable.",
            valueName: "file"
        )
    )
    var files: [String] = []

    /// The links of all files; none without one.
    func links() throws -> DeviceLinks {
        var links = DeviceLinks()
        for file in files { try LinkFile.read(file, into: &links) }
        return links
    }
}
