import Foundation
import Testing
import X509

@testable import Attestation

/// The situations of `EveryMistakeTests`.
extension EveryMistakeTests {
    /// A device that makes the mistake of a plant.
    static func token(_ words: String) -> Scene {
        {
            let plant = try #require((Plant.keys + Plant.tokens).first { $0.testDescription.hasSuffix(", " + words) })
            var random = SeededRandom(seed: 41)
            var house = House(&random)
            let request = plant.request(&random, &house, "Press.Line:1")
            return Verifier.decide(try house.registry(), request, at: House.now)
        }
    }

    /// A device that does all right at an instance that does not.
    static func instance(
        _ words: String,
        _ change: @escaping @Sendable (inout AttestationRequest) -> Void = { _ in }
    ) -> Scene {
        {
            let plant = try #require(ConfigurationMistakeTests.plants.first { $0.testDescription == words })
            var random = SeededRandom(seed: 42)
            var house = House(&random, groups: 1)
            let id = plant.id("press-1")
            house.extra = plant.extra.replacing("{id}", with: id)
            var request = house.request(id)
            plant.request(&request)
            change(&request)
            var circumstances = Circumstances()
            plant.circumstances(&circumstances)
            let registry = try house.registry(groupFields: plant.fields)
            return Verifier.decide(registry, request, at: House.now, circumstances)
        }
    }

    /// Certificates.
    static func chain(_ words: String) -> Scene {
        {
            let item = try #require(NeighbourMistakeTests.all.first { $0.testDescription == words })
            let (holding, chain) = try item.scene(try NeighbourMistakeTests.Cast())
            return try await holding.decide(chain, id: item.id)
        }
    }

    /// A house with one group and the changes to its device's request.
    static func house(
        fields: String = "",
        _ change: @escaping @Sendable (inout House, inout AttestationRequest) -> Void
    ) -> Scene {
        {
            var random = SeededRandom(seed: 43)
            var house = House(&random, groups: 1)
            var request = house.request("d1")
            change(&house, &request)
            return Verifier.decide(try house.registry(groupFields: fields), request, at: House.now)
        }
    }

    /// A device `d1` with an individual enrollment, and the id for which its token is written.
    static func individual(_ enrolled: String, signs: String) -> Scene {
        {
            var random = SeededRandom(seed: 44)
            var house = House(&random, groups: 0)
            house.individualKeys[enrolled] = SecretBytes(random.bytes(64))
            let token = house.token(signs, key: house.individualKeys[enrolled])
            return Verifier.decide(try house.registry(), house.request("d1", token: token), at: House.now)
        }
    }

    /// A TPM at an instance that has enrolled an endorsement key under an id.
    static func tpm(
        enrolled: @escaping @Sendable (TPMVectors) throws -> String,
        under id: String = "d1",
        _ change: @escaping @Sendable (inout AttestationRequest) -> Void = { _ in }
    ) -> Scene {
        {
            let vectors = try TPMVectors.all()
            let registry = try Registry.read(
                utf8: #"""
                    {"idScope": "\#(House.scope)", "iotHubs": ["a.azure-devices.net"], "individualEnrollments":
                     [{"registrationId": "\#(id)", "attestation":
                       {"type": "tpm", "tpm": {"endorsementKey": "\#(try enrolled(vectors))"}}}]}
                    """#.utf8
            )
            var request = AttestationRequest(
                idScope: House.scope,
                registrationID: "d1",
                tpm: .init(endorsementKey: vectors.tpms[0].ek.public, storageRootKey: vectors.tpms[0].srk.public)
            )
            change(&request)
            var circumstances = Circumstances()
            circumstances.randomness = [UInt8](repeating: 5, count: 32)
            return Verifier.decide(registry, request, at: House.now, circumstances)
        }
    }

    static let ownKey: @Sendable (TPMVectors) throws -> String = { $0.tpms[0].ek.public }
    static let otherKey: @Sendable (TPMVectors) throws -> String = { $0.tpms[1].ek.public }
    static let cutKey: @Sendable (TPMVectors) throws -> String = {
        Base64Text.encode(try Base64Text.decode($0.tpms[0].ek.public).prefix(75))
    }
    static let otherTemplate: @Sendable (TPMVectors) throws -> String = {
        let wire = try Base64Text.decode($0.tpms[0].ek.public)
        return Base64Text.encode(wire[..<6] + [wire[6] ^ 0x01] + wire[7...])
    }

    /// An instance whose root is verified, with the groups and individuals that a scene makes from the cast.
    static func holding(
        id: String = "d1",
        leaf: @escaping @Sendable (NeighbourMistakeTests.Cast) throws -> Crafted = { $0.leaf },
        _ make: @escaping @Sendable (NeighbourMistakeTests.Cast) throws -> (groups: [String], individuals: [String])
    ) -> Scene {
        {
            let cast = try NeighbourMistakeTests.Cast()
            let (groups, individuals) = try make(cast)
            let holding = Holding(held: [("r", cast.root, true)], groups: groups, individuals: individuals)
            return try await holding.decide([try leaf(cast), cast.lower, cast.upper], id: id)
        }
    }
}
