/// The order in which certificates were presented: the leaf first, each followed by its issuer (RFC 5246, 7.4.2).
struct CertificateOrder: Sendable {
    /// Whether the first certificate is the one that the others lead up from.
    let isLeafFirst: Bool
    /// What there is to say of the order; nil if it is right.
    let step: CheckStep?

    init(_ presented: [KnownCertificate]) {
        guard let first = presented.first else {
            (isLeafFirst, step) = (true, nil)
            return
        }
        // Where two CAs signed one another either may be the leaf, so that is no wrong order.
        let below = presented.indices.dropFirst().first {
            presented[$0].der != first.der && presented[$0].isIssued(by: first) && !first.isIssued(by: presented[$0])
        }
        if let below {
            isLeafFirst = false
            step = CheckStep(
                "order",
                .fail,
                "the leaf is not first: \(first.subject) signed certificate \(below + 1), \(presented[below].subject);"
                    + " put the leaf first, then its issuer"
            )
            return
        }
        isLeafFirst = true
        let isMended = zip(presented, presented.dropFirst()).contains { one, next in
            next.content != nil && !one.names(next)
        }
        step =
            isMended
            ? CheckStep(
                "order",
                .notChecked,
                "not each certificate is followed by its issuer; the path is looked for in any order"
            ) : nil
    }
}
