"""`/owner` is seen in the owners' own servers, by administrators of others nowhere."""

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.client import application_owners
from bot.services.owners import Owners
from sandbox.discord import DiscordSandbox, Persona
from sandbox.discord.default_world import FILM_CLUB_ID, NIGHT_OWLS_ID, OMAR_ID, ZOE_ID
from tests.support.stage import StageBot, StageServices, running


def sees_owner(person: Persona, channel: str) -> bool:
    return "owner" in {command["name"] for command in person.commands(channel)}


async def test_only_a_server_that_an_owner_owns_has_the_owners_commands(
    sandbox: DiscordSandbox, omar: Persona, bot: StageBot
) -> None:
    assert sees_owner(omar, "general")
    assert not sees_owner(sandbox.persona("zoe"), "lobby")


async def test_they_follow_a_server_to_its_new_owner(sandbox: DiscordSandbox, omar: Persona, bot: StageBot) -> None:
    zoe = sandbox.persona("zoe")
    sandbox.world.guilds[NIGHT_OWLS_ID].owner_id = OMAR_ID
    sandbox.core.guild_changed(sandbox.world.guilds[NIGHT_OWLS_ID])
    await sandbox.wait_for(lambda: sandbox.core.commands.all(NIGHT_OWLS_ID))
    sandbox.world.guilds[NIGHT_OWLS_ID].owner_id = ZOE_ID
    sandbox.core.guild_changed(sandbox.world.guilds[NIGHT_OWLS_ID])
    await sandbox.wait_for(lambda: not sandbox.core.commands.all(NIGHT_OWLS_ID))
    assert not sees_owner(zoe, "lobby")


async def test_a_server_that_the_settings_name_has_them_alone_also_after_a_start_elsewhere(
    sandbox: DiscordSandbox, omar: Persona, bot: StageBot, services: StageServices
) -> None:
    await bot.close()
    services.owners = Owners(frozenset({OMAR_ID}), guild_id=NIGHT_OWLS_ID)
    async with running(sandbox, services):
        assert not sees_owner(omar, "general")
        assert sees_owner(sandbox.persona("zoe"), "lobby")


def application(owner: int, *team: tuple[int, str, str]) -> discord.AppInfo:
    states, roles = discord.TeamMembershipState, discord.TeamMemberRole
    members = [
        SimpleNamespace(id=member, membership_state=states[state], role=roles[role]) for member, state, role in team
    ]
    found: Any = SimpleNamespace(
        owner=SimpleNamespace(id=owner), team=SimpleNamespace(members=members) if team else None
    )
    return cast("discord.AppInfo", found)


@pytest.mark.parametrize(
    ("found", "owners"),
    [
        (None, set()),
        (application(1), {1}),
        (
            application(9, (2, "accepted", "admin"), (3, "accepted", "developer"), (4, "accepted", "read_only")),
            {2, 3},
        ),
        (application(9, (2, "accepted", "admin"), (5, "invited", "admin")), {2}),
    ],
)
def test_the_application_tells_who_owns_the_bot(found: discord.AppInfo | None, owners: set[int]) -> None:
    assert application_owners(found) == owners


@pytest.mark.parametrize(
    ("named", "guild", "guild_owner", "belongs"),
    [
        (None, FILM_CLUB_ID, OMAR_ID, True),
        (None, FILM_CLUB_ID, ZOE_ID, False),
        (None, FILM_CLUB_ID, None, False),
        (FILM_CLUB_ID, FILM_CLUB_ID, ZOE_ID, True),
        (NIGHT_OWLS_ID, FILM_CLUB_ID, OMAR_ID, False),
    ],
)
def test_owners_commands_belong_to_guilds(
    named: int | None, guild: int, guild_owner: int | None, belongs: bool
) -> None:
    assert Owners(frozenset({OMAR_ID}), named).has_guild(guild, guild_owner) is belongs
