import Glibc

/// Compares a text with a file beside the test.
///
/// With DPSLENS_RECORD=1 in the environment the file is written anew, and the test fails so that nobody forgets to look.
public enum Snapshot {
    /// What is wrong, nil if the text is as recorded.
    public static func difference(_ text: String, _ name: String, file: String = #filePath) -> String? {
        let folder =
            file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/Snapshots"
        let path = folder + "/" + name
        if getenv("DPSLENS_RECORD") != nil {
            mkdir(folder, 0o755)
            guard let file = fopen(path, "w") else { return "cannot write \(path)" }
            fputs(text, file)
            fclose(file)
            return "recorded \(name); run again without DPSLENS_RECORD"
        }
        guard let bytes = try? TestFolder.read(path) else {
            return "there is no snapshot \(name); record it with DPSLENS_RECORD=1"
        }
        let expected = String(decoding: bytes, as: UTF8.self)
        if expected == text { return nil }
        let pairs = zip(
            expected.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false)
        )
        for (index, (old, new)) in pairs.enumerated() where old != new {
            return "\(name), line \(index + 1): expected \(old), got \(new)"
        }
        return "\(name): one text is longer than the other"
    }
}
