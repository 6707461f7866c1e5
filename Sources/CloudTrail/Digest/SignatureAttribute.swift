internal import CZlib

/// The signature in a file's extended attribute `user.signature`, where `rclone copy --metadata` keeps it; `nil` where there is none.
package func signature(beside path: LogFilePath) -> String? {
    let name: [CChar]
    do throws(SystemError) {
        name = try path.terminated()
    } catch {
        return nil
    }
    var value = [UInt8](repeating: 0, count: 4096)
    // SAFETY: the path ends with a NUL; the call writes no more than the array's own bytes.
    let count = unsafe value.withUnsafeMutableBytes { buffer in
        #if canImport(Darwin)
            unsafe getxattr(name, "user.signature", buffer.baseAddress, buffer.count, 0, 0)
        #else
            unsafe getxattr(name, "user.signature", buffer.baseAddress, buffer.count)
        #endif
    }
    guard count > 0 else { return nil }
    return String(decoding: value[..<count], as: UTF8.self)
}
