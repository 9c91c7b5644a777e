import Foundation
import PackagePlugin

/// Writes the rules of queries/rules into a source file, so that the program carries them.
@main
struct EmbedRules: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "queries/rules")
        let output = context.pluginWorkDirectoryURL.appending(path: "BuiltInRules.swift")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { ["sql", "json"].contains($0.pathExtension) }
        return [
            .buildCommand(
                displayName: "Embedding the rules",
                executable: try context.tool(named: "embed-rules").url,
                arguments: [folder.path, output.path],
                // The folder as well: its time changes where a rule comes or goes.
                inputFiles: [folder] + files.sorted { $0.path < $1.path },
                outputFiles: [output]
            )
        ]
    }
}
