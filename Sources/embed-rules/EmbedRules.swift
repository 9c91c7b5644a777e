import Foundation

/// Writes a Swift source file that holds the rules of a folder and their cases: `embed-rules FOLDER OUTPUT`.
///
/// The build runs it by the plugin of the same name. The rules come in the order of their files' names.
@main
enum EmbedRules {
    static func main() {
        do {
            try run(CommandLine.arguments.dropFirst().map { URL(fileURLWithPath: $0) })
        } catch {
            // The build shows lines that begin so as errors of its own.
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [URL]) throws {
        guard arguments.count == 2 else { throw Fault(text: "usage: embed-rules FOLDER OUTPUT") }
        let (folder, output) = (arguments[0], arguments[1])
        let sources = try names(in: folder).map { name in
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

    /// The names of the rules, each of which has its SELECT and its cases.
    private static func names(in folder: URL) throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        func names(_ suffix: String) -> Set<String> {
            Set(files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) })
        }
        let (rules, cases) = (names(".sql"), names(".cases.json"))
        let lonely =
            rules.subtracting(cases).map { "\($0).sql has no \($0).cases.json beside it: write its cases" }
            + cases.subtracting(rules).map {
                "\($0).cases.json has no \($0).sql beside it: write the rule, or remove it"
            }
        guard lonely.isEmpty else {
            throw Fault(text: lonely.sorted().map { "\(folder.path)/\($0)" }.joined(separator: "\nerror: "))
        }
        // By the names of the files: `a-b.sql` stands before `a.sql`.
        return rules.map { $0 + ".sql" }.sorted().map { String($0.dropLast(4)) }
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
