/// The shapes by which a ``Redactor`` tells ids, addresses and AWS's own words apart; made once, because a regular expression is
/// compiled anew wherever its literal is evaluated.
struct RedactedShapes {
    let address = #/[0-9]{1,3}(?:\.[0-9]{1,3}){3}/#
    let address6 = #/[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}/#
    let uuid = #/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/#
    let principalID = #/A[A-Z]{3}[A-Z0-9]{12,}/#
    let resourceID = #/(vpce|vpc|subnet|i|sg|o|ou|r|p|eni|eipalloc|nat)-[0-9a-z-]{4,}/#
    let time = #/[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?/#
    let region = #/[a-z]{2}(?:-[a-z]{2,}){1,2}-[0-9]/#
    /// An action begins with a capital, a condition key of AWS's own need not.
    let action = #/(aws(?=:)|[a-z0-9-]+(?=:(?:[A-Z*]|$))):[A-Za-z0-9]*\*?/#
    let host = #/([a-z0-9-]+)\.amazonaws\.com/#
    let path = #/[A-Za-z0-9\/_-]+/#
    /// An event's name, an error code, a type of principal, an action, a reason, with the marks that stand in them.
    private let word = #/[A-Za-z][A-Za-z0-9]*(?:[.:_-][A-Za-z0-9]+)*\*?/#

    /// No word of AWS's is longer: `DisassociateTransitGatewayMulticastDomain…` and its like.
    private let longestWord = 100

    /// Whether a text may be a word of AWS's; account ids, keys and addresses never are.
    func isWord(_ text: String) -> Bool {
        text.utf8.count <= longestWord && text.wholeMatch(of: word) != nil && text.wholeMatch(of: principalID) == nil
            && text.wholeMatch(of: uuid) == nil && text.wholeMatch(of: resourceID) == nil
    }
}
