package import RecordedCalls
import RecordedChanges
import Synchronization
import TrailStore

/// The requests of a group, read from their records when somebody asks for them.
package final class ObservedRequests: Sendable {
    private let group: DenialGroup
    private let principal: PrincipalName
    private let built = Mutex<Built?>(nil)

    /// What was read.
    struct Built: Sendable {
        /// What was refused.
        package var denied: DeniedRequests
        /// What was allowed next to it.
        package var succeeded: [SucceededRequest]
        /// In what they differ; `nil` where there is none of either.
        package var comparison: RequestComparison?
    }

    init(_ group: DenialGroup, refused principal: PrincipalName) {
        self.group = group
        self.principal = principal
    }

    private var all: Built {
        built.withLock { built in
            if let built { return built }
            let denied = DeniedRequests(group, refused: principal)
            let succeeded = SucceededRequest.all(of: group, denied)
            let all = Built(
                denied: denied, succeeded: succeeded, comparison: Self.comparison(denied, succeeded))
            built = all
            return all
        }
    }

    package static func comparison(_ denied: DeniedRequests, _ succeeded: [SucceededRequest]) -> RequestComparison? {
        // Those on the same thing tell more than those on something else.
        let near = succeeded.filter(\.isOnRefusedResource)
        return RequestComparison(
            refused: denied.all.map(\.observed), areAll: denied.further == 0,
            allowed: (near.isEmpty ? succeeded : near).map(\.observed))
    }

    /// The requests that were refused.
    package var denied: DeniedRequests { all.denied }
    /// The requests that were allowed next to them.
    package var succeeded: [SucceededRequest] { all.succeeded }
    /// In what they differ; `nil` where there is none of either.
    package var comparison: RequestComparison? { group.successes.isEmpty ? nil : all.comparison }
}
