import Basics
internal import SwiftASN1
internal import X509

/// Name constraints (RFC 5280, 4.2.1.10 and 6.1.4 (g)): what a CA may name, for all certificates below it.
///
/// The library reads the extension. Its own policy is not used for the judging: it refuses constraints on directory names
/// and mailboxes unseen, takes a malformed constraint for one that matches nothing, and holds self-issued CAs to
/// constraints that RFC 5280 does not apply to them.
enum NameConstraintRules {
    /// What is wrong with how a certificate's constraints are written.
    static func form(_ content: Certificate) -> [String] {
        switch Result(catching: { try content.extensions.nameConstraints }) {
        case .failure: return ["has name constraints that cannot be read (4.2.1.10)"]
        case .success(nil): return []
        case .success(let constraints?):
            let all = constraints.permittedSubtrees + constraints.excludedSubtrees
            if all.isEmpty { return ["has empty name constraints (4.2.1.10)"] }
            let isSound = all.allSatisfy { GeneralNameForm.isWellFormedConstraint($0) }
            return isSound ? [] : ["has a malformed name constraint (4.2.1.10)"]
        }
    }

    /// The most names that are compared with constraints on one path.
    static let mostComparisons = 250_000
    /// The most that anybody compares: where one certificate's names and one CA's constraints make more, the path is refused.
    ///
    /// openssl refuses at the same number (`NAME_CHECK_MAX`), so no path is refused here that it would take.
    static let mostOfAll = 1 << 20

    /// What the constraints of each CA refuse below it.
    static func complaints(_ path: [KnownCertificate]) -> [PathComplaint] {
        let names = path.map { subjectNames($0) }
        var complaints: [PathComplaint] = []
        var comparisons = 0
        for (height, authority) in path.enumerated().dropFirst() {
            guard let constraints = try? authority.content?.extensions.nameConstraints else { continue }
            let trees = constraints.permittedSubtrees.count + constraints.excludedSubtrees.count
            for place in 0..<height where place == 0 || !path[place].isSelfIssued {
                let pairs = trees * names[place].count
                if pairs > mostOfAll {
                    let text =
                        "\(authority.subject) has \(trees) name constraints for \(names[place].count) names below it,"
                    return [PathComplaint(text: text + " more than any validation compares", kind: .unsound)]
                }
                comparisons += pairs
                guard comparisons <= mostComparisons else {
                    let text = "more than \(mostComparisons) names would have to be compared with constraints"
                    return [PathComplaint(text: text, kind: .bound)]
                }
                guard let fault = fault(names[place], constraints) else { continue }
                let name = pathName(path[place], isLeaf: place == 0)
                complaints.append(
                    PathComplaint(
                        text: "\(name) has a name that \(authority.subject) does not allow: \(fault) (4.2.1.10)",
                        kind: .unsound
                    )
                )
            }
        }
        return complaints
    }

    /// The names of a certificate that constraints are about.
    ///
    /// A mailbox in the subject counts where no alternative name is one (4.2.1.10, for older certificates).
    private static func subjectNames(_ certificate: KnownCertificate) -> [GeneralName] {
        guard let content = certificate.content else { return [] }
        var names: [GeneralName] = content.subject.isEmpty ? [] : [.directoryName(content.subject)]
        let alternative = (try? content.extensions.subjectAlternativeNames).map { Array($0) } ?? []
        names += alternative
        let hasMailbox = alternative.contains { if case .rfc822Name = $0 { true } else { false } }
        if !hasMailbox {
            for relative in content.subject {
                for attribute in relative where attribute.type == [1, 2, 840, 113549, 1, 9, 1] {
                    if let text = NameText.text(attribute.value) { names.append(.rfc822Name(text)) }
                }
            }
        }
        return names
    }

