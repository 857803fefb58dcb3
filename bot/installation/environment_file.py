"""Reading and writing `.env`, the file of the settings. It holds secrets, so only its own user can read it."""

import io
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot.settings import SettingsProblem

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
"""Where a new file comes from, so that it explains each setting. An installed package does not have it."""


def read(path: Path) -> dict[str, str]:
    """Return what a file sets, as the bot reads it, without what is empty. A missing file sets nothing.

    Raises SettingsProblem for a file that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsProblem(f"{path} cannot be read: {error}") from error
    return _values(text)


def write(path: Path, values: Mapping[str, str]) -> None:
    """Set values in a file, and leave its other lines as they are. It is replaced whole or not at all.

    Raises SettingsProblem for a value that the file cannot hold, and for a file that cannot be written.
    """
    target = path.resolve()  # a link stays a link
    try:
        source = target if target.exists() else EXAMPLE
        text = source.read_text(encoding="utf-8") if source.exists() else ""
        for name, value in values.items():
            text = _with(text, name, value)
        read_back = _values(text)
        for name, value in values.items():
            if read_back.get(name, "") != value:
                raise SettingsProblem(f"{name} cannot stand in .env as it is: set it in the environment instead")
        handle, partial = tempfile.mkstemp(prefix=".env-", dir=target.parent)  # for its own user only
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(target)
    except OSError as error:
        raise SettingsProblem(f"{path} cannot be written: {error.strerror}") from error


def _values(text: str) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value}


def _with(text: str, name: str, value: str) -> str:
    """Return a text in which `name` is set once: in its first line, or at the end."""
    line = re.compile(rf"^[ \t]*(?:export[ \t]+)?{name}[ \t]*=.*\n?", re.MULTILINE)
    wanted = f"{name}={value}\n"
    found = line.search(text)
    if found is None:
        ending = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{ending}{wanted}" if value else text
    return text[: found.start()] + wanted + line.sub("", text[found.end() :])
