import ArgumentParser
import Foundation

/// A shell command of the user's that is given the report.
struct NotifyCommand {
    var command: String
    /// How long it may take.
    var seconds: Int

    /// How long a command that is asked to end may take for it before it is killed.
    private static let grace = Duration.seconds(5)

    /// Runs the command with the report on its standard input, and waits for its end.
    ///
    /// It leads a process group of its own, so that what it starts ends with it: when the time is up, or when Ctrl-C stops
    /// trail403, the group is asked to end (SIGTERM), then killed. Throws ``Failure`` where the command cannot be started, does
    /// not end in time, or not with status 0. One that does not read all of its input is none the worse for it.
    func run(input: String, denials: Int, subject: String?) throws {
        Signals.watch()
        defer { Signals.unwatch() }
        var ends: [Int32] = [-1, -1]
        // Closed in the command, but for the end that becomes its standard input: it would wait for its own input to end.
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }),
            fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0
        else { throw failure("cannot be started: \(SystemFault().cause)") }
        var input = Array(input.utf8)[...]
        var writing: Int32? = ends[1]
        defer { if let writing { close(writing) } }
        let process: pid_t
        do {
            defer { close(ends[0]) }
            process = try start(readingFrom: ends[0], denials: denials, subject: subject)
        }

        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let descriptor = writing, feed(&input, to: descriptor) {
                close(descriptor)
                writing = nil
            }
            if let status = Self.ended(process) { return try check(status) }
            if let number = Signals.arrived {
                stop(process)
                Signals.forget()
                throw ExitCode(ExitStatus.signal(number))
            }
            guard ContinuousClock.now < deadline else {
                stop(process)
                throw failure(
                    "had not ended after \(counted(seconds, "second")) and was stopped (--notify-timeout gives it more)"
                )
            }
            var event = pollfd(fd: writing ?? -1, events: Int16(POLLOUT), revents: 0)
            poll(&event, 1, 20)
        }
    }

    private func failure(_ what: String) -> Failure {
        Failure(description: "the notify command \(what): the report counts as not delivered and will be told again")
    }

    /// Writes what the pipe takes; true where all is written, or nobody reads any more.
    private func feed(_ input: inout ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        while !input.isEmpty {
            let written = input.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written >= 0 else { return errno != EAGAIN && errno != EINTR }
            input = input.dropFirst(written)
        }
        return true
    }

    private func start(readingFrom descriptor: Int32, denials: Int, subject: String?) throws -> pid_t {
        do {
            return try ShellChild.start(
                command, readingFrom: descriptor, leadsGroup: true,
                variables: [
                    "TRAIL403_NEW_DENIALS": String(denials),
                    "TRAIL403_SUBJECT": subject ?? "\(counted(denials, "refused AWS call"))",
                ])
        } catch {
            throw failure("cannot be started: \(error.cause)")
        }
    }

    /// Asks the command's process group to end, and kills what does not.
    private func stop(_ process: pid_t) {
        kill(-process, SIGTERM)
        let end = ContinuousClock.now + Self.grace
        var hasEnded = false
        // Signal 0 asks whether anybody of the group is left.
        while ContinuousClock.now < end, !hasEnded || kill(-process, 0) == 0 {
            if !hasEnded { hasEnded = Self.ended(process) != nil }
            usleep(20_000)
        }
        kill(-process, SIGKILL)
        if !hasEnded { waitpid(process, nil, 0) }
    }

    /// The status with which a child has ended; `nil` while it runs.
    private static func ended(_ process: pid_t) -> Int32? {
        var status: Int32 = 0
        return waitpid(process, &status, WNOHANG) == process ? status : nil
    }

    /// Takes a status of `waitpid` apart: the low seven bits are the signal, the next byte is the exit status.
    private func check(_ status: Int32) throws {
        let signal = status & 0x7F
        guard signal == 0 else { throw failure("was ended by signal \(signal)") }
        switch status >> 8 & 0xFF {
        case 0: return
        case 126: throw failure("ended with status 126 (it cannot be run)")
        case 127: throw failure("ended with status 127 (it was not found)")
        case let other: throw failure("ended with status \(other)")
        }
    }
}
