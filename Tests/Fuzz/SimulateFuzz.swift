import OrderedJSON

// Fuzz target of `simulate`: any text as a request; see Scripts/fuzz. It is compiled into one module with IAMPolicy.

/// Called by libFuzzer with each input; traps where the simulation breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let json: JSONValue
    do {
        json = try JSONValue(parsing: text)
    } catch {
        return 0
    }
    do {
        let request = try SimulationRequest(json)
        let result = request.result()
        let decision = result["decision"]?.stringValue
        let missing = (result["missingKeys"]?.elements.count ?? 0) + (result["missingPolicies"]?.elements.count ?? 0)
        switch decision {
        case "allowed": precondition(result["refusedBy"]?.elements.isEmpty == true, "allowed, and refused")
        case "explicitlyDenied", "implicitlyDenied":
            precondition(result["refusedBy"]?.elements.isEmpty == false, "refused by nobody")
        case "undetermined": precondition(missing > 0, "nothing is missing")
        default: preconditionFailure("no decision")
        }
        // The answer is JSON, and the same again.
        let written = result.prettyText()
        precondition(request.result().prettyText() == written, "another answer")
        do {
            _ = try JSONValue(parsing: written)
        } catch {
            preconditionFailure("the answer is no JSON")
        }
    } catch {}
    return 0
}
