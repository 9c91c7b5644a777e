import Foundation
import Glibc
import TestSupport
import Testing

/// Progress is shown on a terminal while files are read and while it is judged, and nowhere else.
@Suite struct ProgressTests {
    /// What standard error shows of a run whose standard error is a terminal.
    private static func onTerminal(_ arguments: [String]) throws -> (code: Int32, error: String, output: String) {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        // TIOCSPTLCK and TIOCGPTN of Linux's asm-generic/ioctls.h, which Swift does not see: unlock the other end, and say
        // which it is.
        var (lock, number): (Int32, Int32) = (0, 0)
        try #require(ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0)
        let inner = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(inner >= 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Binary.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: Binary.root)
        process.environment = ["TZ": "UTC", "PATH": "/usr/bin:/bin"]
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle(fileDescriptor: inner, closeOnDealloc: false)
        try process.run()
        close(inner)
        let output = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var shown: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // The other end is closed, so that the last read fails instead of waiting.
        while true {
            let count = read(terminal, &buffer, buffer.count)
            if count <= 0 { break }
            shown += buffer[..<count]
        }
        close(terminal)
        return (
            process.terminationStatus, String(decoding: shown, as: UTF8.self), String(decoding: output, as: UTF8.self)
        )
    }

    @Test func aTerminalSeesWhatIsDone() throws {
        let folder = try TestFolder()
        let run = try Self.onTerminal(["analyze", CommandTests.sample, "--db", folder.path + "/a.db"])
        #expect(run.code == 0)
        for step in ["joining attempts and contacts", "1/", " rules, 100 %", "bringing findings together"] {
            #expect(run.error.contains(step), "\(step)")
        }
        #expect(!run.output.contains("rules, 100 %"))
        // The line is cleared before anything else is said.
        let parts = run.error.components(separatedBy: "\r")
        #expect(parts.last?.hasPrefix("\u{1B}[K") == true)
        // Nothing is left to do the second time.
        let again = try Self.onTerminal(["report", "--db", folder.path + "/a.db"])
        #expect(again.code == 0 && again.error.isEmpty)
    }

    @Test(arguments: [["--quiet"], []])
    func aPipeAndAQuietRunDoNot(_ options: [String]) throws {
        let folder = try TestFolder()
        let arguments = ["analyze", CommandTests.sample, "--db", folder.path + "/a.db"] + options
        if options.isEmpty {
            #expect(!(try Binary.run(arguments).error.contains("rules")))
        } else {
            #expect(try Self.onTerminal(arguments).error.isEmpty)
        }
    }
}
