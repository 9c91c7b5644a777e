/// Documents of Elastic's Azure integration that kept no original: the ingest pipeline took the record apart into
/// `azure.platformlogs` and ECS fields (elastic/integrations, `packages/azure`, the pipelines of its data streams).
///
/// The fields may be nested, have dotted names, or come as arrays of one value, as in a search response's `fields`.
enum ElasticDialect {
    /// The parts of `azure` in which a pipeline leaves the rest of a record.
    private static let datasets = ["platformlogs", "eventhub", "activitylogs", "signinlogs", "auditlogs"]

    /// Members of a record, and where the pipelines put them; the first place that says something counts.
    private static let members: [(name: String, places: [String])] = [
        ("time", ["@timestamp"]),
        ("category", ["azure.*.category"]),
        ("operationName", ["azure.*.operation_name", "azure.*.operationname", "event.action"]),
        ("operationVersion", ["azure.*.operation_version", "azure.*.operationversion"]),
        ("resultType", ["azure.*.result_type", "azure.*.resulttype"]),
        ("resultSignature", ["azure.*.result_signature", "azure.*.resultsignature"]),
        ("resultDescription", ["azure.*.result_description", "azure.*.resultdescription"]),
        ("resourceId", ["azure.resource.id", "azure.resource_id", "cloud.resource_id"]),
        ("correlationId", ["azure.correlation_id"]),
        ("level", ["log.level", "azure.*.level"]),
        ("location", ["cloud.region", "geo.name", "azure.*.location"]),
        ("callerIpAddress", ["azure.*.calleripaddress", "source.ip", "client.ip", "source.address"]),
    ]

    /// The record of a document; nil if it is not of this form.
    ///
    /// - Parameter tree: with its own keys in lower case.
    static func record(in tree: JSONTree) -> JSONTree? {
        guard case .object(let own) = tree, own.contains(where: { $0.key == "azure" || $0.key.hasPrefix("azure.") })
        else { return nil }
        for dataset in datasets where !(values(in: tree, "azure.\(dataset)").isEmpty) {
            var record: [JSONTree.Member] = []
            for (name, places) in members {
                let found = places.lazy.compactMap { text(in: tree, $0, dataset) }.first
                if let found { record.append(JSONTree.Member(key: name, value: .string(found))) }
            }
            guard record.contains(where: { $0.key == "category" || $0.key == "operationName" }) else { continue }
            let nanoseconds = text(in: tree, "event.duration", dataset).flatMap(Int.init)
            if let nanoseconds {
                record.append(JSONTree.Member(key: "durationMs", value: .number(String(nanoseconds / 1_000_000))))
            }
            let properties = properties(in: tree, dataset)
            if !properties.isEmpty { record.append(JSONTree.Member(key: "properties", value: .object(properties))) }
            return .object(record)
        }
        return nil
    }

    private static func text(in tree: JSONTree, _ place: String, _ dataset: String) -> String? {
        let path = place.replacing("*", dataset)
        return values(in: tree, path).lazy.compactMap { $0.rest.isEmpty ? single($0.value).text : nil }.first
    }

    /// The members of `properties`; the pipeline renames one of them.
    private static func properties(in tree: JSONTree, _ dataset: String) -> [JSONTree.Member] {
        var found: [JSONTree.Member] = []
        for (rest, value) in values(in: tree, "azure.\(dataset).properties") {
            if rest.isEmpty, case .object(let inner) = single(value) {
                found += inner
            } else if rest.isEmpty, case .string(let text) = single(value), let parsed = JSONTree.parse(text.utf8),
                case .object(let inner) = parsed
            {
                found += inner
            } else if !rest.isEmpty {
                found.append(JSONTree.Member(key: rest, value: single(value)))
            }
        }
        return found.map { member in
            let isStatus = member.key.lowercased() == "status_code"
            return JSONTree.Member(key: isStatus ? "statusCode" : member.key, value: single(member.value))
        }
    }

    /// What stands at a dotted path or under it, however the path is cut into keys; with what of the key is left over.
    private static func values(in tree: JSONTree, _ path: String) -> [(rest: String, value: JSONTree)] {
        guard case .object(let members) = tree else { return [] }
        var found: [(rest: String, value: JSONTree)] = []
        for member in members {
            let key = member.key.lowercased()
            if key == path {
                found.append(("", member.value))
            } else if key.hasPrefix(path + ".") {
                found.append((String(member.key.dropFirst(path.count + 1)), member.value))
            } else if path.hasPrefix(key + ".") {
                found += values(in: member.value, String(path.dropFirst(key.count + 1)))
            }
        }
        return found
    }

    /// The only element of an array, or the value itself.
    private static func single(_ value: JSONTree) -> JSONTree {
        if case .array(let elements) = value, elements.count == 1 { return elements[0] }
        return value
    }
}

extension String {
    /// The text with another text in every place of a character, found without Foundation.
    fileprivate func replacing(_ mark: Character, _ text: String) -> String {
        map { $0 == mark ? text : String($0) }.joined()
    }
}
