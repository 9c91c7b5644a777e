import Foundation
import TestSupport
import Testing

/// Where stacks are too small for what a command may need, it says so before it begins and does not end by SIGSEGV.
@Suite struct StackLimitTests {
    @Test(arguments: [(64, 3), (128, 3), (255, 3), (256, 0), (8192, 0)])
    func aLimitThatIsTooSmallIsToldAtOnce(_ kibibytes: Int, _ code: Int32) throws {
        let folder = try TestFolder()
        let arguments = ["analyze", CommandTests.sample, "--db", folder.path + "/a.db", "-q"]
        let run = try Binary.run(arguments, under: "ulimit -s \(kibibytes)")
        #expect(run.code == code, "\(run.error)")
        #expect(run.error.contains("ulimit -s") == (code == 3), "\(run.error)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/a.db") == (code == 0))
    }
}
