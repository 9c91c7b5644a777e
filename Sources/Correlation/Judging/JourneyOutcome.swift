/// What an assignment led to.
struct JourneyOutcome: Sendable {
    var journey: Journey
    var reason: String
    var hub = 0
    var basis: String?
    var isCovered = false
    var contact: Contact?
    var contactHub = 0
}
