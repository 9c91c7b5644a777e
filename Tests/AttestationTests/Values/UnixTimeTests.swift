import Attestation
import Testing

@Suite struct UnixTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("2030-01-01T00:00:00Z", 1_893_456_000, 0),
        ("2022-08-31T22:02:50.7370676Z", 1_661_983_370, 737_067_600), ("2000-02-29T12:00:00+02:00", 951_818_400, 0),
        ("1969-12-31T23:59:59Z", -1, 0), ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
    ])
    func readsRFC3339(text: String, seconds: Int64, nanoseconds: Int32) {
        #expect(UnixTime(rfc3339: text) == UnixTime(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "2022-08-31", "2022-02-30T00:00:00Z", "2022-13-01T00:00:00Z", "2022-08-31T24:00:00Z",
        "2022-08-31T22:02:50", "2022-08-31T22:02:50.Z", "2022-08-31T22:02:50Zz", "2022-08-31T22:02:50+2:00",
    ])
    func refusesEverythingElse(text: String) {
        #expect(UnixTime(rfc3339: text) == nil)
    }

    @Test func writesWhatItReads() {
        let moment = UnixTime(seconds: 1_661_983_370, nanoseconds: 737_067_600)
        #expect(moment.rfc3339(fractionDigits: 7) == "2022-08-31T22:02:50.7370676Z")
        #expect(moment.description == "2022-08-31T22:02:50Z")
        var random = SeededRandom(seed: 3)
        for _ in 0..<2_000 {
            let some = UnixTime(seconds: Int64.random(in: -60_000_000_000...250_000_000_000, using: &random))
            #expect(UnixTime(rfc3339: some.rfc3339()) == some)
        }
    }
}
