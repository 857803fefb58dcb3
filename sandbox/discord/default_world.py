"""The world that a sandbox starts with: two guilds, five people, and the bot in both guilds.

Every id is fixed and readable, and the two guilds fall to different shards when there are two.
"""

from sandbox.discord.ids import created_at
from sandbox.discord.model import Channel, ChannelType, Guild, Member, Overwrite, Role, User
from sandbox.discord.permissions import EVERYONE_DEFAULT, Permission
from sandbox.discord.world import World

E15 = 10**15

APPLICATION_ID = 1100 * E15 + 1
BOT_ID = APPLICATION_ID
"""The bot's user id. It is the application's id, as for every application made since 2016."""

FILM_CLUB_ID = 1201 * E15
NIGHT_OWLS_ID = 1203 * E15

GENERAL_ID = 1301 * E15 + 1
VIDEOS_ID = 1301 * E15 + 2
STAFF_ID = 1301 * E15 + 3
LOBBY_ID = 1303 * E15 + 1
CLIPS_ID = 1303 * E15 + 2

MODERATOR_ROLE_ID = 1401 * E15 + 1
PATRON_ROLE_ID = 1401 * E15 + 2
FILM_CLUB_BOT_ROLE_ID = 1401 * E15 + 9
NIGHT_OWLS_BOT_ROLE_ID = 1403 * E15 + 9

MIA_ID = 1150 * E15 + 1
NOAH_ID = 1150 * E15 + 2
ADA_ID = 1150 * E15 + 3
OMAR_ID = 1150 * E15 + 4
ZOE_ID = 1150 * E15 + 5

BOT_PERMISSIONS = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""The permissions that an invite link for a bot like this asks for."""


def default_world() -> World:
    """Return a new world, in which nothing has been said yet."""
    mia, noah, ada, omar, zoe = people = (
        User(MIA_ID, "mia", "Mia"),
        User(NOAH_ID, "noah", "Noah"),
        User(ADA_ID, "ada", "Ada"),
        User(OMAR_ID, "omar", "Omar"),
        User(ZOE_ID, "zoe", "Zoe"),
    )
    bot = User(BOT_ID, "reelmaker", "Reelmaker", bot=True)
    world = World(
        application_id=APPLICATION_ID,
        application_name="Reelmaker",
        bot=bot,
        owner=omar,
        users={user.id: user for user in (*people, bot)},
        personas={user.name: user for user in people},
    )
    film_club = _guild(world, FILM_CLUB_ID, "Film Club", omar, FILM_CLUB_BOT_ROLE_ID)
    film_club.roles[MODERATOR_ROLE_ID] = Role(
        MODERATOR_ROLE_ID,
        "Moderator",
        int(Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES | Permission.MODERATE_MEMBERS),
        position=3,
        color=0x3BA55D,
    )
    film_club.roles[PATRON_ROLE_ID] = Role(PATRON_ROLE_ID, "Patron", 0, position=2, color=0xFAA61A)
    _join(film_club, mia)
    _join(film_club, noah, PATRON_ROLE_ID)
    _join(film_club, ada, MODERATOR_ROLE_ID)
    _join(film_club, omar)
    _channels(world, film_club, {GENERAL_ID: "general", VIDEOS_ID: "videos", STAFF_ID: "staff"})
    world.channels[STAFF_ID].overwrites = {
        film_club.id: Overwrite(film_club.id, is_member=False, deny=int(Permission.VIEW_CHANNEL)),
        MODERATOR_ROLE_ID: Overwrite(MODERATOR_ROLE_ID, is_member=False, allow=int(Permission.VIEW_CHANNEL)),
    }

    night_owls = _guild(world, NIGHT_OWLS_ID, "Night Owls", zoe, NIGHT_OWLS_BOT_ROLE_ID)
    _join(night_owls, zoe)
    _channels(world, night_owls, {LOBBY_ID: "lobby", CLIPS_ID: "clips"})
    return world


def _guild(world: World, guild_id: int, name: str, owner: User, bot_role_id: int) -> Guild:
    everyone = Role(guild_id, "@everyone", EVERYONE_DEFAULT, position=0)
    bot_role = Role(bot_role_id, world.bot.display_name, BOT_PERMISSIONS, position=1, managed_by_bot=world.bot.id)
    guild = Guild(guild_id, name, owner.id, roles={guild_id: everyone, bot_role_id: bot_role})
    world.guilds[guild_id] = guild
    _join(guild, world.bot, bot_role_id)
    return guild


def _join(guild: Guild, user: User, *role_ids: int) -> None:
    guild.members[user.id] = Member(user, list(role_ids), joined_at=created_at(guild.id))


def _channels(world: World, guild: Guild, names: dict[int, str]) -> None:
    for position, (channel_id, name) in enumerate(names.items()):
        world.channels[channel_id] = Channel(channel_id, ChannelType.TEXT, name, guild.id, position)
