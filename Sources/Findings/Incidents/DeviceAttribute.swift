/// Something that sets devices apart and that the logs do not say.
struct DeviceAttribute: Sendable {
    /// The attribute's name, as incidents give it.
    var name: String
    /// The values by registration id in lower case.
    var values: [String: String]
}
