"""Whom a message mentions, as far as its `allowed_mentions` permits."""

import re
from dataclasses import dataclass, field

from sandbox.discord.model import Message, User
from sandbox.discord.walk import displayed_texts
from sandbox.discord.world import World

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
EVERYONE_MENTION = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The users and roles that a message notifies, and whether it notifies everyone."""

    users: list[User] = field(default_factory=list)
    role_ids: list[int] = field(default_factory=list)
    everyone: bool = False


def mentions(message: Message, world: World) -> Mentions:
    """Read the mentions from the content and from every text that components display."""
    allowed = message.allowed_mentions
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    named_users = {int(user_id) for user_id in (allowed or {}).get("users") or ()}
    named_roles = {int(role_id) for role_id in (allowed or {}).get("roles") or ()}
    text = "\n".join([message.content, *displayed_texts(message.components)])

    user_ids = list(dict.fromkeys(int(found) for found in USER_MENTION.findall(text)))
    users = [world.users[i] for i in user_ids if i in world.users and ("users" in parse or i in named_users)]
    replied_to = _replied_to(message, world)
    if replied_to and replied_to not in users and (allowed is None or allowed.get("replied_user")):
        users.append(replied_to)
    role_ids = dict.fromkeys(int(found) for found in ROLE_MENTION.findall(text))
    return Mentions(
        users=users,
        role_ids=[role_id for role_id in role_ids if "roles" in parse or role_id in named_roles],
        everyone="everyone" in parse and bool(EVERYONE_MENTION.search(text)),
    )


def _replied_to(message: Message, world: World) -> User | None:
    if message.reference is None or message.snapshot is not None:
        return None
    channel = world.channels.get(int(message.reference["channel_id"]))
    original = channel.messages.get(int(message.reference["message_id"])) if channel else None
    return original.author if original else None
