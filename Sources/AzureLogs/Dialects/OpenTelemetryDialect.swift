/// Logs in OTLP's JSON form, as the collector's Azure receivers make them of resource logs: `resourceLogs`, `scopeLogs`,
/// `logRecords`, with the record's members in `body` or in `attributes`.
///
/// Where the message itself is the body, it is a wrapper like any other.
enum OpenTelemetryDialect {
    /// Members by the names that the receivers gave them over time.
    private static let members: [String: String] = [
        "category": "category", "azure.category": "category", "operation.name": "operationName",
        "azure.operation.name": "operationName", "operation.version": "operationVersion",
        "azure.operation.version": "operationVersion", "result.type": "resultType", "azure.result.type": "resultType",
        "result.signature": "resultSignature", "azure.result.signature": "resultSignature",
        "result.description": "resultDescription", "azure.result.description": "resultDescription",
        "correlation.id": "correlationId", "azure.correlation_id": "correlationId",
        "azure.correlation.id": "correlationId", "duration": "durationMs", "azure.duration": "durationMs",
        "azure.operation.duration": "durationMs", "properties": "properties", "azure.properties": "properties",
        "cloud.region": "location", "network.peer.address": "callerIpAddress", "net.sock.peer.addr": "callerIpAddress",
        "client.address": "callerIpAddress", "cloud.resource_id": "resourceId", "azure.resource.id": "resourceId",
    ]

    /// The records of a document; nil if it is not of this form, nothing where it holds none that can be put together.
    ///
    /// - Parameter tree: with its own keys in lower case.
    static func records(in tree: JSONTree) -> [JSONTree]? {
        guard case .array(let resources) = tree["resourcelogs"] else { return nil }
        var records: [JSONTree] = []
        for resource in resources.map({ $0.keysInLowerCase(depth: 1) }) {
            let about = attributes(resource["resource"]?.keysInLowerCase(depth: 1)["attributes"])
            for scope in elements(resource["scopelogs"] ?? resource["instrumentationlibrarylogs"]) {
                for log in elements(scope.keysInLowerCase(depth: 1)["logrecords"]) {
                    records += record(log.keysInLowerCase(depth: 1), about)
                }
            }
        }
        return records
    }

    private static func elements(_ tree: JSONTree?) -> [JSONTree] {
        guard case .array(let elements) = tree else { return [] }
        return elements
    }

    private static func record(_ log: JSONTree, _ about: [JSONTree.Member]) -> [JSONTree] {
        let body = log["body"].map(plain) ?? .null
        if case .string(let text) = body, let inner = JSONTree.parse(text.utf8) {
            if case .object = inner { return [inner] }
            if case .array(let elements) = inner { return elements }
        }
        var fields = about + attributes(log["attributes"])
        if case .object(let members) = body { fields += members }
        var record: [JSONTree.Member] = []
        for field in fields {
            guard let name = members[field.key.lowercased()] else { continue }
            record.removeAll { $0.key == name }
            record.append(JSONTree.Member(key: name, value: field.value))
        }
        if let time = log["timeunixnano"]?.text, time != "0" {
            record.append(JSONTree.Member(key: "time", value: .string(time)))
        }
        if let level = log["severitytext"]?.text { record.append(JSONTree.Member(key: "level", value: .string(level))) }
        return record.isEmpty ? [] : [.object(record)]
    }

    private static func attributes(_ tree: JSONTree?) -> [JSONTree.Member] {
        elements(tree).compactMap { attribute in
            guard let key = attribute["key"]?.text, let value = attribute["value"] else { return nil }
            return JSONTree.Member(key: key, value: plain(value))
        }
    }

    /// The value in OTLP's `AnyValue`.
    private static func plain(_ tree: JSONTree) -> JSONTree {
        guard case .object(let members) = tree, let only = members.first, members.count == 1 else { return tree }
        switch only.key {
        case "stringValue", "boolValue": return only.value
        case "intValue", "doubleValue": return only.value.text.map(JSONTree.string) ?? .null
        case "bytesValue":
            return only.value.text.flatMap(Base64Text.decode).map { .string(String(decoding: $0, as: UTF8.self)) }
                ?? .null
        case "arrayValue": return .array(elements(only.value["values"]).map(plain))
        case "kvlistValue": return .object(attributes(only.value["values"]))
        default: return tree
        }
    }
}
