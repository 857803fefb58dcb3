"""Permissions as Discord computes them: base from roles, then the channel's overwrites, then what is implied.

Source: Discord's documentation, "Permissions", section "Permission Hierarchy" and its pseudo-code.
"""

from enum import IntFlag

from sandbox.discord.model import Channel, Guild, Member


class Permission(IntFlag):
    """The bits that the sandbox checks or that a person is likely to set; names as in Discord's documentation."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50


P = Permission

ALL = (1 << 51) - 1
"""The permissions of an owner or administrator: every bit that Discord has given out."""

EVERYONE_DEFAULT = int(
    P.CREATE_INSTANT_INVITE
    | P.ADD_REACTIONS
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.USE_EXTERNAL_EMOJIS
    | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.SEND_MESSAGES_IN_THREADS
    | P.USE_EXTERNAL_APPS
)

DM_PERMISSIONS = int(
    P.ADD_REACTIONS
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.MENTION_EVERYONE
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
)


def base_permissions(guild: Guild, member: Member) -> int:
    """Return the guild-wide permissions: those of @everyone and of the member's roles together."""
    if member.user.id == guild.owner_id:
        return ALL
    permissions = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        if role := guild.roles.get(role_id):
            permissions |= role.permissions
    return ALL if permissions & P.ADMINISTRATOR else permissions


def channel_permissions(guild: Guild, channel: Channel, member: Member) -> int:
    """Return the permissions in a channel. For a thread pass its parent, since threads inherit."""
    permissions = base_permissions(guild, member)
    if permissions & P.ADMINISTRATOR:
        return ALL
    if everyone := channel.overwrites.get(guild.id):
        permissions = (permissions & ~everyone.deny) | everyone.allow
    allow = deny = 0
    for role_id in member.role_ids:
        if overwrite := channel.overwrites.get(role_id):
            allow |= overwrite.allow
            deny |= overwrite.deny
    permissions = (permissions & ~deny) | allow
    if own := channel.overwrites.get(member.user.id):
        permissions = (permissions & ~own.deny) | own.allow
    return _without_implied(permissions)


def _without_implied(permissions: int) -> int:
    if not permissions & P.VIEW_CHANNEL:
        return 0
    if not permissions & P.SEND_MESSAGES:
        permissions &= ~int(P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS)
    return permissions
