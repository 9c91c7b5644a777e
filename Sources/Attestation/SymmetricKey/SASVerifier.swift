import Basics

/// Checks a token as the service's own verifier class does.
///
/// Source: the .NET service library's `SharedAccessSignature` (order of checks, skew, ordinal comparison) and the DPS
/// documentation, control access (the prefix of the audience is counted by path segments). That the service runs the
/// same logic is inferred. Not checked, because nothing says that the service does: the value of `skn`, a longest
/// lifetime.
public enum SASVerifier {
    /// How many seconds after `se` a token still counts: five minutes.
    public static let allowedSkew: Double = 300

    /// Checks a token as received; a text that is no token gives a malformed verdict.
    public static func verify(
        token text: String,
        keys: SASKeys,
        audience target: String,
        now: UnixTime
    ) -> SASVerdict {
        do {
            return verify(token: try SASToken(text), keys: keys, audience: target, now: now)
        } catch {
            return SASVerdict(
                outcome: .malformed,
                signingKey: nil,
                steps: [CheckStep("token form", .fail, error.description)]
            )
        }
    }

    /// Checks a token against keys, the audience it must cover and the present moment.
    ///
    /// - Parameter target: `{id scope}/registrations/{registration id}`.
    public static func verify(
        token: SASToken,
        keys: SASKeys,
        audience target: String,
        now: UnixTime
    ) -> SASVerdict {
        var steps = [CheckStep("token form", .pass, "sr, sig and se are there")]
        let isExpired = token.expiry + allowedSkew < now.fractionalSeconds
        steps.append(expiryStep(token, isExpired: isExpired, now: now))
        let signer = signingKey(of: token, among: keys)
        steps.append(signatureStep(signer, keys))
        let coversTarget = covers(token.audience, target)
        steps.append(
            CheckStep(
                "token audience",
                coversTarget ? .pass : .fail,
                coversTarget
                    ? "sr covers \(target)\(isSpelledSo(token.audience, target) ? "" : ", case aside")"
                    : "sr names \(Shown.short(token.audience)), the request is for \(Shown.short(target))"
            )
        )
        let outcome: SASVerdict.Outcome
        if isExpired {
            outcome = .expired
        } else if let signer {
            outcome = coversTarget ? .accepted(key: signer) : .wrongAudience
        } else if !coversTarget {
            // A wrong audience is refused whichever key signed, so keys that are not shown do not matter.
            outcome = .wrongAudience
        } else {
            outcome = keys.isComplete ? .badSignature : .keysNotShown
        }
        return SASVerdict(outcome: outcome, signingKey: signer, steps: steps)
    }

    /// The name of the first key that made the token's signature over its own `sr` and `se`.
    public static func signingKey(of token: SASToken, among keys: SASKeys) -> String? {
        let received = Array(token.signature.utf8)
        let text = Array(token.signedText.utf8)
        return keys.candidates.first {
            equalInConstantTime(Array(Base64Text.encode($0.key.hmacSHA256(text)).utf8), received)
        }?.name
    }

    /// Whether an audience covers a target: the same path segments from the front, case aside.
    public static func covers(_ audience: String, _ target: String) -> Bool {
        func segments(_ text: String) -> [String] {
            var parts = text.split(separator: "/", omittingEmptySubsequences: false).map {
                ASCII.lowercased(String($0))
            }
            while parts.last?.isEmpty == true { parts.removeLast() }
            return parts
        }
        let wanted = segments(target)
        let offered = segments(audience)
        guard !offered.isEmpty, offered.count <= wanted.count else { return false }
        return zip(offered, wanted).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Whether an audience that covers a target does so in the target's own spelling.
    private static func isSpelledSo(_ audience: String, _ target: String) -> Bool {
        target.utf8.starts(with: audience.utf8.reversed().drop { $0 == 0x2F }.reversed())
    }

    private static func expiryStep(_ token: SASToken, isExpired: Bool, now: UnixTime) -> CheckStep {
        let left = token.expiry - now.fractionalSeconds
        let said = abs(left) < 1e15 ? "\(Int64(abs(left))) s" : "a very long time"
        let detail =
            isExpired
            ? "expired \(said) before \(now), more than the allowed 300 s"
            : left < 0 ? "over for \(said), within the allowed 300 s" : "\(said) left at \(now)"
        return CheckStep("token expiry", isExpired ? .fail : .pass, detail)
    }

    private static func signatureStep(_ signer: String?, _ keys: SASKeys) -> CheckStep {
        if let signer { return CheckStep("token signature", .pass, "made with the \(signer) key") }
        if keys.isComplete {
            let names = keys.candidates.map(\.name).joined(separator: " nor ")
            return CheckStep("token signature", .fail, "made with neither the \(names) key")
        }
        let known = keys.candidates.map(\.name).joined(separator: ", ")
        let detail = known.isEmpty ? "keys not shown" : "keys not shown (not made with the known \(known) key)"
        return CheckStep("token signature", .notChecked, detail)
    }
}
