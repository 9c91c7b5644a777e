import Attestation
import Basics
import Findings

/// Reads registries, group keys and requests for an analysis.
enum RegistryFiles {
    /// Reads the files.
    ///
    /// - Throws: `InvalidInput` (exit 4), also for a file that cannot be opened: what was asked for cannot be said without it.
    static func load(
        registry: String,
        groupKeys: String?,
        requests: String?,
        parameters: [String: Int]
    ) throws -> RegistryInputs {
        do {
            let bytes = try AttestInput.bytes(registry)
            let registries = try AttestInput.invalid(registry) { () throws(ImportFault) in
                try Registry.read(utf8: bytes, keepsVariants: true)
            }
            var inputs = RegistryInputs(registries, file: registry)
            inputs.parameters = parameters
            if let groupKeys { inputs.add(try AttestInput.groupKeys(groupKeys)) }
            if let requests {
                inputs.requests = try self.requests(requests)
                inputs.hasRequests = true
            }
            return inputs
        } catch let error as InvalidFile {
            throw InvalidInput("\(error); give the files as docs/registry.md describes them")
        }
    }

    /// The requests of a file, one JSON object a line; a line that cannot be read stops the run.
    private static func requests(_ path: String) throws -> [RegistryInputs.Request] {
        var list: [RegistryInputs.Request] = []
        try AttestInput.eachRequest(path) { line, request in
            do {
                list.append(RegistryInputs.Request(try request.get(), evidence: "\(path):\(line)"))
            } catch {
                throw InvalidInput("\(path):\(line): \(error); mend or remove the line")
            }
        }
        return list
    }
}
