/// Whether CloudTrail left the value of a parameter readable: it replaces what it takes for secret by asterisks or by a word that says so.
package func isReadable(_ value: String) -> Bool {
    !value.isEmpty && !value.hasPrefix("***") && !value.hasPrefix("HIDDEN_DUE_TO_")
}
