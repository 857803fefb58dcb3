"""`python -I bot/media/tool COMMAND ARGUMENTS…`: carry out one command on media files.

Each command is a module of this folder with a function `run`, and answers with one line of JSON. Exit status 1 comes
with a problem: `{"problem": "unreadable", "why": "…"}`. `bot/media/limited_process.py` starts this program.
"""

import importlib
import sys
from pathlib import Path

COMMANDS = ("facts", "fit", "frame", "join")


def main(arguments: list[str]) -> int:
    """Carry out the command line and return the exit status."""
    # Isolated mode takes the folder of the bot out of the path.
    sys.path[0] = str(Path(__file__).resolve().parents[3])
    from bot.media.tool.answers import answer_of  # noqa: PLC0415  # it can be found only now

    command = arguments[0] if arguments else ""
    if command not in COMMANDS:
        return 2
    return answer_of(importlib.import_module(f"bot.media.tool.{command}").run, arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
