/// The configuration's form as a JSON Schema, for editors.
public enum ConfigurationSchema {
    /// The schema's text (JSON Schema, draft 2020-12).
    public static var text: String {
        var sections: [(name: String, keys: [ConfigurationKey])] = []
        var top: [String] = ["    \"version\": {\"const\": 1, \"description\": \"the form of this file\"}"]
        for key in ConfigurationKey.all {
            let parts = key.name.split(separator: ".").map(String.init)
            if parts.count == 1 {
                top.append("    \"\(key.name)\": \(property(key))")
            } else if let index = sections.firstIndex(where: { $0.name == parts[0] }) {
                sections[index].keys.append(key)
            } else {
                sections.append((parts[0], [key]))
            }
        }
        for section in sections {
            let members = section.keys.map { key in
                "        \"\(key.name.dropFirst(section.name.count + 1))\": \(property(key))"
            }
            let required = section.keys.filter(\.isRequired).map { "\"\($0.name.dropFirst(section.name.count + 1))\"" }
            top.append(
                """
                    "\(section.name)": {
                      "type": "object",
                      "additionalProperties": false,
                      "required": [\(required.joined(separator: ", "))],
                      "properties": {
                \(members.joined(separator: ",\n"))
                      }
                    }
                """
            )
        }
        let needed = ConfigurationKey.all.filter(\.isRequired).compactMap { $0.name.split(separator: ".").first }
        return """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "title": "dpslens audit",
              "type": "object",
              "additionalProperties": false,
              "required": [\((["version"] + needed.map(String.init)).map { "\"\($0)\"" }.joined(separator: ", "))],
              "properties": {
            \(top.joined(separator: ",\n"))
              }
            }

            """
    }

    private static func property(_ key: ConfigurationKey) -> String {
        let form =
            switch key.kind {
            case .text, .path: "\"type\": \"string\", \"minLength\": 1"
            case .paths, .texts:
                "\"type\": [\"string\", \"array\"], \"minLength\": 1, \"items\": {\"type\": \"string\", \"minLength\": 1}"
            case .words(let words):
                "\"type\": \"array\", \"items\": {\"enum\": [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]}"
            case .word(let words): "\"enum\": [\(words.map { "\"\($0)\"" }.joined(separator: ", "))]"
            case .zone: "\"type\": \"string\""
            case .span: "\"type\": \"string\", \"pattern\": \"^[0-9]{1,6}[smhdw]$\""
            case .percent: "\"type\": \"number\", \"minimum\": 0, \"maximum\": 100"
            case .mode: "\"type\": [\"string\", \"integer\"], \"pattern\": \"^0?6[0246][0246]$\""
            case .numbers: "\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}"
            }
        let standard = key.standard.map { "; default: \($0)" } ?? ""
        return "{\(form), \"description\": \"\(key.meaning)\(standard)\"}"
    }
}
