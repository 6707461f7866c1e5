import Foundation

/// Starts a shell command of the user's.
enum ShellChild {
    /// Starts `sh -c COMMAND` with a file as its standard input; returns the process, or the `errno` of what went wrong.
    ///
    /// trail403 ignores SIGPIPE and minds SIGINT and SIGTERM; a shell and its children expect none of that, so the command starts
    /// with the system's own ways.
    ///
    /// - Parameters:
    ///   - leadsGroup: whether the command leads a process group of its own, so that all that it starts can be ended.
    ///   - variables: what is set in its environment beside our own.
    static func start(
        _ command: String, readingFrom descriptor: Int32, leadsGroup: Bool, variables: [String: String]
    ) throws(SystemFault) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        if leadsGroup {
            posix_spawnattr_setpgroup(&attributes, 0)
            flags |= POSIX_SPAWN_SETPGROUP
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let all = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        let words: [String] = ["sh", "-c", command]
        var environment = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for text in environment + arguments { free(text) } }
        var process: pid_t = 0
        let fault = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, &environment)
        guard fault == 0 else { throw SystemFault(number: fault) }
        return process
    }
}
