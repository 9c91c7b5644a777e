/// The raw resource log, as a storage account or an Event Hub gets it (Azure Monitor, common resource log schema).
///
/// Keys compare without case: the documentation itself writes `Level` and `level`.
enum ResourceLogDialect {
    /// Keys in lower case.
    static let keys: [String: FieldSlot] = [
        "time": .time,
        "resourceid": .resourceId,
        "operationname": .operation,
        "operationversion": .operationVersion,
        "category": .category,
        "resulttype": .resultType,
        "resultsignature": .resultSignature,
        "resultdescription": .resultDescription,
        "durationms": .duration,
        "calleripaddress": .callerAddress,
        "correlationid": .correlation,
        "level": .level,
        "location": .location,
        "properties": .properties,
        // `{"records":[…]}` is no record; the reader says so and the framer takes it apart.
        "records": .records,
        "tables": .records,
    ]
}
