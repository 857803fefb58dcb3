"""Compiled catalogues beside their sources, as Python keeps compiled modules.

Reading and checking all languages takes a fifth of a second, which every start would pay. A compiled catalogue is kept
only of one without faults. It counts only while nothing has changed that was compared then: the catalogue, the template
and the rules. So the rule that a language is offered as a whole or not at all holds for it, too.
"""

import hashlib
import logging
import os
from contextlib import suppress
from pathlib import Path

import babel

log = logging.getLogger(__name__)

FOLDER = ".compiled"
"""The folder beside the catalogues. It may be deleted at any time."""
_RULES = ("checking.py", "speaking.py", "catalogues.py")
"""The files beside this one that decide what is a fault."""
_DIGEST_BYTES = hashlib.sha256().digest_size


def fingerprint(catalogue: Path, template: Path) -> bytes:
    """Return a digest of everything that decides whether a catalogue has faults, and what it says.

    Raises OSError if a file cannot be read.
    """
    rules = [Path(__file__).with_name(name) for name in _RULES]
    parts = [babel.__version__.encode(), catalogue.name.encode()]
    parts += [path.read_bytes() for path in (template, catalogue, *rules)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def load(catalogue: Path, made_from: bytes) -> bytes | None:
    """Return the compiled form of a catalogue; None where there is none that was made from the same.

    `made_from` is the fingerprint of now. The file begins with a digest of that and of itself: a file that is broken
    or cut off counts as none.
    """
    try:
        content = _place_of(catalogue).read_bytes()
    except OSError:
        return None
    digest, compiled = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return compiled if digest == _digest(made_from, compiled) else None


def keep(catalogue: Path, made_from: bytes, compiled: bytes) -> None:
    """Keep the compiled form for the next start.

    A folder that cannot be written is no fault: the next start compiles again.
    """
    place = _place_of(catalogue)
    partial = place.with_suffix(f".{os.getpid()}.part")
    try:
        place.parent.mkdir(exist_ok=True)
        partial.write_bytes(_digest(made_from, compiled) + compiled)
        partial.replace(place)
    except OSError as error:
        log.debug("%s is not kept: %s", place, error, extra={"action": "compile"})
        with suppress(OSError):
            partial.unlink()


def _place_of(catalogue: Path) -> Path:
    return catalogue.parent / FOLDER / f"{catalogue.stem}.mo"


def _digest(made_from: bytes, compiled: bytes) -> bytes:
    return hashlib.sha256(made_from + compiled).digest()
