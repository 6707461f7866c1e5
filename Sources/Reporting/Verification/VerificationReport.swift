package import CloudTrail
import Diagnosis
import OrderedJSON
import Wording

/// What `trail403 verify` tells: the verdict first, then what is wrong, then what was looked at.
public struct VerificationReport: Sendable {
    /// The version of the JSON form.
    public static let schemaVersion = 1
    /// Files and digests that the text names one by one; the rest are counted.
    private static let limit = 50

    private let verification: Verification
    private let listsAll: Bool

    /// A report of a verification.
    ///
    /// - Parameter listsAll: whether files that are as they were delivered are listed as well.
    package init(_ verification: Verification, listsAll: Bool) {
        self.verification = verification
        self.listsAll = listsAll
    }

    // MARK: - Text

    /// Lines for people.
    public func text() -> String {
        var lines = [verdict]
        lines += limits
        lines += wrongs
        lines += uncovered
        lines += chains
        lines += keys
        lines += verification.notes.map { "Note: \($0)" }
        return lines.map { VisibleText.visible($0) + "\n" }.joined()
    }

    private var hasKeys: Bool { !verification.keys.isEmpty }

    private var verdict: String {
        let files = verification.files
        let (valid, consistent) = (verification.count(.valid), verification.count(Verification.FileState.consistent))
        guard !files.isEmpty || !verification.chains.isEmpty else {
            return "There is no log file and no digest to verify."
        }
        var parts: [String] = []
        if files.isEmpty {
            parts.append("there are no log files")
        } else if valid > 0 || hasKeys {
            parts.append(
                "\(valid.grouped) of \(files.count.of("log file", "log files")) proven unchanged since delivery")
            if consistent > 0 {
                parts.append(
                    "\(consistent.grouped) \(consistent == 1 ? "is" : "are") consistent with digests that are not proven"
                )
            }
        } else {
            parts.append(
                "\(consistent.grouped) of \(files.count.of("log file", "log files")) consistent with the digests, none proven: no key was given"
            )
        }
        func add(_ state: Verification.FileState, _ one: String, _ many: String) {
            let count = verification.count(state)
            if count > 0 { parts.append("\(count.grouped) \(count == 1 ? one : many)") }
        }
        add(.invalid, "was changed", "were changed")
        add(.missing, "is missing", "are missing")
        add(.unlisted, "is named by no digest", "are named by no digest")
        let digests = verification.count(Verification.DigestState.invalid)
        if digests > 0 { parts.append("\(digests.of("digest is", "digests are")) INVALID") }
        let missing = verification.count(Verification.DigestState.missing)
        if missing > 0 { parts.append("\(missing.of("digest is", "digests are")) missing") }
        parts += VerificationGaps(verification).parts
        return "\(verification.verdict.rawValue.capitalizedFirst): \(parts.joined(separator: "; "))."
    }

    /// What the verdict does not show.
    private var limits: [String] {
        if verification.chains.isEmpty, !verification.files.isEmpty {
            return ["There are no digests here: copy the folders `CloudTrail-Digest` of the same bucket as well."]
        }
        if !hasKeys {
            return [
                "Without keys this shows accidental damage, and changes by somebody who did not rebuild the digests. Anybody can rebuild them: give the keys with --keys (Scripts/fetch-digest-keys prints the calls)."
            ]
        }
        if verification.keys.contains(where: { $0.isUsed && $0.isBeside }) {
            return [
                "The keys lie beside the archive: against somebody who could write there this shows no more than no keys. Compare the fingerprints with `aws cloudtrail list-public-keys`."
            ]
        }
        return []
    }

