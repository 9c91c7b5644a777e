import ArgumentParser
import EventStore
import Glibc
import Reports

/// Cuts a database into parts.
struct SplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Cut a database into parts by device.",
        discussion: """
            Each part has the events of its devices, and what all must know: the ledger, exports of DPS, hours of the logs.
            A registration and its devices stay together. Where several databases are cut, each needs the links of all.

            Examples:
              dpslens split --db monday.db --show-links > monday.csv
              dpslens split --db monday.db --parts 8 --links monday.csv --links tuesday.csv --to shards/monday
            """
    )

    @OptionGroup var database: DatabaseOption

    @Option(name: .long, help: ArgumentHelp("How many parts.", valueName: "n"))
    var parts = 1

    @Option(name: .long, help: ArgumentHelp("The folder; made if it is not there.", valueName: "folder"))
    var to: String?

    @OptionGroup var links: LinkOptions

    @Flag(name: .long, help: "Print the database's links as CSV, and end.")
    var showLinks = false

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if showLinks { return }
        guard parts > 0 else { throw ValidationError("--parts is at least 1.") }
        guard to != nil else { throw ValidationError("Give --to FOLDER.") }
    }

    func run() async throws {
        try await Failure.reporting {
            let source = try LogDatabase.open(database.path, .readOnly)
            if showLinks { return Standard.data(LinkFile.text(try DeviceLinks.pairs(in: source))) }
            guard let to else { return }
            guard mkdir(to, 0o700) == 0 || errno == EEXIST else {
                throw InvalidFolder(path: to, reason: String(cString: strerror(errno)))
            }
            var known = try links.links()
            try known.add(source)
            for number in 0..<parts {
                guard let part = PartNumber(number, of: parts) else { continue }
                let digits = String(number)
                let name = "part-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".db"
                let path = to + "/" + name
                guard access(path, F_OK) != 0 else {
                    throw InvalidFolder(path: path, reason: "it is there already; remove it, or give another --to")
                }
                let opened = try LogDatabase.open(path)
                try EventUnion.take(database.path, part: part, links: known, into: opened)
                try opened.checkPlace()
            }
            if !screen.quiet { Standard.say("\(parts) parts in \(to)") }
        }
    }
}
