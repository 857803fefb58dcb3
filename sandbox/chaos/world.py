"""A world with more people than the default one: six guilds, each with its channels and members."""

from sandbox.discord.default_world import BOT_PERMISSIONS, E15, default_world
from sandbox.discord.ids import created_at
from sandbox.discord.model import Channel, ChannelType, Guild, Member, Role, User
from sandbox.discord.permissions import EVERYONE_DEFAULT
from sandbox.discord.world import World

MORE_GUILDS = 4
MEMBERS_EACH = 3
CHANNELS_EACH = 2
FIRST_ID = 1500 * E15


def crowded_world() -> World:
    """Build the default world's two guilds, and MORE_GUILDS others."""
    world = default_world()
    for number in range(MORE_GUILDS):
        _add_guild(world, number)
    return world


def _add_guild(world: World, number: int) -> None:
    # Neighbouring ids fall to different shards, as those of real guilds do.
    guild_id = FIRST_ID + (2 * number << 22) * 1000 + (number % 2 << 22)
    bot_role = Role(guild_id + 1, world.bot.display_name, BOT_PERMISSIONS, position=1, managed_by_bot=world.bot.id)
    everyone = Role(guild_id, "@everyone", EVERYONE_DEFAULT, position=0)
    members = [_person(world, guild_id + 10 + place, f"member-{number}-{place}") for place in range(MEMBERS_EACH)]
    guild = Guild(guild_id, f"Guild {number}", members[0].id, roles={guild_id: everyone, bot_role.id: bot_role})
    world.guilds[guild_id] = guild
    for user in (*members, world.bot):
        role_ids = [bot_role.id] if user is world.bot else []
        guild.members[user.id] = Member(user, role_ids, joined_at=created_at(guild_id))
    for place in range(CHANNELS_EACH):
        channel_id = guild_id + 100 + place
        world.channels[channel_id] = Channel(channel_id, ChannelType.TEXT, f"clips-{place}", guild_id, place)


def _person(world: World, user_id: int, name: str) -> User:
    user = User(user_id, name, name.title())
    world.users[user_id] = world.personas[name] = user
    return user
