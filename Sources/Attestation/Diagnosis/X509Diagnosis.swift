/// What certificates tell.
enum X509Diagnosis {
    static func diagnose(_ diagnoser: Diagnoser) -> [Diagnosis] { [] }
}
