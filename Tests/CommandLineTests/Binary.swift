import EventStore
import Foundation
import TestSupport

/// What a run of the real binary gave.
struct Run {
    var code: Int32
    var output: String
    var error: String
}

/// The real binary, which stands beside the tests' bundle.
enum Binary {
    static let path: String = {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
        return folder + "/dpslens"
    }()

    /// The project's folder.
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    /// Starts the binary with a small, fixed environment.
    static func start(_ arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> (
        Process, Pipe, Pipe
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        return try started(process, input: input, environment: environment)
    }

    private static func started(_ process: Process, input: String?, environment: [String: String]) throws -> (
        Process, Pipe, Pipe
    ) {
        // Paths are shown as they are given: relative ones look the same wherever the project stands.
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.environment = ["COLUMNS": "100", "TZ": "UTC", "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        if let input {
            process.standardInput = FileHandle(forReadingAtPath: input)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        return (process, out, error)
    }

    /// Runs the binary to its end.
    static func run(_ arguments: [String]) throws -> Run { try finish(start(arguments)) }

    /// Runs the binary to its end under a limit of the shell's, such as `ulimit -f 100`.
    static func run(_ arguments: [String], under limit: String) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "\(limit); exec \"$0\" \"$@\"", path] + arguments
        return try finish(started(process, input: nil, environment: [:]))
    }

    /// Runs the binary to its end in a changed environment.
    static func finished(_ arguments: [String], environment: [String: String]) throws -> Run {
        try finish(start(arguments, environment: environment))
    }

    /// Runs the binary to its end.
    static func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Run {
        try finish(start(arguments, input: input, environment: environment))
    }

    /// Asks the tables themselves, which `dpslens query` does not show.
    ///
    /// - Returns: a header and rows with commas between the cells, without quotes.
    static func tables(_ sql: String, _ path: String) throws -> String {
        let table = try QueryRunner.run(sql, in: LogDatabase.open(path, .readOnly))
        return ([table.columns] + table.rows.map { $0.map(\.plain) }).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    static func finish(_ started: (Process, Pipe, Pipe)) throws -> Run {
        let (process, out, error) = started
        let output = out.fileHandleForReading.readDataToEndOfFile()
        let message = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            code: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: String(decoding: output, as: UTF8.self),
            error: String(decoding: message, as: UTF8.self)
        )
    }
}
