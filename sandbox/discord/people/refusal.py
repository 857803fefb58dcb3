"""What Discord's own client would not let a person do. Nothing is sent to the bot then."""

from dataclasses import dataclass


class ClientRefused(Exception):
    """The client refuses. The message says what is wrong, as the client would show it at the option."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that a person attaches, and that is not on disk."""

    filename: str
    data: bytes
