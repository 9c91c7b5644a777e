import Attestation
import Basics
import Glibc

/// The sessions of TPM challenges, a file each, for the eyes of their owner alone.
struct SessionStore {
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Keeps a session in place of an earlier one for the same scope and id; the file has mode 0600.
    ///
    /// - Throws: `InvalidOutput` if the folder cannot be made, or if others could put files into it.
    func keep(_ session: TPMSession) throws {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw InvalidOutput(path: folder, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            throw InvalidOutput(path: folder, reason: "it is not a folder of yours")
        }
        // A folder that serves other purposes keeps its mode: closing /tmp to everybody would be no service.
        if status.st_mode & 0o077 != 0, !holdsSessionsAlone || chmod(folder, 0o700) != 0, status.st_mode & 0o022 != 0 {
            throw InvalidOutput(path: folder, reason: "others can write there; use a folder of its own")
        }
        let state = String(decoding: session.secretState(), as: UTF8.self)
        try Standard.deliverSecret(state, to: path(session.idScope, session.registrationId))
    }

    /// The session for a scope and id; nil if there was no challenge.
    ///
    /// - Throws: `InvalidFile` if it cannot be read, `InvalidInput` if the file is damaged.
    func session(_ scope: String, _ registrationID: String) throws -> TPMSession? {
        let path = path(scope, registrationID)
        guard access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) else { return nil }
        let bytes = try AttestInput.bytes(path, limit: TPMSession.largestState)
        do {
            let session = try TPMSession(secretState: bytes)
            return session.belongs(to: scope, registrationID) ? session : nil
        } catch {
            throw InvalidInput("\(path): \(error); make a new challenge")
        }
    }

    /// Whether the folder holds nothing but sessions, so that it may be closed to others.
    private var holdsSessionsAlone: Bool {
        guard let entries = opendir(folder) else { return false }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name == "." || name == ".." || name.hasSuffix(".session") else { return false }
        }
        return true
    }

    /// A name that any scope and id can have: hexadecimal, so that nothing in an id is taken for a path.
    private func path(_ scope: String, _ id: String) -> String {
        let name = Hex.text("\(scope)/\(id.lowercased())".utf8)
        // A file name holds 255 bytes; an id has up to 128 characters, so long names are cut and marked by their length.
        return name.count <= 200 ? "\(folder)/\(name).session" : "\(folder)/\(name.prefix(180))-\(digest(name)).session"
    }

    private func digest(_ text: String) -> String {
        SecretBytes([UInt8](repeating: 0, count: 32)).hmacSHA256(text.utf8).prefix(12).map { String($0, radix: 16) }
            .joined(
                separator: "."
            )
    }
}
