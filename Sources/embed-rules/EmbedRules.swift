import Foundation

/// Writes a Swift source file that holds the rules of a folder and their cases: `embed-rules FOLDER OUTPUT`.
///
/// The build runs it by the plugin of the same name. The rules come in the order of their files' names.
@main
enum EmbedRules {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { URL(fileURLWithPath: $0) }
        guard arguments.count == 2 else { throw Fault(text: "usage: embed-rules FOLDER OUTPUT") }
        let (folder, output) = (arguments[0], arguments[1])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".sql") }.sorted().map { String($0.dropLast(4)) }
        let sources = try names.map { name in
            """
                    RuleSet.Source(
                        file: "\(name).sql",
                        sql: \(try literal(folder.appending(path: "\(name).sql"))),
                        cases: \(try literal(folder.appending(path: "\(name).cases.json")))
                    ),

            """
        }
        let text = """
            /// The rules that come with dpslens, as the build found them in queries/rules.
            enum BuiltInRules {
                static let sources: [RuleSet.Source] = [
            \(sources.joined())    ]
            }

            """
        try Data(text.utf8).write(to: output, options: .atomic)
    }

    private struct Fault: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    /// A file as a raw string literal without the line end at its end, fenced so that nothing in the text closes or escapes.
    private static func literal(_ file: URL) throws -> String {
        guard let text = String(data: try Data(contentsOf: file), encoding: .utf8), text.hasSuffix("\n") else {
            throw Fault(text: "\(file.path): write it in UTF-8 with a line end at its end")
        }
        var fence = "#"
        while text.contains("\"\"\"" + fence) || text.contains("\\" + fence) { fence += "#" }
        return "\(fence)\"\"\"\n\(text)\"\"\"\(fence)"
    }
}
