/// The mark that a faulty library of smart cards and TPMs left on its RSA keys (ROCA, CVE-2017-15361).
///
/// Its primes are `k * M + (65537^a mod M)` with M a product of the first primes, so that a modulus is a power of 65537
/// modulo each small prime, with one exponent for all (Nemec, Sys, Svenda, Klinec, Matyas: "The Return of Coppersmith's
/// Attack", CCS 2017, section 2). The test is the published one: it asks for the residues first, then for the exponent.
/// A random modulus passes the first question once in some 100 million, and the second practically never.
///
/// What it does not say: whether the key can be factored with little effort, which depends on its length.
enum ROCAFingerprint {
    /// The odd primes up to 167: every key length that the library made has these in its M.
    static let primes = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]

    private static let generator = 65_537

    /// The powers of 65537 modulo each prime: the exponent of each residue, and the order.
    private static let groups: [(exponents: [Int: Int], order: Int)] = primes.map { prime in
        var exponents: [Int: Int] = [:]
        var power = 1
        while exponents[power] == nil {
            exponents[power] = exponents.count
            power = power * generator % prime
        }
        return (exponents, exponents.count)
    }

    /// Whether a big-endian modulus has the mark.
    static func marks(_ modulus: [UInt8]) -> Bool {
        var exponents: [Int] = []
        for (prime, group) in zip(primes, groups) {
            guard let exponent = group.exponents[residue(modulus, prime)] else { return false }
            exponents.append(exponent)
        }
        // One exponent for all primes exists exactly if each pair agrees where their orders meet.
        for left in groups.indices {
            for right in 0..<left {
                let common = divisor(groups[left].order, groups[right].order)
                if (exponents[left] - exponents[right]) % common != 0 { return false }
            }
        }
        return true
    }

    private static func residue(_ modulus: [UInt8], _ prime: Int) -> Int {
        modulus.reduce(0) { ($0 << 8 | Int($1)) % prime }
    }

    /// The greatest common divisor (Euclid).
    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
