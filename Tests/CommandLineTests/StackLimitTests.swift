import Foundation
import TestSupport
import Testing

/// Where stacks are too small for what a command may need, it says so before it begins and does not end by SIGSEGV.
@Suite struct StackLimitTests {
    @Test(arguments: [(64, 3), (128, 3), (255, 3), (256, 0), (8192, 0)])
    func aLimitThatIsTooSmallIsToldAtOnce(_ kibibytes: Int, _ code: Int32) throws {
        let folder = try TestFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", "ulimit -s \(kibibytes); exec \"$0\" \"$@\"", Binary.path, "analyze", CommandTests.sample, "--db",
            folder.path + "/a.db", "-q",
        ]
        let error = Pipe()
        process.standardError = error
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == code, "\(message)")
        #expect(message.contains("ulimit -s") == (code == 3), "\(message)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/a.db") == (code == 0))
    }
}
