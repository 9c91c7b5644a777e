import ArgumentParser

/// What belongs to a registry and does not stand in it.
struct RegistryCompanions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Group keys that the registry does not show: GROUP KEY a line.", valueName: "file")
    )
    var groupKeys: String?

    @Option(name: .long, help: ArgumentHelp("Requests of devices, one JSON object a line.", valueName: "file"))
    var requests: String?
}
