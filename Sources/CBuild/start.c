#ifdef __linux__
#include <string.h>
#include <unistd.h>

// Swift's runtime finds itself and the command line by way of /proc, and without it ends the process with a riddle, or takes the
// command line for an empty one. So this runs before all that, and says what is missing.
__attribute__((constructor(101))) static void require_proc(void) {
  static const char message[] = "trail403: /proc is not mounted, and nothing runs without it: "
                                "mount it (for a chroot: mount -t proc proc ROOT/proc)\n";
  if (access("/proc/self/cmdline", R_OK) == 0) return;
  if (write(STDERR_FILENO, message, strlen(message)) < 0) _exit(1);
  _exit(1);
}
#endif
