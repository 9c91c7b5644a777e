import ArgumentParser
import Audit
import Basics
import EventStore
import Glibc
import LogIngest

/// Exit codes of the command line (docs/exit-codes.md); scripts rely on them.
enum Exit {
    static let findings = ExitCode(1)
    static let incomplete = ExitCode(2)
    static let failed = ExitCode(3)
    static let invalid = ExitCode(4)
    static let locked = ExitCode(5)
}

/// Says on standard error what went wrong, and gives the exit code that scripts expect.
enum Failure {
    /// Runs a command's work and turns its errors into a message and an exit code.
    static func reporting<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch  where Interruption.isRequested {
            // Whatever the interruption looked like from where the work was.
            throw ExitCode(Interruption.exitCode)
        } catch let error as ExitCode {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch let error as RefusedRun {
            throw ValidationError(error.description + ".")
        } catch let error as OutputRefusal {
            throw ValidationError(error.description + ".")
        } catch let error as NotFound {
            Standard.error("dpslens: \(error.description)\n")
            throw ExitCode(EX_USAGE)
        } catch let error as StoreError {
            Standard.say(error.description)
            throw error.code == .locked ? Exit.locked : Exit.failed
        } catch let error as InputError {
            Standard.say(error.description)
            throw Exit.failed
        } catch let error as any DocumentFault {
            Standard.say(error.description)
            throw Exit.invalid
        } catch {
            let told = StoreError.told(error)
            Standard.say(told?.description ?? "\(error)")
            throw told?.code == .locked ? Exit.locked : Exit.failed
        }
    }
}

/// Rules, suppressions or configuration that cannot be used (exit 4).
struct InvalidInput: DocumentFault {
    let description: String

    init(description: String) { self.description = description }

    init(_ description: String) { self.description = description }
}
