import ArgumentParser

/// How cells of CSV are written.
struct CellOption: ParsableArguments {
    @Flag(
        name: .long,
        help: "Put no apostrophe before CSV cells that a spreadsheet would take for formulas."
    )
    var raw = false
}
