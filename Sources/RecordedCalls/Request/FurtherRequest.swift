import IAMPolicy

/// Another request that a call makes beside the one that it is named after.
package struct FurtherRequest: Sendable {
    /// Why the call makes it.
    package let row: CompoundCall
    /// The request.
    package let observed: ObservedRequest
}

extension ObservedRequest {
    /// The other requests that its call makes.
    ///
    /// - Parameter principal: whose policies AWS evaluated where that is another one than the caller.
    package func further(principal other: String? = nil) -> [FurtherRequest] {
        let partition = ARN(principal.arn)?.partition ?? "aws"
        let same = isResourceTold ? resource : nil
        return CompoundCall.rows(of: call).compactMap { row in
            guard row.action.lowercased() != action.lowercased() else { return nil }
            let resource = row.resource(call, same: same, partition: partition) ?? ""
            let observed = ObservedRequest(
                call, eventID: eventID, eventTime: eventTime, calls: calls, action: row.action, resource: resource,
                principal: other)
            return observed.map { FurtherRequest(row: row, observed: $0) }
        }
    }
}
