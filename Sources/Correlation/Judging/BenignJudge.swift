import AzureLogs
import Basics

/// Judges the errors of a device that wait, once a connection succeeded.
enum BenignJudge {
    /// What happened on a channel before.
    struct Before {
        /// When the last explained drop was.
        var lastDrop: Int64
        var lastTakeover: Int64

        init(_ channel: borrowing DeviceChannel) {
            lastDrop = channel.lastDrop
            lastTakeover = channel.lastTakeover
        }
    }

    /// The pattern of each waiting error at this hub, nil where nothing explains it.
    static func judge(
        _ pending: [PendingError],
        connected contact: Contact,
        network: Int,
        agent: Int,
        _ device: Before,
        _ configuration: CorrelationConfiguration
    ) -> [BenignPattern?] {
        var (drops, lost) = (0, 0)
        var spaced = false
        var hasRefusal = false
        for trouble in pending where isRenewal(trouble.code) {
            if drops == 0 {
                spaced =
                    device.lastDrop == .min || trouble.event.time - device.lastDrop >= configuration.renewalSpacing
            }
            drops += 1
            if HubCode(rawValue: trouble.code) == .deviceConnectionClosedRemotely {
                lost += 1
            } else {
                hasRefusal = true
            }
        }
        // One renewal is at most one lost connection and a few refusals, not a burst of either.
        let isEpisode = spaced && lost <= 1 && drops <= 4
        return pending.map { trouble in
            guard contact.time - trouble.event.time <= configuration.reconnect else { return nil }
            switch HubCode(rawValue: trouble.code) {
            case .iotHubUnauthorized, .deviceConnectionClosedRemotely:
                return isEpisode ? (hasRefusal ? .tokenRenewal : .reconnect) : nil
            case .linkCreationConflict:
                let parent = pending.contains {
                    HubCode(rawValue: $0.code) == .deviceConnectionClosedRemotely && sharesNetwork($0, trouble)
                }
                return parent && isEpisode ? .linkConflictEcho : nil
            case .connectionForcefullyClosedOnNewConnection:
                return isSelf(trouble, network, agent, device) ? .takeOverBySelf : nil
            case .connectionForcefullyClosedOnFaultInjection, .connectionRejectedOnFaultInjection:
                return .serviceUpgrade
            default: return nil
            }
        }
    }

    /// Whether an error of this code may belong to the renewal of a token.
    static func isRenewal(_ code: Int) -> Bool {
        switch HubCode(rawValue: code) {
        case .iotHubUnauthorized, .deviceConnectionClosedRemotely: true
        default: false
        }
    }

    /// Whether an error of this code tells that another connection took the device's place.
    static func isTakeover(_ code: Int) -> Bool {
        HubCode(rawValue: code) == .connectionForcefullyClosedOnNewConnection
    }

    private static func sharesNetwork(_ a: PendingError, _ b: PendingError) -> Bool {
        a.event.network == b.event.network || a.event.network == 0 || b.event.network == 0
    }

    /// Old and new session come from one place and one SDK, and it did not just happen before.
    private static func isSelf(_ trouble: PendingError, _ network: Int, _ agent: Int, _ device: Before) -> Bool {
        let oldNetwork = trouble.event.network != 0 ? trouble.event.network : trouble.sessionNetwork
        let sameNetwork = oldNetwork == 0 || network == 0 || oldNetwork == network
        let sameAgent = trouble.sessionAgent == 0 || agent == 0 || trouble.sessionAgent == agent
        let isAlone = device.lastTakeover == .min || trouble.event.time - device.lastTakeover > Microseconds.hour
        return sameNetwork && sameAgent && isAlone
    }
}
