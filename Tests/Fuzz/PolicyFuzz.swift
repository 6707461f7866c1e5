import OrderedJSON

// Fuzz target of the policy reader: documents as JSON, as URL-encoded text, and their evaluation; see Scripts/fuzz. It is compiled
// into one module with IAMPolicy.

private let requests: [AuthorizationRequest] = {
    var context = RequestContext()
    context.set("aws:username", "Ann")
    context.set("aws:SourceIp", "203.0.113.7")
    context.set("aws:TagKeys", values: ["a", "b"])
    context.set("aws:CurrentTime", "2026-07-01T00:00:00Z")
    context.setUnknown("aws:ResourceTag/*")
    return ["arn:aws:s3:::b/Ann/x", "*"].compactMap { resource in
        RequestPrincipal("arn:aws:iam::111122223333:user/Ann").flatMap { principal in
            AuthorizationRequest(
                principal: principal, action: "s3:GetObject", resource: resource, resourceAccount: "111122223333",
                context: context)
        }
    }
}()

/// Called by libFuzzer with each input; traps where the reader breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do throws(PolicyError) {
        let document = try PolicyDocument(json: text)
        // What was read is written as a document that reads the same.
        let again: PolicyDocument
        do {
            again = try PolicyDocument(json: document.text)
        } catch {
            preconditionFailure("a written document cannot be read: \(error)")
        }
        precondition(again == document, "a written document reads otherwise")
    } catch {}
    for type in PolicyType.allCases {
        do throws(PolicyError) {
            let policy = try Policy(name: "fuzz", json: text, as: type)
            var set = PolicySet()
            switch type {
            case .identityBased: set.identity = .init([policy])
            case .permissionsBoundary: set.boundary = .init([policy])
            case .session: set.session = .init([policy])
            case .resourceBased, .roleTrust: set.resource = .init([policy])
            case .vpcEndpoint: set.endpoint = .init([policy])
            case .serviceControl: set.serviceControl = .init([.init(id: "r-1", [policy])])
            case .resourceControl: set.resourceControl = .init([.init(id: "r-1", [policy])])
            }
            let evaluator = Evaluator(set)
            for request in requests {
                let evaluation = evaluator.evaluation(of: request)
                let quick = evaluator.decision(on: request)
                precondition(
                    evaluation.decision == quick || quick == .undetermined,
                    "with its reasons the decision is another one")
                _ = evaluation.json.prettyText()
            }
        } catch {}
    }
    return 0
}
