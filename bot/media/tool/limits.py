"""What the tool may take of the machine, and that it ends with the process that started it."""

import os
import resource
import sys
import threading

MEMORY_BYTES_MAX = 2 * 1024**3
CPU_SECONDS_MAX = 600


def limit_resources(file_bytes: int, cpu_seconds: int = CPU_SECONDS_MAX) -> None:
    """Let this process take no more than it needs, let the bot's own work go first, and end with the bot.

    `file_bytes` is the largest size of a file that it may write.
    """
    os.nice(10)
    wanted = {
        resource.RLIMIT_AS: MEMORY_BYTES_MAX,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    if not sys.stdin.isatty():
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when its standard input ends: the bot holds the other end, also when it is killed."""
    while os.read(0, 4096):
        pass
    os._exit(3)