    private static func fault(_ names: [GeneralName], _ constraints: NameConstraints) -> String? {
        for name in names {
            for excluded in constraints.excludedSubtrees where isSameKind(name, excluded) {
                switch matches(name, excluded, isExclusion: true) {
                case true?: return "\(kind(name)) is excluded"
                case nil: return "a constraint on \(kind(name)) cannot be judged"
                case false?: continue
                }
            }
            let permitted = constraints.permittedSubtrees.filter { isSameKind(name, $0) }
            guard !permitted.isEmpty else { continue }
            let answers = permitted.map { matches(name, $0, isExclusion: false) }
            if answers.contains(true) { continue }
            return answers.contains(nil)
                ? "a constraint on \(kind(name)) cannot be judged" : "\(kind(name)) is not among those permitted"
        }
        return nil
    }

    private static func kind(_ name: GeneralName) -> String {
        switch name {
        case .dnsName(let text): "the DNS name \(Shown.short(text))"
        case .rfc822Name(let text): "the mailbox \(Shown.short(text))"
        case .uniformResourceIdentifier(let text): "the URI \(Shown.short(text))"
        case .ipAddress: "an IP address"
        case .directoryName(let name): "the name \(NameText.shown(name))"
        case .otherName, .x400Address, .ediPartyName, .registeredID: "a name of a rare kind"
        }
    }

    private static func isSameKind(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.dnsName, .dnsName), (.rfc822Name, .rfc822Name), (.ipAddress, .ipAddress),
            (.directoryName, .directoryName),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.x400Address, .x400Address),
            (.ediPartyName, .ediPartyName), (.registeredID, .registeredID):
            true
        case (.otherName(let one), .otherName(let other)): one.typeID == other.typeID
        default: false
        }
    }

    /// Whether a name lies in a subtree; nil where that cannot be told, which has the certificate refused.
    private static func matches(_ name: GeneralName, _ constraint: GeneralName, isExclusion: Bool) -> Bool? {
        switch (name, constraint) {
        case (.dnsName(let text), .dnsName(let tree)): isInside(text, tree, isExclusion: isExclusion)
        case (.rfc822Name(let text), .rfc822Name(let tree)): isMailbox(text, in: tree)
        case (.uniformResourceIdentifier(let text), .uniformResourceIdentifier(let tree)):
            GeneralNameForm.host(ofURI: text).map { isHost($0, inDotted: tree) }
        case (.ipAddress(let address), .ipAddress(let range)):
            address.bytes.count * 2 == range.bytes.count
                && zip(address.bytes, zip(range.bytes, range.bytes.suffix(address.bytes.count))).allSatisfy {
                    $0 & $1.1 == $1.0 & $1.1
                }
        case (.directoryName(let name), .directoryName(let tree)):
            NameText.keys(name).starts(with: NameText.keys(tree))
        default: nil
        }
    }

    /// Whether a host is a name or stands below it.
    private static func isBelow(_ host: String, _ tree: String) -> Bool {
        let host = ASCII.lowercased(host)
        let tree = ASCII.lowercased(tree)
        return tree.isEmpty || host == tree || host.hasSuffix("." + tree)
    }

    /// A wildcard stands for all names of one more label: it is permitted if all are, and excluded if one is.
    private static func isInside(_ text: String, _ tree: String, isExclusion: Bool) -> Bool {
        guard text.hasPrefix("*.") else { return isBelow(text, tree) }
        let base = String(text.dropFirst(2))
        if isBelow(base, tree) { return true }
        guard isExclusion, let dot = tree.firstIndex(of: ".") else { return false }
        return ASCII.lowercased(String(tree[tree.index(after: dot)...])) == ASCII.lowercased(base)
    }

    /// A constraint that begins with a dot is about the hosts below it alone, any other about one host.
    private static func isHost(_ host: String, inDotted tree: String) -> Bool {
        let host = ASCII.lowercased(host)
        let tree = ASCII.lowercased(tree)
        return tree.hasPrefix(".") ? host.hasSuffix(tree) : host == tree
    }

    /// One mailbox, those of a host, or those of the hosts below a name.
    ///
    /// Before the @ the case of letters counts.
    private static func isMailbox(_ text: String, in tree: String) -> Bool? {
        guard let mailbox = GeneralNameForm.mailbox(text) else { return nil }
        guard let only = GeneralNameForm.mailbox(tree) else { return isHost(mailbox.host, inDotted: tree) }
        return mailbox.local == only.local && ASCII.lowercased(mailbox.host) == ASCII.lowercased(only.host)
    }
}
