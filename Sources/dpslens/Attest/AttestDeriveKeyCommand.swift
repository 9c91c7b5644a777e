import ArgumentParser
import Attestation
import Glibc

/// Derives the keys of devices from a group's key.
struct AttestDeriveKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "derive-key",
        abstract: "Derive device keys from an enrollment group's key.",
        discussion: """
            One id gives its key on a line; several give a line each, the id, a tab and the key. The keys are written
            only to a file that is made with mode 0600 (-o), to a pipe, or to a file that only you can read.
            """
    )

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The group's key in base64; - for standard input.",
            discussion: "Default: $DPSLENS_GROUP_KEY.",
            valueName: "file"
        )
    )
    var keyFile: String?

    @Option(
        name: .long,
        parsing: .upToNextOption,
        help: ArgumentHelp("Registration ids, exactly as the devices send them.", valueName: "id")
    )
    var registrationId: [String] = []

    @Option(name: .long, help: ArgumentHelp("A file with one registration id a line.", valueName: "file"))
    var ids: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file, mode 0600.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Write keys to a terminal or to a file that others can read.")
    var force = false

    func validate() throws {
        guard registrationId.isEmpty != (ids == nil) else {
            throw ValidationError("Give ids with --registration-id or with --ids, one of both.")
        }
        guard ids != "-" || keyFile != "-" else {
            throw ValidationError("Standard input cannot give both the key and the ids.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            if output == nil || output == "-", !force, let reason = OutputSafety.complaint(STDOUT_FILENO) {
                throw ValidationError("Keys are not written to \(reason); use -o FILE, a pipe, or --force.")
            }
            let key = try AttestInput.key(keyFile)
            let list = try ids.map { try Self.read($0) } ?? registrationId
            for (place, id) in list.enumerated() {
                if let complaint = RegistrationID.complaint(id) {
                    throw InvalidInput(
                        "\(ids ?? "--registration-id") \(place + 1): not a registration id: \(complaint)"
                    )
                }
            }
            var text = ""
            for id in list {
                let derived = DerivedKey.clearText(groupKey: key, registrationID: id)
                text += list.count == 1 && ids == nil ? "\(derived)\n" : "\(id)\t\(derived)\n"
            }
            try Standard.deliverSecret(text, to: output, sparing: [keyFile, ids])
        }
    }

    /// The ids of a file; line ends of either kind are taken away, blank lines passed over.
    private static func read(_ path: String) throws -> [String] {
        let lines = try AttestInput.text(path).split { $0.isNewline }.map { String($0) }
        guard !lines.isEmpty else { throw InvalidInput("\(path): no registration id in it") }
        return lines
    }
}

/// Whether a descriptor is a fit place for keys.
enum OutputSafety {
    /// What the descriptor is, if others could read there; nil for a pipe, a socket, or a file of one's own.
    static func complaint(_ descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return "a closed output" }
        switch status.st_mode & S_IFMT {
        case S_IFIFO, S_IFSOCK: return nil
        case S_IFREG: return status.st_mode & 0o077 == 0 ? nil : "a file that others can read"
        default: return isatty(descriptor) == 1 ? "a terminal" : "a device"
        }
    }
}
