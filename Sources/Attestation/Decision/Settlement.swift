import Basics

/// What follows a proof: enabled or not, hub, twin, answers.
extension DecisionRun {
    mutating func settle(_ registry: Registry, _ enrollment: Enrollment) -> Verdict {
        guard enrollment.isEnabled else {
            note("enrollment enabled", .fail, "\(enrollment.kind.rawValue) enrollment \(enrollment.id) is disabled")
            return disabled(enrollment)
        }
        note("enrollment enabled", .pass, "\(enrollment.kind.rawValue) enrollment \(enrollment.id)")
        guard !circumstances.isBeingRegistered else {
            note("concurrent registration", .fail, "the same id is being registered at this moment")
            return rejected(412, 412_001, "Precondition failed.")
        }
        note("concurrent registration", .notChecked, "what else happens at this moment is not known here")
        return assign(registry, enrollment)
    }

    /// A disabled enrollment is no error: 200, and a record is kept.
    func disabled(_ enrollment: Enrollment) -> Verdict {
        var verdict = Verdict(.disabled, status: 200, message: "The enrollment is disabled.")
        verdict.enrollment = .init(kind: enrollment.kind, id: enrollment.id)
        verdict.response = responses.disabled()
        return verdict
    }

    private mutating func assign(_ registry: Registry, _ enrollment: Enrollment) -> Verdict {
        let record = registry.registration(request.registrationID)
        let current = record.flatMap { $0.assignedHub == nil || $0.status == "failed" ? nil : $0 }
        let policy = Reprovisioner.policy(enrollment, apiVersion: request.apiVersion)
        findings.policy = policy
        steps.append(Reprovisioner.step(policy, hasRecord: current != nil, enrollment: enrollment))
        let device = deviceID(enrollment, current)
        var allocation = choose(registry, enrollment, current, policy)
        allocation = hubTrouble(allocation)
        findings.allocation = allocation
        steps += allocation.steps
        if let failure = allocation.failure { return failed(failure, enrollment, record) }
        guard allocation.undecided == nil, let pick = allocation.pick else {
            var verdict = cannotVerify(allocation.undecided ?? "no hub could be chosen")
            verdict.candidateHubs = allocation.candidates
            verdict.deviceID = device
            return verdict
        }
        return assigned(allocation, pick, enrollment, current, policy, device)
    }

    private mutating func choose(
        _ registry: Registry,
        _ enrollment: Enrollment,
        _ current: Registry.Registration?,
        _ policy: Reprovisioner.Policy
    ) -> Allocation {
        let stays = policy == .never || policy == .sticky
        let isCustom = Allocator.policy(registry, enrollment) == "custom"
        if stays, let hub = current?.assignedHub, !isCustom {
            // DPS does not look whether the hub is still linked or well; the device simply keeps it.
            return Allocation(
                candidates: [.init(hub: hub, probability: 1)],
                pick: hub,
                failure: nil,
                undecided: nil,
                payload: nil,
                initialTwin: nil,
                steps: [CheckStep("hub choice", .pass, "the device keeps \(hub)")]
            )
        }
        return Allocator.allocate(
            registry: registry,
            enrollment: enrollment,
            registrationID: request.registrationID,
            current: current?.assignedHub,
            circumstances: circumstances,
            only: stays ? current?.assignedHub : nil
        )
    }

    /// A new deviceId in the enrollment takes effect only when the record is deleted.
    private mutating func deviceID(_ enrollment: Enrollment, _ current: Registry.Registration?) -> String {
        let wanted =
            enrollment.kind == .individual ? enrollment.deviceID ?? request.registrationID : request.registrationID
        guard let recorded = current?.deviceID, recorded != wanted else {
            note("device id", .pass, wanted)
            return wanted
        }
        let reason =
            ASCII.lowercased(recorded) == ASCII.lowercased(wanted)
            ? "the record spells it \(recorded); which spelling wins is not known"
            : "the record says \(recorded); another id in the enrollment counts only after the record is deleted"
        note("device id", .notChecked, reason)
        return recorded
    }

