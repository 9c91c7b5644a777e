import Audit
import Basics
import Glibc
import Reports

/// The only ways out of the program to a person or a pipe: standard output for data, standard error for everything else.
///
/// No other file writes to these (a test looks). What is for people loses control, format and bidirectional characters here,
/// whatever the screens forgot; what is for programs is exact, except on a terminal, where no byte may steer.
enum Standard {
    /// Writes what a person reads.
    ///
    /// A reader that has gone away, as `head` does, is no failure: the process ends in peace.
    ///
    /// - Parameter isColored: whether the text has colour codes of our own, which stay.
    static func output(_ text: String, isColored: Bool = false) {
        write(TerminalText.lines(text, isColored: isColored), to: STDOUT_FILENO)
    }

    /// Writes what a program reads, byte for byte; on a terminal it is made safe as everything else.
    static func data(_ text: String) {
        write(isatty(STDOUT_FILENO) == 1 ? TerminalText.lines(text) : text, to: STDOUT_FILENO)
    }

    /// The same of a text that is made while it is written.
    static func data(_ text: TextParts) throws { try text.forEach { data($0) } }

    /// Writes a message of one line to standard error; a line end in it, as in a quoted path, does not make two of it.
    static func say(_ message: String) { write("dpslens: " + TerminalText.safe(message) + "\n", to: STDERR_FILENO) }

    /// Writes a text of several lines to standard error.
    static func error(_ text: String) { write(TerminalText.lines(text), to: STDERR_FILENO) }

    /// A message in which the process's own arguments stand, with line ends in these made visible.
    static func quoted(_ text: String) -> String {
        CommandLine.arguments.dropFirst().reduce(text) { text, argument in
            let safe = TerminalText.safe(argument)
            return safe == argument ? text : text.replacing(argument, with: safe)
        }
    }

    /// Puts a text in the place of the terminal's last line; the caller knows that it is a terminal.
    static func progress(_ text: String) { write("\r" + TerminalText.safe(text) + "\u{1B}[K", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
                if count < 0 {
                    if errno == EINTR { continue }
                    exit(errno == EPIPE ? 0 : 3)
                }
                done += count
            }
        }
    }
}

/// Where a command's output goes: standard output, or the file of `-o`.
struct OutputTarget {
    private let file: OutputFile?

    /// The target, looked over before any work is done.
    ///
    /// - Parameters:
    ///   - path: nil and `-` are standard output.
    ///   - spared: the database, inputs and configuration of the run.
    /// - Throws: `OutputRefusal` (exit 64) for one of these, `OutputError` (exit 3) for a place that cannot be written.
    init(_ path: String?, sparing spared: @autoclosure () throws -> [SparedFile]) throws {
        guard let path, path != "-" else {
            file = nil
            return
        }
        file = try OutputFile(path, sparing: try spared(), note: { Standard.say($0) })
    }

    /// Whether it is standard output.
    var isStandard: Bool { file == nil }

    /// Writes what a program reads and what is made while it is written, or leaves the file as it was.
    ///
    /// - Throws: `OutputError` with the system's reason.
    func deliver(_ text: TextParts) throws { try file.map { try $0.write(text) } ?? Standard.data(text) }

    /// Writes all of it, or leaves the file as it was.
    ///
    /// - Parameter isForPeople: whether it is shown to a person and not read by a program.
    /// - Throws: `OutputError` with the system's reason.
    func deliver(_ text: String, isForPeople: Bool, isColored: Bool = false) throws {
        if let file { return try file.write(isForPeople ? TerminalText.lines(text, isColored: isColored) : text) }
        isForPeople ? Standard.output(text, isColored: isColored) : Standard.data(text)
    }
}

extension Standard {
    /// Writes keys and other secrets: to a file that its owner alone can read, or to standard output for nil and `-`.
    ///
    /// - Throws: `OutputError` with the system's reason; then no file is left behind.
    static func deliverSecret(_ text: String, to path: String?, sparing inputs: [String?] = []) throws {
        guard let path, path != "-" else { return data(text) }
        try OutputFile(path, sparing: Spared.inputs(inputs.compactMap(\.self))).write(text, isPrivate: true)
    }
}

/// A folder that could not be used.
struct InvalidOutput: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot write \(path): \(reason)" }
}
