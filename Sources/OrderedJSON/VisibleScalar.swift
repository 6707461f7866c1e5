extension Unicode.Scalar {
    /// Whether the scalar may reach a screen as it is: no control, format, separator, surrogate, private or unassigned one,
    /// and none that Unicode lets a renderer ignore (bidirectional marks, zero-width blanks, variation selectors, tags).
    package var isShownAsItself: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: return !properties.isDefaultIgnorableCodePoint && value != 0x2800  // the empty braille pattern
        }
    }
}
