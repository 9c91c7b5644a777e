import ArgumentParser
import FleetSimulator
import Glibc

/// Makes the samples and the data of the benchmarks.
@main
struct SimulateFleet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-fleet",
        abstract: "Make log files of fleets that do not exist.",
        subcommands: [Samples.self, Whole.self, Load.self]
    )

    /// The small fleets with a story each.
    struct Samples: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the samples.")

        @Option(name: .long, help: "The folder to write into.")
        var into: String

        func run() throws {
            for story in Stories.all {
                let folder = "\(into)/\(story.name)"
                for (path, text) in Stories.log(of: story).files() {
                    try Files.writeGzip(text, to: "\(folder)/\(path)")
                }
                try Files.write(Array(Stories.truthText(of: story).utf8), to: "\(into)/truth/\(story.name).json")
            }
        }
    }

    /// A fleet with everything wrong at once.
    struct Whole: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fleet",
            abstract: "Write the logs of a fleet in which every rule has something to find, and what is true of it."
        )

        @Option(name: .long, help: "The seed.")
        var seed: UInt64 = 7

        @Option(name: .long, help: "Damage the logs with this seed.")
        var damage: UInt64?

        @Option(name: .long, help: "The folder to write into: logs/ and truth.json.")
        var into: String

        func run() throws {
            let fleet = Fleet.troubled(devices: 20_000, seed: seed)
            if let damage {
                for (path, bytes) in try DamagedLogs(fleet.book, seed: damage).files {
                    try Files.write(bytes, to: "\(into)/logs/\(path)")
                }
            } else {
                try FleetFiles.write(fleet.book) { try Files.write($1, to: "\(into)/logs/\($0)") }
            }
            let truths = Stories.truthText(of: fleet.truths.map(\.truth))
            try Files.write(Array(truths.utf8), to: "\(into)/truth.json")
        }
    }

    /// A large fleet for benchmarks.
    struct Load: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the logs of a large fleet.")

        @Option(name: .long, help: "How many records.")
        var events: Int

        @Option(name: .long, help: "How many devices.")
        var devices = 20_000

        @Option(name: .long, help: "How many records an hour, which is a file.")
        var perHour = 40_000

        @Option(name: .long, help: "The seed.")
        var seed: UInt64 = 1

        @Flag(name: .long, help: "A third of the devices are in trouble, and each hour comes in some forty files.")
        var sick = false

        @Flag(name: .long, help: "No two records have their members in the same order, and there are many SDKs.")
        var varied = false

        @Option(name: .long, help: "The folder to write into.")
        var into: String

        func run() throws {
            var variation = VariedRecords(seed: seed)
            if sick {
                try SickLoadGenerator(events: events, devices: devices, seed: seed, perHour: perHour).run {
                    hour,
                    files in
                    let number = String(100_000 + hour).dropFirst()
                    for (name, text) in files {
                        let text = varied ? variation.vary(text) : text
                        try Files.writeGzip(text, to: "\(into)/hour-\(number)-\(name).json.gz", level: 6)
                    }
                }
                return
            }
            try LoadGenerator(events: events, devices: devices, seed: seed, perHour: perHour).run { hour, text in
                let number = String(100_000 + hour).dropFirst()
                let text = varied ? variation.vary(text) : text
                try Files.writeGzip(text, to: "\(into)/hour-\(number).json.gz", level: 6)
            }
        }
    }
}

/// Files that are written whole, with the folders above them.
enum Files {
    static func writeGzip(_ text: String, to path: String, level: Int32 = 9) throws {
        guard let bytes = Gzip.compress(Array(text.utf8), level: level) else {
            throw ValidationError("zlib has no memory")
        }
        try write(bytes, to: path)
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            mkdir(folder, 0o755)
        }
        guard let file = fopen(path, "w") else {
            throw ValidationError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw ValidationError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
