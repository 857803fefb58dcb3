"""Questions on a terminal. They need nothing but lines, so they work over SSH and in every window."""

import getpass
import sys

SECRET_SHOWN = 4
"""Characters of a secret's end that are shown, so that one knows which it is."""


def ask(question: str, default: str) -> str:
    """Return the answer: the default for an empty line, and nothing for a dash."""
    answer = input(f"  {question} [{default}]: " if default else f"  {question}: ").strip() or default
    return "" if answer == "-" else answer


def ask_secret(question: str, default: str) -> str:
    """Return the answer, which is not shown while it is typed, or the default for an empty line."""
    known = f" [keep ...{default[-SECRET_SHOWN:]}]" if default else ""
    return getpass.getpass(f"  {question} (not shown){known}: ").strip() or default


def agrees(question: str) -> bool:
    """Ask a question that is answered with no unless somebody types yes."""
    return input(f"  {question} [y/N]: ").strip().casefold() in ("y", "yes")


def say(*lines: str) -> None:
    """Write lines, also where the terminal cannot show all characters."""
    encoding = sys.stdout.encoding or "ascii"
    for line in lines:
        print(line.encode(encoding, "replace").decode(encoding), flush=True)
