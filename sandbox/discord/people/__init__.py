"""People who use the sandbox: what Discord's own client lets them do, and what it makes of it for the bot."""

from sandbox.discord.people.invocation import Invocation
from sandbox.discord.people.persona import Persona
from sandbox.discord.people.refusal import ClientRefused, LocalFile

__all__ = ["ClientRefused", "Invocation", "LocalFile", "Persona"]
