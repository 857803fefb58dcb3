"""What exists in the sandbox: users, guilds, channels, messages. Plain data; the rules live elsewhere."""

from dataclasses import dataclass, field
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


THREAD_TYPES = (ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD)


class MessageFlag:
    """Discord's message flags that the sandbox gives meaning to."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


class MessageType(IntEnum):
    DEFAULT = 0
    REPLY = 19
    CHAT_INPUT_COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


@dataclass(slots=True)
class User:
    id: int
    name: str
    display_name: str
    bot: bool = False
    locale: str = "en-US"


@dataclass(slots=True)
class Role:
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
    user: User
    role_ids: list[int]
    joined_at: float
    nick: str | None = None


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role]
    members: dict[int, Member] = field(default_factory=dict)
    premium_tier: int = 0
    upload_limit_bytes: int | None = None
    """Set by hand; None means what the boost tier gives."""
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
    """Set on messages that were sent through an interaction's webhook."""
    visible_to: int | None = None
    """The one user who sees an ephemeral message; None means everyone in the channel."""
    reactions: dict[str, list[int]] = field(default_factory=dict)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & MessageFlag.COMPONENTS_V2)

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & MessageFlag.LOADING)


@dataclass(slots=True)
class Channel:
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
    messages: dict[int, Message] = field(default_factory=dict)
    """In order of their ids, ephemeral and deleted ones too; see `World.visible_messages`."""

    @property
    def is_thread(self) -> bool:
        return self.type in THREAD_TYPES
