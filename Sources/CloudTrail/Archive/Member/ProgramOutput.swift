#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What a decompressing program writes to its standard output, with the file as its standard input.
///
/// No shell, no name of a file among the arguments, no other descriptor inherited. The program is killed when the output is no
/// longer wanted; killed readers close their end of the pipe, which ends it as well.
@safe
final class ProgramOutput: ByteSource {
    private let decompressor: Decompressor
    private let name: String
    private let limits: LogFileSource.Limits
    private let stored: Int
    private var output: CInt
    private var process: pid_t
    private var bytesWritten = 0
    private var isAtEnd = false

    /// Starts the program on the file at `path`.
    init(_ decompressor: Decompressor, path: LogFilePath, name: String, limits: LogFileSource.Limits)
        throws(SourceFault)
    {
        self.decompressor = decompressor
        self.name = name
        self.limits = limits
        do throws(SystemError) {
            let input = try openForReading(path, flags: O_NONBLOCK)
            defer { close(input) }
            var status = stat()
            // SAFETY: `status` outlives the call.
            guard unsafe fstat(input, &status) == 0 else { throw SystemError.current }
            stored = FileStatus(status).size
            (process, output) = try Self.start(decompressor.arguments, input: input)
        } catch {
            if error == .noSuchFile {
                throw SourceFault(
                    issue: IngestIssue(
                        .notALogFile, at: Location(file: name, byteOffset: 0),
                        "is \(decompressor.content), and `\(decompressor.arguments[0])` is not installed: decompress it "
                            + "first, with `\(decompressor.command)`"))
            }
            throw SourceFault(issue: IngestIssue(.unreadable, at: Location(file: name), error.text))
        }
    }

    deinit { stop() }

    /// What the program has written; 0 when it has ended well.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if unsafe isAtEnd || buffer.isEmpty { return 0 }
        let count: Int
        do throws(SystemError) {
            // SAFETY: `readBytes` writes at most `buffer.count` bytes to the buffer.
            count = try retryingInterruption { unsafe readBytes(output, buffer) }
        } catch {
            throw fault(.unreadable, error.text)
        }
        if count == 0 {
            isAtEnd = true
            let status = wait()
            if status != 0 {
                throw fault(
                    .archiveDamaged,
                    "`\(decompressor.arguments[0])` could not decompress it to its end: the file is damaged or cut; "
                        + "download it again")
            }
            return 0
        }
        bytesWritten += count
        if bytesWritten > limits.bytesBeforeRatio, bytesWritten / max(1, stored) > limits.maximumRatio {
            stop()
            isAtEnd = true
            throw fault(
                .inflatedRatio,
                "it decompresses to more than \(limits.maximumRatio) times its size: raise `--max-ratio` if you trust "
                    + "the file")
        }
        return count
    }

    private func fault(_ code: IngestIssue.Code, _ message: String) -> SourceFault {
        SourceFault(issue: IngestIssue(code, at: Location(file: name), message))
    }

    private func stop() {
        guard process > 0 else { return }
        kill(process, SIGKILL)
        _ = wait()
    }

    /// Closes the pipe, waits for the program's end, and gives its status; 0 is success.
    private func wait() -> CInt {
        guard process > 0 else { return 0 }
        close(output)
        var status: CInt = 0
        // SAFETY: `status` outlives the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
        return status
    }

    private static func start(_ arguments: [String], input: CInt) throws(SystemError) -> (pid_t, CInt) {
        var ends: [CInt] = [-1, -1]
        // SAFETY: the array has room for the two descriptors. As every descriptor of ours, they are closed by `exec`: a program that
        // another reader starts must not hold this pipe open.
        #if canImport(Darwin)
            guard unsafe pipe(&ends) == 0 else { throw SystemError.current }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #else
            // As a pipe, but closed by `exec` from its beginning.
            let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError.current }
        #endif
        defer { close(ends[1]) }
        var process: pid_t = 0
        let result = spawn(arguments, input: input, output: ends[1], &process)
        guard result == 0 else {
            close(ends[0])
            throw SystemError(code: result)
        }
        return (process, ends[0])
    }

    private static func spawn(_ arguments: [String], input: CInt, output: CInt, _ process: inout pid_t) -> CInt {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = unsafe posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        // SAFETY: both are initialized before and destroyed after their use, and copied by no one; the argument strings live until
        // they are freed, after the call.
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        // This process ignores SIGPIPE and blocks signals in its readers; the program must not.
        var defaults = sigset_t()
        var unblocked = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe sigaddset(&defaults, SIGPIPE)
        unsafe sigemptyset(&unblocked)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setsigmask(&attributes, &unblocked)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin"
        // No variable such as `XZ_OPT` changes what the program does.
        let strings = unsafe Self.strings(arguments)
        let environment = unsafe Self.strings(["PATH=\(path)", "LC_ALL=C"])
        defer { unsafe (strings + environment).forEach { unsafe free($0) } }
        return unsafe posix_spawnp(&process, arguments[0], &actions, &attributes, strings, environment)
    }

    /// The texts as `exec` wants them: each on the heap, and a null behind the last.
    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }
}
