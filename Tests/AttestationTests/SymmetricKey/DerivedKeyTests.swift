import Attestation
import Testing

/// Keys that Microsoft's documentation prints.
enum DocumentedKeys {
    static let legacy = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw=="
    static let allocation = "oiK77Oy7rBw8YB6IS6ukRChAw+Yq6GC61RMrPLSTiOOtdI+XDu0LmLuNm11p+qv2I+adqGUdZHm46zXAQdZoOA=="
    static let https = "18RQk/hOPJR9EbsJlk2j8WA6vWaj/yi+oaYg7zmxfQNdOyMSu+SJ8O7TSlZhDJCYmn4rzEiVKIzNiVAWjLxrGA=="
    static let legacyID = "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6"
    static let legacyDerived = "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc="
}

@Suite struct DerivedKeyTests {
    @Test(arguments: [
        (DocumentedKeys.legacy, DocumentedKeys.legacyID, DocumentedKeys.legacyDerived),
        (DocumentedKeys.allocation, "breakroom499-contoso-tstrsd-007", "JC8F96eayuQwwz+PkE7IzjH2lIAjCUnAa61tDigBnSs="),
        (DocumentedKeys.allocation, "mainbuilding167-contoso-hpsd-088", "6uejA9PfkQgmYylj8Zerp3kcbeVrGZ172YLa7VSnJzg="),
    ])
    func equalsTheDocumentedKeys(group: String, id: String, derived: String) throws {
        #expect(DerivedKey.clearText(groupKey: try EnrollmentKey.read(group), registrationID: id) == derived)
    }

    @Test(arguments: [
        (DocumentedKeys.legacyID.uppercased(), "9GWVnYuoOLXlHc346XjhLRb9pKgIOrKSwxDRSOgnvXo="),
        (DocumentedKeys.legacyID + "\n", "9xk+A3Y29nEzASjuakJUhcmNyb4ZjibgUKRXPMBArUU="),
        (DocumentedKeys.legacyID + "\r\n", "lF0g/7HBHVAV1uddsfPLtThAptJCb1no5vfkga7Pr9s="),
        (DocumentedKeys.legacyID + " ", "FxlcGTz20GfJKRQJJsqd0M4165TlrBmTMqxftC3XhDc="),
    ])
    func takesTheIdAsItIs(id: String, derived: String) throws {
        let key = try EnrollmentKey.read(DocumentedKeys.legacy)
        #expect(DerivedKey.clearText(groupKey: key, registrationID: id) == derived)
    }

    @Test(arguments: [("AAAA", EnrollmentKey.Fault.length(3)), ("A*", .notBase64(.illegalCharacter(at: 1)))])
    func refusesWhatIsNoKey(text: String, fault: EnrollmentKey.Fault) {
        #expect(throws: fault) { try EnrollmentKey.read(text) }
    }
}
