import Foundation

/// Whether the tests, and the program beside them, are built with a sanitizer: it has memory and address space of its own, so that
/// neither tells of the program's.
public let isSanitized = (["__asan_init", "__tsan_init"] as [String]).contains { dlsym(nil, $0) != nil }
