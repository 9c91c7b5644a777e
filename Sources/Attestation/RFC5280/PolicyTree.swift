internal import SwiftASN1

/// Certificate policies along a path (RFC 5280, 6.1.2 to 6.1.5), started so that any policy is taken.
///
/// Of the tree only the lowest level is kept, one node a policy: whether it is empty is all that is asked, and it cannot
/// grow beyond what the certificates name (RFC 9618).
enum PolicyTree {
    static func complaints(_ path: [KnownCertificate]) -> [PathComplaint] {
        // From below the trusted certificate downwards; the trusted one itself is no part of the path.
        let order = Array(path.dropLast().reversed())
        var state = State(count: order.count)
        for (place, certificate) in order.enumerated() {
            guard let content = certificate.content else { return [] }
            let read = PolicyExtensions(content)
            let isLast = place == order.count - 1
            state.take(read, allowsAny: state.inhibitAny > 0 || !isLast && certificate.isSelfIssued)
            if isLast {
                state.wrapUp(read)
            } else if !state.isRefused {
                state.prepare(read, isSelfIssued: certificate.isSelfIssued)
            }
            if state.isRefused {
                let name = pathName(certificate, isLeaf: isLast)
                return [
                    PathComplaint(
                        text: "\(name) leaves no policy, where one is required (6.1.3 (f), 6.1.5)",
                        kind: .unsound
                    )
                ]
            }
        }
        return []
    }

    /// The state variables of 6.1.2.
    private struct State {
        /// The policies of the lowest level with those that are expected below; nil once the tree is gone.
        var level: [ASN1ObjectIdentifier: Set<ASN1ObjectIdentifier>]? = [PolicyExtensions.any: [PolicyExtensions.any]]
        var explicit: Int
        var mapping: Int
        var inhibitAny: Int

        init(count: Int) { (explicit, mapping, inhibitAny) = (count + 1, count + 1, count + 1) }

        var isRefused: Bool { explicit <= 0 && level == nil }

        /// 6.1.3 (d) and (e).
        mutating func take(_ read: PolicyExtensions, allowsAny: Bool) {
            guard let above = level, let policies = read.policies else {
                level = nil
                return
            }
            var next: [ASN1ObjectIdentifier: Set<ASN1ObjectIdentifier>] = [:]
            let expected = above.values.reduce(into: Set<ASN1ObjectIdentifier>()) { $0.formUnion($1) }
            for policy in policies where policy != PolicyExtensions.any {
                if expected.contains(policy) || above[PolicyExtensions.any] != nil { next[policy] = [policy] }
            }
            if policies.contains(PolicyExtensions.any), allowsAny {
                for policy in expected where next[policy] == nil { next[policy] = [policy] }
            }
            level = next.isEmpty ? nil : next
        }

        /// 6.1.4 (b), (h), (i) and (j).
        mutating func prepare(_ read: PolicyExtensions, isSelfIssued: Bool) {
            let mapped = Dictionary(grouping: read.mappings, by: \.issuer).mapValues { Set($0.map(\.subject)) }
            if var now = level {
                for (policy, subjects) in mapped {
                    if mapping == 0 {
                        now[policy] = nil
                    } else if now[policy] != nil || now[PolicyExtensions.any] != nil {
                        now[policy] = subjects
                    }
                }
                level = now.isEmpty ? nil : now
            }
            if !isSelfIssued {
                explicit = max(0, explicit - 1)
                mapping = max(0, mapping - 1)
                inhibitAny = max(0, inhibitAny - 1)
            }
            explicit = min(explicit, read.requireExplicit ?? explicit)
            mapping = min(mapping, read.inhibitMapping ?? mapping)
            inhibitAny = min(inhibitAny, read.inhibitAny ?? inhibitAny)
        }

        /// 6.1.5 (a) and (b).
        mutating func wrapUp(_ read: PolicyExtensions) {
            explicit = max(0, explicit - 1)
            if read.requireExplicit == 0 { explicit = 0 }
        }
    }
}
