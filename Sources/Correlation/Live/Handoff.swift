import Dispatch
import Synchronization

/// Hands values from one thread to another, a few on their way at a time, so that neither runs ahead of the other.
final class Handoff<Element: Sendable>: Sendable {
    private struct State {
        var waiting: [Element] = []
        var isOver = false
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let room: DispatchSemaphore
    private let filled = DispatchSemaphore(value: 0)

    /// A channel with room for a number of values.
    init(room: Int) { self.room = DispatchSemaphore(value: room) }

    /// Hands a value on; waits for room.
    func put(_ element: Element) {
        room.wait()
        state.withLock { $0.waiting.append(element) }
        filled.signal()
    }

    /// Says that nothing more comes, and why if it should have.
    func finish(_ failure: (any Error)? = nil) {
        state.withLock { state in
            state.failure = failure
            state.isOver = true
        }
        filled.signal()
    }

    /// The next value, nil at the end.
    ///
    /// - Throws: what `finish` was given.
    func next() throws -> Element? {
        filled.wait()
        let (element, failure) = state.withLock { state in
            (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.failure)
        }
        if let element {
            room.signal()
            return element
        }
        // What ended it is left for whoever asks next.
        filled.signal()
        if let failure { throw failure }
        return nil
    }

    /// Takes values without using them until the end, so that whoever gives them comes to an end as well.
    func drain() {
        while true {
            filled.wait()
            let isOver = state.withLock { state in
                if !state.waiting.isEmpty {
                    state.waiting.removeFirst()
                    room.signal()
                    return false
                }
                return state.isOver
            }
            if isOver {
                filled.signal()
                return
            }
        }
    }
}
