import EventStore
import Testing

@testable import Reports

@Suite struct IdentifierIndexTests {
    private static let index = IdentifierIndex([
        KnownIdentifier(.device, "press-1"), KnownIdentifier(.device, "press-10"), KnownIdentifier(.device, "a"),
        KnownIdentifier(.device, "17"), KnownIdentifier(.hub, "hub-a"), KnownIdentifier(.device, "hub-a"),
        KnownIdentifier(.file, "logs/press-10/PT1H.json"), KnownIdentifier(.device, "Müller\"7"),
    ])

    /// What is found in a text, in brackets.
    private static func marked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let folded = IdentifierIndex.fold(bytes)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let match = index.match(folded, at) {
                out += Array("<".utf8) + bytes[at..<match.end] + Array(">".utf8)
                at = match.end
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    @Test(arguments: [
        ("press-1 and press-10", "<press-1> and <press-10>"), ("PRESS-10x", "<PRESS-10>x"),
        ("HUB-A.azure-devices.net", "<HUB-A>.azure-devices.net"), ("hub-ab", "hub-ab"), ("sub-hub-a", "sub-hub-a"),
        ("a cat", "<a> cat"), ("device a: 17 of 20", "device <a>: <17> of 20"), ("at 10:17:05", "at 10:17:05"),
        ("version 1.17.2", "version 1.17.2"), ("2026-03-17T17:00", "2026-03-17T17:00"),
        ("see logs/press-10/PT1H.json:3", "see <logs/press-10/PT1H.json>:3"), ("MÜLLER\"7", "<MÜLLER\"7>"),
        (#"{"id":"müller\"7"}"#, #"{"id":"<müller\"7>"}"#), ("", ""), ("17", "<17>"),
    ])
    func theLongestNameIsFoundInAnyCaseAndShortOnesAsWords(_ text: String, _ found: String) {
        #expect(Self.marked(text) == found)
    }

    @Test func ofSeveralMeaningsTheEarlierCounts() {
        #expect(Self.index.kind(of: "HUB-A") == .hub)
        #expect(Self.index.kind(of: "hub-b") == nil)
    }
}
