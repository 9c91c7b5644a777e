import AzureLogs
import GRDB
import LogIngest

/// What a batch brings: events, exports, rejects, raw texts, and the texts that they share.
extension FileWriter {
    /// Stores a batch of the current file, and tells the observer of it.
    func write(_ batch: RowBatch, _ connection: Database) throws {
        try storeTexts(batch)
        let (outcome, unsettled) = try storeEvents(batch)
        file.counts.lines += batch.lines
        file.counts.stored += outcome.added
        file.counts.duplicates += outcome.duplicates
        file.displaced.formUnion(outcome.displaced)
        file.changed = min(file.changed, outcome.earliest, earliestInserted(batch, without: unsettled))
        try storeExports(batch, connection)
        for reject in batch.rejects { try insert(reject, connection) }
        file.counts.rejected += batch.rejects.count
        try storeIgnored(batch, connection)
        try storeRawTexts(batch, lost: outcome.lost, connection)
        noteTimes(batch)
        observer?.stored(
            StoredBatch(
                rows: batch.rows,
                others: unsettled,
                settled: outcome.settled,
                file: file.id,
                path: paths[file.id] ?? "",
                identities: batch.identities,
                contexts: batch.contexts,
                hasSnapshots: !batch.snapshots.isEmpty,
                correlations: batch.correlations
            )
        )
    }

    /// Inserts the events, and settles one by one those of which the key may stand already.
    ///
    /// - Returns: what became of them, and the places in the batch of those that were not simply inserted.
    private func storeEvents(_ batch: RowBatch) throws -> (DuplicateResolver.Outcome, unsettled: [Int]) {
        let (doubtful, taken) = try inserter.insert(batch.rows, batch.correlations, file: file.id)
        var outcome = DuplicateResolver.Outcome()
        outcome.added = batch.rows.count - doubtful.count - taken.count
        for (indices, isTaken) in [(doubtful, false), (taken, true)] {
            for index in indices {
                try resolver.settle(
                    batch.rows[index],
                    batch.correlations,
                    file: file.id,
                    isTaken: isTaken,
                    path: path,
                    into: &outcome
                )
            }
        }
        return (outcome, (doubtful + taken).sorted())
    }

    /// The path of a file of the ledger.
    private func path(_ id: Int) throws -> String {
        if let known = paths[id] { return known }
        statements.path.bind(1, Int64(id))
        guard try statements.path.next() else { throw StoreError.damaged("an event is of a file that is not known") }
        let path = statements.path.text(0)
        statements.path.reset()
        paths[id] = path
        return path
    }

    private func storeExports(_ batch: RowBatch, _ connection: Database) throws {
        let group = batch.snapshots.isEmpty ? nil : ExportGroup.of(file.start?.path ?? "")
        for (snapshot, line) in batch.snapshots {
            let isNew = try DPSExportRows.insert(snapshot, file: file.id, line: line, group: group, connection)
            if isNew { file.counts.stored += 1 } else { file.counts.duplicates += 1 }
            // An export may change what is known of every attempt, so that all is swept again.
            if isNew { file.changed = .min }
        }
    }

    private func storeIgnored(_ batch: RowBatch, _ connection: Database) throws {
        for (category, records) in batch.ignored.sorted(by: { $0.key < $1.key }) {
            try connection.executeKept(
                sql: """
                    INSERT INTO ignored(file, category, records) VALUES(?, ?, ?)
                    ON CONFLICT(file, category) DO UPDATE SET records = records + excluded.records
                    """,
                arguments: [file.id, category, records]
            )
            file.counts.ignored += records
        }
    }

    private func storeRawTexts(_ batch: RowBatch, lost: [Int], _ connection: Database) throws {
        for block in batch.rawBlocks {
            file.owners.keep(block)
            try connection.executeKept(
                sql: "INSERT OR REPLACE INTO raw_block(file, first_line, last_line, data) VALUES(?, ?, ?, ?)",
                arguments: [file.id, block.firstLine, block.lastLine, DatabaseBytes.data(block.data)]
            )
        }
        file.owners.lose(lost)
    }

    /// Notes the span of times, the contexts and the disorder of the records.
    private func noteTimes(_ batch: RowBatch) {
        file.disorder = max(file.disorder, batch.disorder)
        var (first, last, lastContext) = (file.firstTime, file.lastTime, Int32(0))
        for row in batch.rows {
            if row.time > last { last = row.time }
            if row.time < first { first = row.time }
            if row.context != lastContext { file.contexts.insert(row.context) }
            lastContext = row.context
        }
        (file.firstTime, file.lastTime) = (first, last)
    }

    /// The time of the earliest row that was inserted without a doubt.
    private func earliestInserted(_ batch: RowBatch, without others: [Int]) -> Int64 {
        var others = others[...]
        var earliest = Int64.max
        for (index, row) in batch.rows.enumerated() {
            if others.first == index { others.removeFirst() } else { earliest = min(earliest, row.time) }
        }
        return earliest
    }

    private func storeTexts(_ batch: RowBatch) throws {
        for new in batch.identities {
            statements.identity.bind(1, Int64(new.id))
            statements.identity.bind(2, new.text)
            statements.identity.bind(3, new.text.lowercased())
            try statements.identity.run()
        }
        for (statement, texts) in [(statements.network, batch.networks), (statements.agent, batch.agents)] {
            for new in texts {
                statement.bind(1, Int64(new.id))
                statement.bind(2, new.text)
                try statement.run()
            }
        }
        for (id, context) in batch.contexts { try ContextRows.insert(context, id: id, by: statements.context) }
    }

    /// Stores a reject.
    func insert(_ reject: Reject, _ connection: Database) throws {
        // Two rejects may share a place (a line in several broken pieces): none may be lost, so the later one moves to the
        // next byte that is free.
        var offset = reject.offset
        while true {
            let statement = try connection.cachedStatement(
                sql: """
                    INSERT INTO reject(file, line, offset, reason, detail, sample, time, resource, category,
                        identity, previous_time, next_time)
                    VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT(file, line, offset) DO NOTHING
                    """
            )
            try statement.execute(
                arguments: [
                    file.id, reject.line, offset, reject.reason, reject.detail, reject.sample, reject.rest.time,
                    reject.rest.resource, reject.rest.category, reject.rest.identity, reject.previousTime,
                    reject.nextTime,
                ]
            )
            if connection.changesCount > 0 {
                transaction.noteRejects()
                return
            }
            offset += 1
        }
    }
}
