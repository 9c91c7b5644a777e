import Attestation
import Testing

@Suite struct ResponseMakerTests {
    private func verdict(_ change: (inout AttestationRequest, inout Circumstances) -> Void = { _, _ in }) async throws
        -> Verdict
    {
        var random = SeededRandom(seed: 41)
        let house = House(&random)
        var request = house.request("my-device")
        var circumstances = Circumstances()
        change(&request, &circumstances)
        return Verifier.decide(try house.registry(), request, at: House.now, circumstances)
    }

    @Test func acceptsFirstAndAnswersLater() async throws {
        let response = try await verdict().response
        #expect(response["register"]?["status"]?.whole == 202)
        #expect(response["register"]?["headers"]?["Retry-After"]?.text == "3")
        #expect(response["register"]?["body"]?["status"]?.text == "assigning")
        #expect(response["poll"]?["body"]?["registrationState"]?["status"]?.text == "assigning")
        #expect(response["final"]?["status"]?.whole == 200)
        let state = try #require(response["final"]?["body"]?["registrationState"])
        #expect(state["registrationId"]?.text == "my-device")
        #expect(state["createdDateTimeUtc"]?.text == "2025-10-09T08:53:20.0000000Z")
        #expect(state["symmetricKey"]?["enrollmentGroupId"]?.text == "group-0")
    }

    @Test func operationIdsHaveTheirShape() async throws {
        func id(_ byte: UInt8) async throws -> String {
            let verdict = try await verdict { _, circumstances in circumstances.randomness = [byte] }
            return try #require(verdict.response["register"]?["body"]?["operationId"]?.text)
        }
        let first = try await id(1)
        let second = try await id(2)
        #expect(
            first.wholeMatch(of: /5\.[0-9a-f]{16}\.[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                != nil
        )
        #expect(first.prefix(18) == second.prefix(18))
        #expect(first != second)
    }

    @Test func etagsHoldTheTime() async throws {
        let state = try await verdict().response["final"]?["body"]?["registrationState"]
        let tag = String(decoding: try Base64Text.decode(try #require(state?["etag"]?.text)), as: UTF8.self)
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("0000\""))
        #expect(tag.contains(String(House.now.seconds, radix: 16)))
    }

    @Test func errorsCarryATrackingId() async throws {
        let response = try await verdict { request, _ in request.authorization = nil }.response
        let register = try #require(response["register"])
        #expect(register["status"]?.whole == 401)
        #expect(register["body"]?["errorCode"]?.whole == 401_002)
        #expect(register["body"]?["message"]?.text == "Unauthorized")
        #expect(register["body"]?["trackingId"]?.text == register["headers"]?["x-ms-request-id"]?.text)
        #expect(response["final"] == nil)
    }

    @Test func mqttAnswersComeOnTheirTopic() async throws {
        let response = try await verdict { request, _ in request.transport = .mqtt }.response
        #expect(response["register"]?["mqttTopic"]?.text == "$dps/registrations/res/202/?$rid={rid}&retry-after=3")
        let unknown = try await verdict { request, _ in
            request.transport = .mqtt
            request.idScope = "0ne00999999"
        }
        #expect(unknown.response["connect"]?["mqttReturnCode"]?.whole == 3)
    }

    @Test func verdictsAreTheJSONOfTheContract() async throws {
        let json = try await verdict().json
        #expect(json["decision"]?.text == "assigned")
        #expect(json["steps"]?.elements?.first?["result"]?.text == "pass")
        #expect(json["candidateHubs"]?.elements?.count == 2)
        #expect(json["enrollment"] == ["kind": "group", "id": "group-0"])
        let text = JSONText.pretty(json)
        #expect(text.hasPrefix("{\n  \"decision\": \"assigned\",\n  \"httpStatus\": 202,"))
        #expect(try JSONValue(utf8: text.utf8) == json)
        #expect(try JSONValue(utf8: JSONText.line(json).utf8) == json)
    }
}
