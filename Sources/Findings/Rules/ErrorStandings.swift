public import Correlation
public import EventStore
import GRDB

extension NamedErrors {
    /// A device's story in which every error says what became of it, as the account of errors counts it (`ErrorAccount`).
    ///
    /// - Throws: `DatabaseError`.
    public func standings(in story: DeviceStory, _ database: LogDatabase) throws -> DeviceStory {
        let challenges = try challenges(of: story, database)
        var told = story
        var (isConnected, isAnswered) = (false, false)
        for index in story.entries.indices.reversed() {
            let entry = story.entries[index]
            if !entry.isError {
                isConnected = isConnected || entry.what.hasPrefix("connected")
                isAnswered =
                    isAnswered || entry.what.hasPrefix("registered, assigned")
                    || entry.what.hasPrefix("attestation accepted")
            }
            guard entry.isError, !entry.isExplained else { continue }
            if entry.service == "dps", challenges.contains(where: { $0.contains(entry.time) }) {
                told.entries[index].standing = "normal: tpm-challenge"
                continue
            }
            let names = story.names.lazy.compactMap { name in
                rule(
                    of: Item(
                        service: entry.service,
                        code: entry.code ?? 0,
                        time: entry.time,
                        id: name.lowercased(),
                        instance: entry.instance,
                        group: story.group ?? ""
                    )
                )
            }
            let isOver = isConnected || isAnswered && entry.service == "dps"
            let state: ErrorAccount.State = isOver ? .transient : .few
            told.entries[index].standing = names.first ?? state.rawValue
        }
        return told
    }

    /// When the device answered the challenge that a TPM registration begins with.
    private func challenges(of story: DeviceStory, _ database: LogDatabase) throws -> [ClosedRange<Int64>] {
        try database.access.read { connection in
            try story.names.flatMap { name in
                try CheckedRow.all(
                    connection,
                    sql: "SELECT time, ended FROM attempts WHERE registration_key = ? AND benign IS NOT NULL",
                    arguments: [name.lowercased()]
                ).map { row in
                    let (begin, end): (Int64, Int64) = (try row[0], try row[1])
                    return begin...max(begin, end)
                }
            }
        }
    }
}
