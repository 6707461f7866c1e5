import CBuild

/// The program's version.
enum Version {
    static let number = "0.2.0"

    /// The version, with the commit that it was built from where that is known.
    static var text: String {
        let commit = String(cString: trail403_commit())
        return commit.isEmpty ? number : "\(number) (\(commit))"
    }
}
