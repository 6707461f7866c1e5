import Foundation

/// The folder of what trail403 remembers for its user from one run to the next (XDG Base Directory Specification).
enum StateFolder {
    /// The path of a file in it; `nil` where the folder cannot be made: what is remembered there is a convenience.
    static func file(
        _ name: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String? {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let base = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let state = base ?? home.map({ $0 + "/.local/state" }) else { return nil }
        do {
            try FileManager.default.createDirectory(
                atPath: state + "/trail403", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            return nil
        }
        return state + "/trail403/" + name
    }
}
