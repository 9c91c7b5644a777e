import Foundation
import Testing

@testable import Basics

@Suite struct FileIdentityTests {
    @Test func linksLeadToOneIdentityAndCopiesDoNot() throws {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appending(path: "dpslens-identity-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? manager.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path }
        for name in ["a", "copy"] { try Data("x".utf8).write(to: folder.appending(path: name)) }
        try manager.createSymbolicLink(atPath: path("link"), withDestinationPath: path("a"))
        try manager.linkItem(atPath: path("a"), toPath: path("hard"))
        let one = try #require(FileIdentity(path("a")))
        #expect(!one.isFolder)
        #expect(FileIdentity(path("link")) == one && FileIdentity(path("hard")) == one)
        #expect(FileIdentity(path("copy")) != one)
        #expect(FileIdentity(folder.path)?.isFolder == true)
        #expect(FileIdentity(path("none")) == nil)
    }
}