    private var wrongs: [String] {
        var lines: [String] = []
        let wrongDigests = (verification.chains.flatMap(\.digests) + verification.looseDigests).filter {
            $0.state == .invalid || $0.state == .missing
        }
        lines += wrongDigests.prefix(Self.limit).map { "Digest \(Self.word($0.state)): \($0.path)\(reason($0.reason))" }
        lines += rest(wrongDigests.count, "digests")
        let order: [Verification.FileState] = [.invalid, .missing, .consistent, .unlisted, .valid]
        for state in order {
            let files = verification.files.filter {
                $0.state == state && (state != .valid || listsAll || $0.reason != nil) && (listsAll || !isOutside($0))
            }
            let shown = listsAll ? files[...] : files.prefix(Self.limit)
            lines += shown.map { "Log file \(Self.word($0.state)): \($0.path.displayName)\(reason($0.reason))" }
            if !listsAll { lines += rest(files.count, "log files (--list shows every one)") }
        }
        let named = listsAll ? verification.onlyNamed[...] : verification.onlyNamed.prefix(Self.limit)
        lines += named.map { "Log file not here: \($0.path.displayName)\(reason($0.reason))" }
        if !listsAll { lines += rest(verification.onlyNamed.count, "log files (--list shows every one)") }
        return lines
    }

    /// Whether a file lies where no digest reaches: such are counted by place.
    private func isOutside(_ file: Verification.FileResult) -> Bool { file.state == .unlisted && file.isOutside }

