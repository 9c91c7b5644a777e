import Foundation

/// The real binary as a user who is not root: root may read and write everything.
enum Unprivileged {
    /// Runs it as nobody, by `setpriv` of util-linux.
    ///
    /// - Parameter threads: how many nobody may have, by `prlimit`; nil for no limit of ours.
    static func run(_ arguments: [String], threads: Int? = nil) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments =
            ["--reuid=65534", "--regid=65534", "--clear-groups"]
            + (threads.map { ["prlimit", "--nproc=\($0)"] } ?? []) + [Binary.path] + arguments
        process.environment = ["COLUMNS": "100", "TZ": "UTC", "PATH": "/usr/bin:/bin"]
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = out.fileHandleForReading.readDataToEndOfFile()
        let message = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            code: process.terminationStatus,
            output: String(decoding: output, as: UTF8.self),
            error: String(decoding: message, as: UTF8.self)
        )
    }
}
