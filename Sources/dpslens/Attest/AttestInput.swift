import ArgumentParser
import Attestation
import Basics
import Glibc

/// Reads the files of the verifier, within bounds.
enum AttestInput {
    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `InvalidFile` (exit 3) with the system's reason, also for a file larger than the limit.
    static func bytes(_ path: String, limit: Int = 256 << 20) throws -> [UInt8] {
        try InputFile.bytes(path, limit: limit)
    }

    /// The text of a file.
    ///
    /// - Parameter forgivesMark: whether a byte order mark of UTF-8 may stand at the front, as before PEM.
    /// - Throws: `InvalidFile` (exit 3) if it cannot be read or is no text, `InvalidInput` (exit 4) if it is in another encoding.
    static func text(_ path: String, limit: Int = 256 << 20, forgivesMark: Bool = false) throws -> String {
        let bytes = try bytes(path, limit: limit)
        let isForgiven = forgivesMark && bytes.starts(with: [0xEF, 0xBB, 0xBF])
        if !isForgiven, let complaint = TextMark.complaint(bytes) {
            throw InvalidInput("\(path == "-" ? "standard input" : path): \(complaint)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidFile(path: path, reason: "it is not UTF-8 text")
        }
        return text
    }

    /// A JSON document.
    ///
    /// - Throws: `InvalidInput` (exit 4) if it is not JSON; the text is not repeated.
    static func json(_ path: String) throws -> JSONValue {
        let bytes = try bytes(path)
        do {
            return try JSONValue(utf8: bytes)
        } catch {
            throw InvalidInput("\(path): \(error)")
        }
    }

    /// The instances of a registry file, with the faults of the document as exit 4.
    static func registries(_ path: String) throws -> [Registry] {
        let bytes = try bytes(path)
        return try invalid(path) { () throws(ImportFault) in try Registry.read(utf8: bytes) }
    }

    /// The group keys of a file.
    static func groupKeys(_ path: String) throws -> GroupKeyFile {
        let text = try text(path, limit: 4 << 20)
        return try invalid(path) { () throws(ImportFault) in try GroupKeyFile(text) }
    }

    /// Hands on the requests of a file, one JSON object a line, each with its line or why that cannot be read; blank lines are left out.
    static func eachRequest(
        _ path: String,
        _ body: (_ line: Int, _ request: Result<AttestationRequest, any Error>) throws -> Void
    ) throws {
        let lines = try bytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            try body(index + 1, Result { try AttestationRequest(try JSONValue(utf8: line)) })
        }
    }

    /// Turns a fault of a document into exit 4.
    static func invalid<Result>(_ path: String, _ work: () throws(ImportFault) -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            throw InvalidInput("\(path): \(error)")
        }
    }

    /// Reads a group key from a file, from standard input for `-`, or from $DPSLENS_GROUP_KEY if no file is named.
    static func key(_ path: String?) throws -> SecretBytes {
        let text: String
        let source: String
        if let path {
            text = try AttestInput.text(path, limit: 4_096)
            source = path == "-" ? "standard input" : path
        } else if let value = getenv("DPSLENS_GROUP_KEY") {
            text = String(cString: value)
            source = "$DPSLENS_GROUP_KEY"
        } else {
            throw ValidationError(
                "No key: use --key-file FILE, --key-file - for standard input, or $DPSLENS_GROUP_KEY."
            )
        }
        do {
            return try EnrollmentKey.read(text)
        } catch {
            throw InvalidInput("\(source): \(error); give the enrollment group's key as DPS shows it")
        }
    }

    /// The moment of an option, else of the request, else now.
    static func moment(_ option: String?, _ request: UnixTime?) throws -> UnixTime {
        let now = TimeArgument.now()
        guard let option else {
            return request ?? UnixTime(seconds: now / 1_000_000, nanoseconds: Int32(now % 1_000_000) * 1_000)
        }
        let time = try TimeArgument.parse(option).microseconds(now: now)
        let seconds = time >= 0 ? time / 1_000_000 : (time - 999_999) / 1_000_000
        return UnixTime(seconds: seconds, nanoseconds: Int32(time - seconds * 1_000_000) * 1_000)
    }

    /// Random bytes from the system.
    static func randomness(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
