import Foundation
import Testing

/// Files that the tests read.
enum Fixture {
    /// The bytes of a file below Fixtures.
    static func bytes(_ path: String) throws -> [UInt8] {
        let folder = try #require(Bundle.module.resourceURL)
        return Array(try Data(contentsOf: folder.appendingPathComponent("Fixtures").appendingPathComponent(path)))
    }

    /// The names of the files in a folder below Fixtures.
    static func names(_ path: String) throws -> [String] {
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
        return try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(path).path).sorted()
    }
}