    /// Hubs that refuse DPS or are gone, if the caller says so.
    private func hubTrouble(_ allocation: Allocation) -> Allocation {
        guard allocation.failure == nil, !allocation.candidates.isEmpty else { return allocation }
        func all(in hubs: Set<String>) -> Bool {
            let lowered = Set(hubs.map { ASCII.lowercased($0) })
            return allocation.candidates.allSatisfy { lowered.contains(ASCII.lowercased($0.hub)) }
        }
        if all(in: circumstances.missingHubs) {
            let step = CheckStep("hub reachable", .fail, "the hub does not exist any more")
            return .failed(401_001, "iot hub not found", allocation.steps + [step])
        }
        if all(in: circumstances.hubsRefusingDPS) {
            let step = CheckStep("hub reachable", .fail, "the hub refuses the instance's credential")
            let tracking = responses.guid("hub")
            let message =
                "{\"Message\":\"ErrorCode:IotHubUnauthorizedAccess;Unauthorized\","
                + "\"ExceptionMessage\":\"Tracking ID:\(tracking)\"}"
            return .failed(400_209, message, allocation.steps + [step])
        }
        return allocation
    }

    private func failed(
        _ failure: Allocation.Failure,
        _ enrollment: Enrollment,
        _ record: Registry.Registration?
    ) -> Verdict {
        var verdict = Verdict(.failed, status: 202, code: failure.code, message: failure.message)
        var state: [String: JSONValue] = [
            "registrationId": .string(request.registrationID), "status": "failed",
            "createdDateTimeUtc": responses.time(record?.created ?? now), "lastUpdatedDateTimeUtc": responses.time(now),
            "errorMessage": .string(failure.message), "etag": .string(responses.etag(now)),
        ]
        state["errorCode"] = failure.code.map { .integer(Int64($0)) }
        verdict.response = responses.accepted(status: "failed", state: state)
        return verdict
    }

    private mutating func assigned(
        _ allocation: Allocation,
        _ pick: String,
        _ enrollment: Enrollment,
        _ current: Registry.Registration?,
        _ policy: Reprovisioner.Policy,
        _ device: String
    ) -> Verdict {
        var verdict = Verdict(.assigned, status: 202, message: "The registration is accepted.")
        verdict.candidateHubs = allocation.candidates
        verdict.assignedHub = allocation.hub
        verdict.deviceID = device
        let outcomes = allocation.candidates.map { Reprovisioner.outcome(policy, current: current, hub: $0.hub) }
        if let first = outcomes.first, outcomes.allSatisfy({ $0 == first }) {
            verdict.substatus = first.substatus
            verdict.twin = first.twin.rawValue
        } else {
            note("substatus", .notChecked, "depends on which of the candidate hubs DPS chooses")
        }
        let told = Reprovisioner.outcome(policy, current: current, hub: pick)
        var state: [String: JSONValue] = [
            "registrationId": .string(request.registrationID), "assignedHub": .string(pick),
            "deviceId": .string(device),
            "status": "assigned",
            "substatus": .string(APIVersion.hidesSubstatus(request.apiVersion) ? "initialAssignment" : told.substatus),
            "createdDateTimeUtc": responses.time(current?.created ?? now),
            "lastUpdatedDateTimeUtc": responses.time(now),
            "etag": .string(responses.etag(now)),
        ]
        let group: JSONValue = enrollment.kind == .group ? ["enrollmentGroupId": .string(enrollment.id)] : [:]
        switch enrollment.attestation {
        case .symmetricKey: if enrollment.kind == .group { state["symmetricKey"] = group }
        case .x509: state["x509"] = group
        case .tpm: state["tpm"] = hubKey()
        case .unknown: break
        }
        if let payload = allocation.payload { state["payload"] = payload }
        verdict.response = responses.accepted(status: "assigned", state: state)
        return verdict
    }
}
