"""What exists in the sandbox: users, guilds, channels, messages. Plain data; the rules live elsewhere."""

import copy
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

Json = dict[str, Any]


class ChannelType(IntEnum):
    """Discord's channel types that the sandbox knows."""

    TEXT = 0
    DM = 1
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


THREAD_TYPES = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)


class MessageFlag:
    """Discord's message flags that the sandbox gives meaning to."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    HAS_SNAPSHOT = 1 << 14
    COMPONENTS_V2 = 1 << 15


class MessageType(IntEnum):
    """Discord's message types that the sandbox knows."""

    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class ReferenceType(IntEnum):
    """Discord's types of references to a message: a reply, or a forward."""

    DEFAULT = 0
    FORWARD = 1


@dataclass(slots=True)
class User:
    """A person or a bot, apart from any guild."""

    id: int
    name: str
    display_name: str
    bot: bool = False
    locale: str = "en-US"


@dataclass(slots=True)
class Role:
    """A role of one guild. `permissions` are bits, `color` is 0xRRGGBB (0: none)."""

    id: int
    name: str
    permissions: int
    position: int
    color: int = 0
    managed_by_bot: int | None = None


@dataclass(slots=True)
class Overwrite:
    """Allow and deny bits in one channel, for a role or for one member."""

    target_id: int
    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Member:
    """A user in one guild. `joined_at` is in seconds since the Unix epoch."""

    user: User
    role_ids: list[int]
    joined_at: float
    nick: str | None = None


@dataclass(slots=True)
class Guild:
    """A server. The role with the guild's own id is @everyone."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role]
    members: dict[int, Member] = field(default_factory=dict)
    premium_tier: int = 0
    upload_limit_bytes: int | None = None
    """Bytes of the largest file, if it was set by hand; None means what the boost tier allows."""
    locale: str = "en-US"


@dataclass(slots=True)
class Attachment:
    """A stored file. `folder_id` is the channel it was posted to, or the application for a command's attachment."""

    id: int
    folder_id: int
    filename: str
    size: int
    content_type: str
    path: Path
    ephemeral: bool = False
    description: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Message:
    """A message. Its times are in seconds since the Unix epoch."""

    id: int
    channel_id: int
    author: User
    created_at: float
    type: MessageType = MessageType.DEFAULT
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    tts: bool = False
    edited_at: float | None = None
    deleted_at: float | None = None
    nonce: str | None = None
    allowed_mentions: Json | None = None
    reference: Json | None = None
    interaction: Json | None = None
    """Discord's `interaction_metadata`: the interaction that the message answers."""
    application_id: int | None = None
    """The application that sent the message through an interaction's webhook; None for all other messages."""
    visible_to: int | None = None
    """The one user who sees an ephemeral message; None means everyone in the channel."""
    reactions: dict[str, list[int]] = field(default_factory=dict)
    """Emoji → the ids of those who reacted with it, in the order in which they did."""
    snapshot: "Message | None" = None
    """The message that this one forwards, as it was then. Later edits and its deletion do not change it."""

    def frozen(self) -> "Message":
        """Return a copy that later edits do not change."""
        return replace(
            self,
            embeds=copy.deepcopy(self.embeds),
            attachments=list(self.attachments),
            components=copy.deepcopy(self.components),
            reactions={},
        )

    @property
    def is_v2(self) -> bool:
        """Whether the message is made of Components V2 alone."""
        return bool(self.flags & MessageFlag.COMPONENTS_V2)

    @property
    def is_loading(self) -> bool:
        """Whether the message says "is thinking..." and waits for the bot's answer."""
        return bool(self.flags & MessageFlag.LOADING)


@dataclass(slots=True)
class Channel:
    """A text channel, a forum, a thread (`parent_id` is its channel), or direct messages with the bot (no `guild_id`).

    A post in a forum is a thread whose first message has the thread's id.
    """

    id: int
    type: ChannelType
    name: str = ""
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    nsfw: bool = False
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    parent_id: int | None = None
    owner_id: int | None = None
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1440
    thread_member_ids: list[int] = field(default_factory=list)
    tags: list[Json] = field(default_factory=list)
    """The tags that posts of a forum can have, as Discord writes them."""
    applied_tags: list[int] = field(default_factory=list)
    """The tags of a post in a forum, by id."""
    requires_tag: bool = False
    """Whether a post in this forum must have a tag."""
    messages: dict[int, Message] = field(default_factory=dict)
    """Messages in the order of their ids, with ephemeral and deleted ones. See `World.visible_messages`."""

    @property
    def is_thread(self) -> bool:
        """Whether the channel is a public or private thread."""
        return self.type in THREAD_TYPES
