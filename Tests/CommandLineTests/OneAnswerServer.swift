import Dispatch
import Foundation
import Glibc
import Synchronization

/// A web server on the loopback that gives one answer to one request, and then is gone.
final class OneAnswerServer: Sendable {
    /// A system call that failed.
    struct Failure: Error {}

    /// The port, chosen by the system.
    let port: Int
    private let socket: Int32
    private let answer: String
    private let request = Mutex("")
    private let done = DispatchSemaphore(value: 0)

    init(_ body: String) throws {
        answer =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n\(body)"
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        // Nobody may come: then the test fails instead of waiting for ever.
        var patience = timeval(tv_sec: 600, tv_usec: 0)
        let waits = setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        guard descriptor >= 0, bound, waits == 0 else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        // A thread of its own: those of the tests may all be waiting for programs that they started.
        Thread.detachNewThread { self.answerOnce() }
    }

    /// The text of the request that was answered; waits for it.
    func received() -> String {
        done.wait()
        return request.withLock { $0 }
    }

    /// Waits for a request, answers it, and keeps its text.
    private func answerOnce() {
        let connection = accept(socket, nil, nil)
        close(socket)
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // The body is short: it ends where the braces of the JSON do.
        while connection >= 0, !text.hasSuffix("}") {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let bytes = Array(answer.utf8)
        _ = write(connection, bytes, bytes.count)
        close(connection)
        request.withLock { $0 = text }
        done.signal()
    }
}