    private var uncovered: [String] {
        var counts: [String: Int] = [:]
        for file in verification.files where isOutside(file) && !listsAll {
            counts["\(file.place): \(file.reason ?? "")", default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map {
            "Unlisted: \($0.value.of("log file", "log files")) of \($0.key)"
        }
            + verification.uncovered.map { "No digests: account \($0.account), \($0.region)" }
    }

    private var chains: [String] {
        let gaps = VerificationGaps(verification)
        return verification.chains.flatMap { chain -> [String] in
            let name = chain.name
            let kind = name.isBackfill ? " (backfill)" : ""
            let states = Verification.DigestState.allCases.compactMap { state -> String? in
                let count = chain.digests.filter { $0.state == state }.count
                return count > 0 ? "\(count.grouped) \(Self.word(state))" : nil
            }
            var lines = [
                "Chain: account \(name.account), \(name.region), trail \(name.trail)\(kind): \(Self.time(chain.from)) to \(Self.time(chain.to)), digests \(states.isEmpty ? "none" : states.joined(separator: ", ")), naming \(chain.logFiles.of("log file", "log files"))"
            ]
            if let newest = chain.digests.last, newest.isNewest, newest.state == .unproven, hasKeys {
                lines.append(
                    "  its newest digest is not proven: no digest follows it, so give its signature with --signatures")
            }
            if let earlier = chain.earlier { lines.append("  it begins before: `\(displayName(earlier))` is not here") }
            for hole in chain.holes {
                let why =
                    (hole.explanation.map { explained($0, chain) }
                        ?? (hole.isBroken ? "digests were deleted or not copied" : "nothing here explains it"))
                    + (hole.also.map { "; also \(explained($0, chain))" } ?? "")
                lines.append("  no digests from \(Self.time(hole.from)) to \(Self.time(hole.to)): \(why)")
            }
            if let early = chain.endsEarlyBy {
                let why = chain.endExplanation.map { explained($0, chain) } ?? "nothing here explains it"
                lines.append("  it ends \(Self.duration(early)) before the others: \(why)")
            }
            if let time = gaps.emptyTime(of: chain) {
                lines.append(
                    "  nothing was delivered from \(Self.time(time.from)) to \(Self.time(time.to)), say its digests")
            }
            return lines
        }
    }

    private func explained(_ explanation: Verification.Explanation, _ chain: Verification.Chain) -> String {
        let change = explanation.change
        let owner = change.account == chain.name.account ? "" : " to the trail of account \(change.account)"
        let doubt =
            switch explanation.witness {
            case .valid: ""
            case .invalid: ", says a log file whose content was changed"
            default: ", says a log file that is not proven"
            }
        return "\(change.eventName) by \(change.actor) at \(Self.time(change.time))\(owner)\(doubt)"
    }

    private var keys: [String] {
        var lines = verification.keys.filter { $0.isUsed || verification.keys.count <= 20 }.map {
            "Key \($0.fingerprint): \($0.file)\($0.isBeside ? ", which lies beside the archive" : "")\($0.isUsed ? "" : ", not used")"
        }
        lines += verification.missingKeys.prefix(Self.limit).map { "No key: \($0)" }
        return lines
    }

    private func rest(_ count: Int, _ what: String) -> [String] {
        count > Self.limit ? ["and \((count - Self.limit).grouped) more \(what)"] : []
    }

    private func reason(_ reason: String?) -> String { reason.map { ": \($0)" } ?? "" }

    private static func word(_ state: Verification.DigestState) -> String {
        state == .invalid ? "INVALID" : state.rawValue
    }

    private static func word(_ state: Verification.FileState) -> String {
        state == .invalid ? "INVALID" : state.rawValue
    }

    private static func time(_ seconds: Int64) -> String { Verification.time(seconds) }

    private static func duration(_ seconds: Int64) -> String {
        seconds >= 172_800 ? "\(seconds / 86_400) days" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }

    // MARK: - JSON

    /// The same as JSON; a contract.
    public func json() -> String {
        func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
        func change(_ explanation: Verification.Explanation?) -> JSONValue {
            guard let change = explanation?.change else { return .null }
            return .members(
                ("eventName", .string(change.eventName)), ("eventTime", .string(Self.time(change.time))),
                ("actor", .string(change.actor)), ("path", .string(change.path)),
                ("logFileState", optional(explanation?.witness?.rawValue)))
        }
        func digest(_ digest: Verification.DigestResult) -> JSONValue {
            .members(
                ("path", .string(digest.path)), ("state", .string(digest.state.rawValue)),
                ("reason", optional(digest.reason)))
        }
        let files = verification.files.filter { listsAll || $0.state != .valid || $0.reason != nil }
        return JSONValue.members(
            ("schemaVersion", .integer(Self.schemaVersion)), ("verdict", .string(verification.verdict.rawValue)),
            (
                "logFiles",
                .object(
                    Verification.FileState.allCases.map { .init($0.rawValue, .integer(verification.count($0))) })
            ),
            (
                "digests",
                .object(
                    Verification.DigestState.allCases.map { .init($0.rawValue, .integer(verification.count($0))) })
            ),
            (
                "chains",
                .array(
                    verification.chains.map { chain in
                        .members(
                            ("account", .string(chain.name.account)), ("region", .string(chain.name.region)),
                            ("trail", .string(chain.name.trail)), ("homeRegion", .string(chain.name.homeRegion)),
                            ("backfill", .bool(chain.name.isBackfill)),
                            (
                                "organization",
                                chain.name.organization.isEmpty ? .null : .string(chain.name.organization)
                            ),
                            ("from", .string(Self.time(chain.from))), ("to", .string(Self.time(chain.to))),
                            ("logFiles", .integer(chain.logFiles)), ("digests", .array(chain.digests.map(digest))),
                            (
                                "holes",
                                .array(
                                    chain.holes.map {
                                        .members(
                                            ("from", .string(Self.time($0.from))), ("to", .string(Self.time($0.to))),
                                            ("digestsMissing", .bool($0.isBroken)),
                                            ("explainedBy", change($0.explanation)), ("also", change($0.also)))
                                    })
                            ), ("earlier", optional(chain.earlier)), ("endsEarly", .bool(chain.endsEarlyBy != nil)),
                            ("endExplainedBy", change(chain.endExplanation)))
                    })
            ), ("otherDigests", .array(verification.looseDigests.map(digest))),
            (
                "files",
                .array(
                    files.map {
                        .members(
                            ("path", .string($0.path.displayName)), ("state", .string($0.state.rawValue)),
                            ("reason", optional($0.reason)), ("digest", optional($0.digest)))
                    })
            ),
            (
                "onlyNamed",
                .array(
                    verification.onlyNamed.map {
                        .members(
                            ("path", .string($0.path.displayName)), ("reason", optional($0.reason)),
                            ("digest", optional($0.digest)))
                    })
            ),
            (
                "uncovered",
                .array(
                    verification.uncovered.map {
                        .members(
                            ("account", .string($0.account)), ("region", .string($0.region)),
                            ("logFiles", .integer($0.logFiles)))
                    })
            ),
            (
                "keys",
                .array(
                    verification.keys.map {
                        .members(
                            ("fingerprint", .string($0.fingerprint)), ("source", .string($0.file)),
                            ("used", .bool($0.isUsed)), ("besideArchive", .bool($0.isBeside)))
                    })
            ), ("keysMissing", .array(verification.missingKeys.map(JSONValue.string))),
            ("notes", .array(verification.notes.map(JSONValue.string)))
        ).prettyText() + "\n"
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
