import Basics
import TestSupport
import Testing

@Suite struct InputFileTests {
    @Test func aFileUpToTheLimitIsReadAndOneByteMoreIsNot() throws {
        let folder = try TestFolder()
        let path = try folder.write([UInt8](repeating: 0x61, count: 200_000), to: "x")
        #expect(try InputFile.bytes(path, limit: 200_000).count == 200_000)
        #expect(throws: InvalidFile.self) { try InputFile.bytes(path, limit: 199_999) }
        #expect(try InputFile.head(path, 10) == [UInt8](repeating: 0x61, count: 10))
    }

    @Test func whatCannotBeReadSaysWhy() throws {
        let folder = try TestFolder()
        func reason(_ path: String) -> String {
            do {
                _ = try InputFile.text(path)
                return ""
            } catch { return error.description }
        }
        #expect(reason(folder.path + "/none").hasSuffix("none: No such file or directory"))
        #expect(reason(folder.path).hasSuffix("Is a directory"))
        #expect(reason(try folder.write([0xFF, 0xFE], to: "x")).hasSuffix("it is not UTF-8 text"))
        let long = try folder.write([UInt8](repeating: 0x61, count: (4 << 20) + 1), to: "long")
        #expect(reason(long).hasSuffix("it is longer than 4 MiB"))
    }
}
