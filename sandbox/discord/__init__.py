"""A local Discord over loopback: REST v10, gateway and CDN, strict as the real one, for any bot to connect to."""

from .clock import Clock
from .intents import PRIVILEGED
from .model import Attachment, Channel, Guild, Member, Message, User
from .people import Invocation, LocalFile, Persona, Refused
from .permissions import Permission
from .record import MessageFact, Record, RequestEntry
from .server import DEFAULT_TOKEN, DiscordSandbox
from .switches import Fault
from .world import World

__all__ = [
    "DEFAULT_TOKEN",
    "PRIVILEGED",
    "Attachment",
    "Channel",
    "Clock",
    "DiscordSandbox",
    "Fault",
    "Guild",
    "Invocation",
    "LocalFile",
    "Member",
    "Message",
    "MessageFact",
    "Permission",
    "Persona",
    "Record",
    "Refused",
    "RequestEntry",
    "User",
    "World",
]
