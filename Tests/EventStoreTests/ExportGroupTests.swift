import GRDB
import TestSupport
import Testing

@testable import EventStore

@Suite struct ExportGroupTests {
    @Test(arguments: [
        ("exports/group=Presses/registrations.json", "Presses"), ("group=line-1.json.gz", "line-1"),
        ("x/registrations-valves.json", "valves"), ("Registrations-EU.west.json", "EU.west"),
    ])
    func thePathNamesTheGroup(_ path: String, _ group: String) { #expect(ExportGroup.of(path) == group) }

    @Test(arguments: [
        "registrations.json", "registrations-2026-11-20.json", "registrations-20261120T080000Z.json", "group=/a.json",
        "registrations-all.json", "group=a b/x.json", "subgroup=x/a.json", "logs/connections.json", "",
    ])
    func whatNamesNoneSaysNone(_ path: String) { #expect(ExportGroup.of(path) == nil) }

    /// Whichever of two files with one record is read first, the group is known.
    @Test(arguments: [["group=a/x.json", "list.json"], ["list.json", "group=a/x.json"]])
    func membersHaveTheirGroupInAnyOrder(_ names: [String]) async throws {
        let record =
            #"{"registrationId":"d","assignedHub":"hub-a.azure-devices.net","status":"assigned","lastUpdatedDateTimeUtc":"2026-11-20T08:00:00Z"}"#
        let folder = try TestFolder()
        var store = try Store()
        for name in names {
            // Else the second file would be known by its content.
            let text = name == "list.json" ? "[\(record)]" : record
            try await store.ingest([folder.write(text, to: name)])
        }
        let groups = try await store.database.access.read {
            try String.fetchAll(
                $0,
                sql: "SELECT DISTINCT enrollment_group FROM registration_records WHERE enrollment_group IS NOT NULL"
            )
        }
        #expect(groups == ["a"])
    }
}
