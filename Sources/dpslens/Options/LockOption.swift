import ArgumentParser

/// How long a command waits for another one that writes the database.
struct LockOption: ParsableArguments {
    @Option(name: .customLong("wait"), help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var seconds = 0
}
