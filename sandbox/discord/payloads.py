"""Objects as Discord writes them in JSON: ids are strings, permissions are strings, times are ISO 8601."""

from sandbox.clock import iso
from sandbox.discord.ids import created_at
from sandbox.discord.model import (
    Channel,
    ChannelType,
    Guild,
    Json,
    Member,
    Overwrite,
    Role,
    User,
)
from sandbox.discord.world import World

FORUM_REQUIRES_TAG = 1 << 4
"""The flag of a forum whose posts must have a tag."""


def user_payload(user: User) -> Json:
    """Return a user."""
    payload: Json = {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0",
        "global_name": None if user.bot else user.display_name,
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": None,
        "collectibles": None,
        "clan": None,
        "primary_guild": None,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def member_payload(member: Member, *, with_user: bool = True) -> Json:
    """Return a guild member. Inside of a message Discord leaves the user out."""
    payload: Json = {
        "roles": [str(role_id) for role_id in member.role_ids],
        "joined_at": iso(member.joined_at),
        "nick": member.nick,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    if with_user:
        payload["user"] = user_payload(member.user)
    return payload


def emoji_payload(emoji: str) -> Json:
    """Return an emoji of Unicode."""
    return {"id": None, "name": emoji}


def role_payload(role: Role) -> Json:
    """Return a role."""
    payload: Json = {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed_by_bot is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if role.managed_by_bot is not None:
        payload["tags"] = {"bot_id": str(role.managed_by_bot)}
    return payload


def overwrite_payload(overwrite: Overwrite) -> Json:
    """Return a permission overwrite of a channel."""
    return {
        "id": str(overwrite.target_id),
        "type": int(overwrite.is_member),
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }


def channel_payload(channel: Channel) -> Json:
    """Return a channel, a thread, or a channel of direct messages."""
    last = next(reversed(channel.messages), None)
    payload: Json = {
        "id": str(channel.id),
        "type": int(channel.type),
        "last_message_id": None if last is None else str(last),
        "flags": 0,
    }
    if channel.type == ChannelType.DM:
        payload["recipients"] = [user_payload(user) for user in channel.recipients]
        return payload
    payload |= {"guild_id": str(channel.guild_id), "name": channel.name, "rate_limit_per_user": 0}
    if channel.is_thread:
        return payload | {
            "parent_id": str(channel.parent_id),
            "owner_id": str(channel.owner_id),
            "message_count": len(channel.messages),
            "total_message_sent": len(channel.messages),
            "member_count": len(channel.thread_member_ids),
            "applied_tags": [str(tag_id) for tag_id in channel.applied_tags],
            "thread_metadata": {
                "archived": channel.archived,
                "locked": channel.locked,
                "auto_archive_duration": channel.auto_archive_minutes,
                "archive_timestamp": iso(created_at(channel.id)),
                "create_timestamp": iso(created_at(channel.id)),
            },
        }
    if channel.type == ChannelType.FORUM:
        payload |= {
            "flags": FORUM_REQUIRES_TAG if channel.requires_tag else 0,
            "available_tags": channel.tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return payload | {
        "position": channel.position,
        "parent_id": None,
        "topic": channel.topic,
        "nsfw": channel.nsfw,
        "permission_overwrites": [overwrite_payload(overwrite) for overwrite in channel.overwrites.values()],
        "last_pin_timestamp": None,
    }


def guild_payload(guild: Guild) -> Json:
    """Return a guild without its channels and members."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(guild.owner_id),
        "application_id": None,
        "region": "rotterdam",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": [role_payload(role) for role in guild.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "hub_type": None,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create_payload(world: World, guild: Guild, *, with_members: bool) -> Json:
    """Return GUILD_CREATE. Its members are all for a bot with the presences intent, else only the bot itself."""
    members = guild.members.values() if with_members else [guild.members[world.bot.id]]
    return guild_payload(guild) | {
        "joined_at": iso(guild.members[world.bot.id].joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [member_payload(member) for member in members],
        "channels": [channel_payload(channel) for channel in world.channels_of(guild)],
        "threads": [channel_payload(channel) for channel in world.threads_of(guild)],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
