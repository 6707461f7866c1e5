import Foundation
import Synchronization

/// The functions of libedit or GNU readline that a prompt needs, looked up when the program runs: it needs neither to start.
///
/// Both have the interface of https://tiswww.case.edu/php/chet/readline/readline.html ("Alternate Interface"); libedit is asked
/// for first.
struct EditingLibrary: @unchecked Sendable {
    typealias LineHandler = @convention(c) (UnsafeMutablePointer<CChar>?) -> Void
    typealias Completion = @convention(c) (UnsafePointer<CChar>?, Int32) -> UnsafeMutablePointer<CChar>?

    let installHandler: @convention(c) (UnsafePointer<CChar>?, LineHandler?) -> Void
    let readCharacter: @convention(c) () -> Void
    let removeHandler: @convention(c) () -> Void
    let beginHistory: @convention(c) () -> Void
    let addHistory: @convention(c) (UnsafePointer<CChar>?) -> Void
    let limitHistory: @convention(c) (Int32) -> Void
    let readHistory: @convention(c) (UnsafePointer<CChar>?) -> Int32
    let writeHistory: @convention(c) (UnsafePointer<CChar>?) -> Int32
    private let completion: UnsafeMutableRawPointer?
    private let wordBreaks: UnsafeMutableRawPointer?

    /// The library; `nil` where the system has none, or where the program is linked statically: a second C library would come
    /// with it.
    static let shared: EditingLibrary? = isLinkedDynamically() ? names.lazy.compactMap(EditingLibrary.init).first : nil

    #if canImport(Darwin)
        private static let names = ["/usr/lib/libedit.3.dylib", "libreadline.8.dylib"]
    #else
        private static let names = ["libedit.so.2", "libedit.so.0", "libreadline.so.8", "libreadline.so.7"]
    #endif

    private init?(_ name: String) {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
        func function<T>(_ name: String, as type: T.Type) -> T? {
            // SAFETY: the types are those of the library's own header.
            dlsym(library, name).map { unsafeBitCast($0, to: type) }
        }
        typealias Action = @convention(c) () -> Void
        typealias FileAction = @convention(c) (UnsafePointer<CChar>?) -> Int32
        guard
            let installHandler = function(
                "rl_callback_handler_install", as: (@convention(c) (UnsafePointer<CChar>?, LineHandler?) -> Void).self),
            let readCharacter = function("rl_callback_read_char", as: Action.self),
            let removeHandler = function("rl_callback_handler_remove", as: Action.self),
            let beginHistory = function("using_history", as: Action.self),
            let addHistory = function("add_history", as: (@convention(c) (UnsafePointer<CChar>?) -> Void).self),
            let limitHistory = function("stifle_history", as: (@convention(c) (Int32) -> Void).self),
            let readHistory = function("read_history", as: FileAction.self),
            let writeHistory = function("write_history", as: FileAction.self)
        else { return nil }
        self.installHandler = installHandler
        self.readCharacter = readCharacter
        self.removeHandler = removeHandler
        self.beginHistory = beginHistory
        self.addHistory = addHistory
        self.limitHistory = limitHistory
        self.readHistory = readHistory
        self.writeHistory = writeHistory
        completion = dlsym(library, "rl_completion_entry_function")
        wordBreaks = dlsym(library, "rl_basic_word_break_characters")
        // Signals stay ours.
        dlsym(library, "rl_catch_signals")?.assumingMemoryBound(to: Int32.self).pointee = 0
    }

    /// Lets Tab complete words by a function that is asked for one after the other.
    func complete(by function: Completion) {
        completion?.assumingMemoryBound(to: Completion?.self).pointee = function
        wordBreaks?.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self).pointee = strdup(
            " \t\n\"'`<>=|&(){},;+-*/")
    }

    /// Whether the system's loader has loaded this program, so that it can load more.
    private static func isLinkedDynamically() -> Bool {
        #if os(Linux)
            // A statically linked program maps no loader. The file has no size to go by: it is read to its end.
            guard let maps = FileHandle(forReadingAtPath: "/proc/self/maps") else { return false }
            return String(decoding: maps.readDataToEndOfFile(), as: UTF8.self).contains("/ld-")
        #else
            return true
        #endif
    }
}

/// What the library's handlers, which are C functions without a context, hand over.
private struct EditingState {
    var line: TypedLine?
    var words: [String] = []
    var matches: [String] = []
}

private let state = Mutex(EditingState())

/// Lines that are edited with the arrow keys, called back from the history, and completed by Tab.
struct EditedLineReader: LineReader {
    private let library: EditingLibrary
    private let historyFile: String?

    /// Lines that the history keeps.
    private static let historyLimit: Int32 = 1_000

    /// - Parameters:
    ///   - words: what Tab completes.
    ///   - historyFile: where lines are kept from one run to the next; `nil` for nowhere.
    init(_ library: EditingLibrary, completing words: [String], historyFile: String?) {
        self.library = library
        self.historyFile = historyFile
        library.beginHistory()
        library.limitHistory(Self.historyLimit)
        if let historyFile { _ = library.readHistory(historyFile) }
        state.withLock { $0.words = words.sorted() }
        library.complete { text, index in
            let typed = text.map { String(cString: $0).lowercased() } ?? ""
            let match = state.withLock { state -> String? in
                if index == 0 { state.matches = state.words.filter { $0.lowercased().hasPrefix(typed) } }
                return state.matches.indices.contains(Int(index)) ? state.matches[Int(index)] : nil
            }
            // The library frees it.
            return match.flatMap { strdup($0) }
        }
    }

    mutating func read(_ prompt: String) -> TypedLine {
        state.withLock { $0.line = nil }
        library.installHandler(prompt) { text in
            let line: TypedLine = text.map { .line(String(cString: $0)) } ?? .end
            free(text)
            state.withLock { $0.line = line }
            // Else the library would prompt again at once.
            EditingLibrary.shared?.removeHandler()
        }
        while true {
            guard waitForInput() else {
                Signals.forget()
                library.removeHandler()
                Output.errorText("\n")
                return .cleared
            }
            library.readCharacter()
            if let line = state.withLock({ $0.line }) {
                if case .end = line { Output.errorText("\n") }
                return line
            }
        }
    }

    mutating func remember(_ line: String) {
        guard !line.trimmingCharacters(in: .whitespaces).isEmpty else { return }
        library.addHistory(line)
        guard let historyFile else { return }
        // Queries name people and resources: the file is the user's alone.
        let mask = umask(0o077)
        _ = library.writeHistory(historyFile)
        umask(mask)
    }
}
