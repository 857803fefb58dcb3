"""What Discord's own client would not let a person do; nothing is sent to the bot then."""

from dataclasses import dataclass


class ClientRefused(Exception):
    """The message says what is wrong, as the client would show it at the option."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that a person attaches, when it is not on disk."""

    filename: str
    data: bytes
