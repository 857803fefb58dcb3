"""Permissions against Discord's documented algorithm, and the fixed world."""

import pytest

from sandbox.discord.default_world import ADA_ID, MIA_ID, MODERATOR_ROLE_ID, default_world
from sandbox.discord.ids import shard_of
from sandbox.discord.model import Overwrite
from sandbox.discord.permissions import ALL, Permission

P = Permission


@pytest.mark.parametrize(
    ("name", "channel", "permission", "expected"),
    [
        ("mia", "general", P.SEND_MESSAGES, True),
        ("mia", "general", P.MANAGE_GUILD, False),
        ("mia", "staff", P.VIEW_CHANNEL, False),
        ("ada", "staff", P.SEND_MESSAGES, True),
        ("ada", "general", P.MANAGE_GUILD, True),
        ("omar", "staff", P.ADMINISTRATOR, True),
        ("zoe", "Film Club/general", P.VIEW_CHANNEL, False),
    ],
)
def test_the_fixed_world(name: str, channel: str, permission: Permission, expected: bool) -> None:
    world = default_world()
    assert world.may(world.personas[name], world.find_channel(channel), permission) is expected


def test_overwrites_count_everyone_then_roles_then_the_member() -> None:
    world = default_world()
    channel, ada = world.find_channel("general"), world.personas["ada"]
    guild_id = channel.guild_id or 0
    channel.overwrites[guild_id] = Overwrite(guild_id, is_member=False, deny=int(P.SEND_MESSAGES))
    assert not world.may(ada, channel, P.SEND_MESSAGES)
    channel.overwrites[MODERATOR_ROLE_ID] = Overwrite(MODERATOR_ROLE_ID, is_member=False, allow=int(P.SEND_MESSAGES))
    assert world.may(ada, channel, P.SEND_MESSAGES)
    channel.overwrites[ADA_ID] = Overwrite(ADA_ID, is_member=True, deny=int(P.SEND_MESSAGES))
    assert not world.may(ada, channel, P.SEND_MESSAGES)


def test_without_seeing_nothing_and_without_sending_no_files() -> None:
    world = default_world()
    channel, mia = world.find_channel("general"), world.personas["mia"]
    channel.overwrites[MIA_ID] = Overwrite(MIA_ID, is_member=True, deny=int(P.SEND_MESSAGES))
    assert not world.permissions(mia, channel) & (P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE)
    channel.overwrites[MIA_ID].deny = int(P.VIEW_CHANNEL)
    assert world.permissions(mia, channel) == 0
    assert world.permissions(world.personas["omar"], channel) == ALL


def test_the_two_guilds_fall_to_different_shards() -> None:
    assert sorted(shard_of(guild_id, 2) for guild_id in default_world().guilds) == [0, 1]
