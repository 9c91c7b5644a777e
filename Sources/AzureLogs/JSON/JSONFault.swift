/// Why a text is not the JSON object it should be.
enum JSONFault: UInt8, Sendable {
    case none
    case notJSON
    case truncated
    case tooDeep
    case trailing
}
