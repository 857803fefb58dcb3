"""People who use the sandbox: what Discord's own client lets them do, and what it makes of it for the bot."""

from .invocation import Invocation
from .persona import Persona
from .refusal import LocalFile, Refused

__all__ = ["Invocation", "LocalFile", "Persona", "Refused"]
