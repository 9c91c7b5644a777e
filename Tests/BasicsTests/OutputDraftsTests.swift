import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Basics

/// Drafts that a run leaves: told apart by their names, said to the next run, and left where they are.
@Suite struct OutputDraftsTests {
    private final class Notes: Sendable {
        private let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock(\.self) }
        func add(_ text: String) { texts.withLock { $0.append(text) } }
    }

    private static func names(_ folder: TestFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func aDraftThatWasLeftIsSaidAndNotRemoved() throws {
        let folder = try TestFolder()
        let left = OutputDrafts.name(of: "report.txt", random: 7)
        let other = OutputDrafts.name(of: "other.txt", random: 7)
        for name in [left, other, ".dpslens-1.part", "report.txt.part"] { try folder.write("half", to: name) }
        let notes = Notes()
        let file = try OutputFile(folder.path + "/report.txt", note: notes.add)
        try file.write("whole\n")
        #expect(notes.all.count == 1)
        #expect(notes.all.first?.contains("/\(left) was left by a run that was killed") == true, "\(notes.all)")
        #expect(try Self.names(folder) == [".dpslens-1.part", left, other, "report.txt", "report.txt.part"].sorted())
        #expect(try TestFolder.read(folder.path + "/" + left) == Array("half".utf8))
    }

    @Test func aDraftThatIsBeingWrittenIsNotSaid() throws {
        let folder = try TestFolder()
        let held = try folder.write("half", to: OutputDrafts.name(of: "report.txt", random: 9))
        let descriptor = open(held, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let notes = Notes()
        try OutputFile(folder.path + "/report.txt", note: notes.add).write("whole\n")
        #expect(notes.all == [])
    }

    @Test func aLinkOfADraftsNameIsNotFollowed() throws {
        let folder = try TestFolder()
        let name = OutputDrafts.name(of: "report.txt", random: 1)
        #expect(symlink("nowhere", folder.path + "/" + name) == 0)
        let notes = Notes()
        try OutputFile(folder.path + "/report.txt", note: notes.add).write("whole\n")
        #expect(notes.all == [])
        #expect(try Self.names(folder) == [name, "report.txt"].sorted())
    }
}
