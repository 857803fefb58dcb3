"""Run the bot armed with a failpoint: `python -m sandbox.crash_at submit.after_post:2 worker`.

The first argument names a point of `bot.engine.failpoints`. With `:N` the process dies when the bot reaches the point
for the Nth time. All further arguments are those of `python -m bot`. Exit status 2 tells an unknown point.
"""

import sys

from bot.__main__ import main
from bot.engine import failpoints

EXIT_USAGE = 2
"""Exit status for a command line that cannot be understood, as argparse has it."""


def run(arguments: list[str]) -> int:
    """Arm the point that the first argument names, run the bot with the others, and return the exit status."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return EXIT_USAGE
    try:
        failpoints.arm(arguments[0])
    except ValueError as unknown:
        print(unknown, file=sys.stderr)
        return EXIT_USAGE
    return main(arguments[1:])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
