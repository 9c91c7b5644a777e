import Glibc
import LogIngest

/// The process's arguments as the shell gave them.
enum RawArguments {
    /// The arguments without the program's name; one that is no UTF-8, such as an old file's name, is written as `PathText` does.
    static func texts() -> [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let argument = CommandLine.unsafeArgv[index] else { return nil }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument)).map(UInt8.init(bitPattern:))
            return String(validating: bytes, as: UTF8.self) ?? PathText.text(bytes)
        }
    }
}
