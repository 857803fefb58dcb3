"""A local Discord over loopback: REST v10, gateway and CDN, strict as the real one, for any bot to connect to."""

from sandbox.clock import Clock
from sandbox.discord.faults import RestFault
from sandbox.discord.intents import PRIVILEGED
from sandbox.discord.model import Attachment, Channel, Guild, Member, Message, User
from sandbox.discord.people import ClientRefused, Invocation, LocalFile, Persona
from sandbox.discord.permissions import Permission
from sandbox.discord.record import MessageFact, Record, RequestEntry
from sandbox.discord.server import DEFAULT_TOKEN, DiscordSandbox
from sandbox.discord.world import World

__all__ = [
    "DEFAULT_TOKEN",
    "PRIVILEGED",
    "Attachment",
    "Channel",
    "ClientRefused",
    "Clock",
    "DiscordSandbox",
    "Guild",
    "Invocation",
    "LocalFile",
    "Member",
    "Message",
    "MessageFact",
    "Permission",
    "Persona",
    "Record",
    "RequestEntry",
    "RestFault",
    "User",
    "World",
]
