import Attestation
import Glibc

/// The sessions of TPM challenges, a file each, for the eyes of their owner alone.
struct SessionStore {
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Keeps a session in place of an earlier one for the same scope and id.
    ///
    /// - Throws: `InvalidOutput` if the folder cannot be made or is open to others.
    func keep(_ session: TPMSession) throws {
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw InvalidOutput(path: folder, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            throw InvalidOutput(path: folder, reason: "it is not a folder of yours")
        }
        if status.st_mode & 0o077 != 0, chmod(folder, 0o700) != 0 {
            throw InvalidOutput(path: folder, reason: "it is open to others")
        }
        let document: JSONValue = [
            "idScope": .string(session.idScope), "registrationId": .string(session.registrationId),
            "key": .string(session.key.withBytes { Base64Text.encode($0) }),
        ]
        try Standard.deliver(JSONText.line(document) + "\n", to: path(session.idScope, session.registrationId))
    }

    /// The session for a scope and id; nil if there was no challenge.
    ///
    /// - Throws: `InvalidInput` if the file is damaged.
    func session(_ scope: String, _ registrationID: String) throws -> TPMSession? {
        let path = path(scope, registrationID)
        guard access(path, F_OK) == 0 else { return nil }
        let document = try AttestInput.json(path)
        guard let keptScope = document["idScope"]?.text, let id = document["registrationId"]?.text,
            let text = document["key"]?.text, let key = try? Base64Text.decode(text), key.count == 32
        else { throw InvalidInput("\(path): not a session; make a new challenge") }
        let session = TPMSession(idScope: keptScope, registrationId: id, key: SecretBytes(key))
        return session.belongs(to: scope, registrationID) ? session : nil
    }

    /// A name that any scope and id can have: hexadecimal, so that nothing in an id is taken for a path.
    private func path(_ scope: String, _ id: String) -> String {
        let name = "\(scope)/\(id.lowercased())".utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
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
