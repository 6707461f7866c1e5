#if os(Linux)
    package import Foundation

    /// A new terminal: the end that a program writes to, and what it shows.
    package struct PseudoTerminal {
        /// A terminal cannot be made.
        package struct Unavailable: Error {}

        /// The program's end.
        package let end: FileHandle
        private let main: FileHandle

        /// A terminal of a size.
        package init(columns: UInt16, lines: UInt16) throws {
            main = FileHandle(fileDescriptor: open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), closeOnDealloc: true)
            // pty(7), ioctl_tty(2): unlock the terminal and ask for its number; Glibc's own functions are not imported.
            var (lock, number): (Int32, UInt32) = (0, 0)
            guard ioctl(main.fileDescriptor, 0x4004_5431, &lock) == 0,
                ioctl(main.fileDescriptor, 0x8004_5430, &number) == 0
            else { throw Unavailable() }
            end = FileHandle(fileDescriptor: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY), closeOnDealloc: true)
            var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            guard end.fileDescriptor >= 0, ioctl(end.fileDescriptor, UInt(TIOCSWINSZ), &size) == 0 else {
                throw Unavailable()
            }
        }

        /// Types keys.
        package func type(_ keys: String) throws { try main.write(contentsOf: Data(keys.utf8)) }

        /// What programs show from now on until a text is among it, or nothing more comes for some seconds.
        package func read(until text: String) -> String {
            var shown: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while !String(decoding: shown, as: UTF8.self).contains(text) {
                var state = pollfd(fd: main.fileDescriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&state, 1, 20_000) > 0 else { break }
                let count = Foundation.read(main.fileDescriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                shown += buffer[..<count]
            }
            return String(decoding: shown, as: UTF8.self)
        }

        /// What programs show until the last of them has closed its end; call it once they have theirs.
        package func readToEnd() throws -> String {
            try end.close()
            var shown: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Foundation.read(main.fileDescriptor, &buffer, buffer.count)
                // EIO: nobody has the other end any more.
                guard count > 0 else { return String(decoding: shown, as: UTF8.self) }
                shown += buffer[..<count]
            }
        }
    }
#endif
