"""Registering commands: the rules that Discord's specification does not encode, and what is kept."""

from typing import Any

import discord
import pytest
from discord import app_commands

from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import APPLICATION_ID, FILM_CLUB_ID
from tests.sandbox.discord.clients import Api, Bot

COMMANDS = f"/applications/{APPLICATION_ID}/commands"
GUILD_COMMANDS = f"/applications/{APPLICATION_ID}/guilds/{FILM_CLUB_ID}/commands"


def command(**fields: Any) -> dict[str, Any]:
    return {"name": "veo", "description": "Videos", **fields}


def option(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": "prompt", "description": "What to show", **fields}


def choices(number: int) -> list[dict[str, Any]]:
    return [{"name": str(i), "value": str(i)} for i in range(number)]


def big(size: int) -> dict[str, Any]:
    """Return a command of exactly `size` characters: names and descriptions 9, the rest in long choices."""
    result = command(options=[])
    left = size - len("veo") - len("Videos")
    for number in range(25):
        entry = option(name=f"o{number:02}", description="d", choices=[])
        left -= 4
        for index in range(25):
            if left < 4:
                break
            value = "v" * max(1, min(100, left - 3))
            entry["choices"].append({"name": f"c{index:02}", "value": value})
            left -= 3 + len(value)
        result["options"].append(entry)
        if left < 8:
            break
    result["options"][-1]["description"] += "d" * left
    return result


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("upper case", command(name="Veo"), "0/name: APPLICATION_COMMAND_INVALID_NAME"),
    ("a space", command(name="veo fast"), "0/name: APPLICATION_COMMAND_INVALID_NAME"),
    ("a dot", command(name="kling-3.0"), "0/name: APPLICATION_COMMAND_INVALID_NAME"),
    ("33 characters", command(name="x" * 33), "0/name: BASE_TYPE_BAD_LENGTH"),
    ("no description", {"name": "veo"}, "0/description: BASE_TYPE_REQUIRED"),
    ("a long description", command(description="x" * 101), "0/description: BASE_TYPE_BAD_LENGTH"),
    ("26 options", command(options=[option(name=f"o{i}") for i in range(26)]), "0/options: BASE_TYPE_BAD_LENGTH"),
    ("the same option twice", command(options=[option(), option()]),
     "0/options/1/name: APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED"),
    ("required after optional", command(options=[option(), option(name="b", required=True)]),
     "0/options/1: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
    ("26 choices", command(options=[option(choices=choices(26))]), "0/options/0/choices: BASE_TYPE_BAD_LENGTH"),
    ("a long choice value", command(options=[option(choices=[{"name": "a", "value": "x" * 101}])]),
     "0/options/0/choices/0/value: BASE_TYPE_BAD_LENGTH"),
    ("choices with autocomplete", command(options=[option(choices=choices(1), autocomplete=True)]),
     "0/options/0: APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_WITH_CHOICES"),
    ("options beside subcommands", command(options=[option(type=1, name="fast"), option()]),
     "0/options: APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    ("a group in a group", command(options=[option(type=2, options=[option(type=2)])]),
     "0/options/0/options/0/type: APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
    ("a context menu with a description", {"type": 3, "name": "Remix", "description": "x"},
     "0/description: APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID"),
    ("8,001 characters", big(8001), "0: APPLICATION_COMMAND_TOO_LARGE"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "where"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
async def test_a_command_is_refused_and_the_old_ones_stay(api: Api, body: dict[str, Any], where: str) -> None:
    await api("PUT", COMMANDS, [command(name="old")])
    assert await api.refused("PUT", COMMANDS, [body]) == (400, 50035, where)
    _, kept = await api("GET", COMMANDS)
    assert [entry["name"] for entry in kept] == ["old"]


@pytest.mark.parametrize(
    "body",
    [
        command(name="kling-3_0'"),
        command(name="วิดีโอ"),
        command(name="वीडियो"),
        command(options=[option(type=2, name="g", options=[option(type=1, name="s", options=[option()])])]),
        {"type": 3, "name": "Remix This"},
        big(8000),
    ],
)
async def test_a_command_right_at_the_rules_is_taken(api: Api, body: dict[str, Any]) -> None:
    assert (await api("PUT", COMMANDS, [body]))[0] == 200


async def test_names_are_unique_within_a_type(api: Api) -> None:
    where = "1/name: APPLICATION_COMMANDS_DUPLICATE_NAME"
    assert await api.refused("PUT", COMMANDS, [command(), command()]) == (400, 50035, where)
    assert (await api("PUT", COMMANDS, [command(), {"type": 2, "name": "veo"}, {"type": 3, "name": "veo"}]))[0] == 200


async def test_a_hundred_commands_and_no_more(api: Api) -> None:
    hundred = [command(name=f"c{i}") for i in range(100)]
    assert (await api("PUT", COMMANDS, hundred))[0] == 200
    assert await api.refused("POST", COMMANDS, command()) == (400, 30032, "")
    assert await api.refused("PUT", COMMANDS, [*hundred, command()]) == (400, 30032, "")
    assert (await api("POST", GUILD_COMMANDS, command()))[0] == 201


async def test_a_command_that_keeps_its_name_keeps_its_id(api: Api) -> None:
    _, (first,) = await api("PUT", COMMANDS, [command()])
    _, (second, _) = await api("PUT", COMMANDS, [command(description="Other"), command(name="wan")])
    assert (second["id"], second["description"]) == (first["id"], "Other")
    assert second["version"] != first["version"]
    assert (await api("POST", COMMANDS, command()))[0] == 200
    assert (await api("PATCH", f"{COMMANDS}/{first['id']}", {"description": "Third"}))[1]["description"] == "Third"
    assert (await api("DELETE", f"{COMMANDS}/{first['id']}"))[0] == 204
    assert await api.refused("GET", f"{COMMANDS}/{first['id']}") == (404, 10063, "")


async def test_two_hundred_new_names_a_day_when_limits_are_on(sandbox: DiscordSandbox, api: Api) -> None:
    sandbox.controls.set_rate_limits(True)
    for start in (0, 100):
        assert (await api("PUT", COMMANDS, [command(name=f"c{i}") for i in range(start, start + 100)]))[0] == 200
    assert await api.refused("PUT", COMMANDS, [command(name="one-more")]) == (400, 30034, "")
    assert (await api("PUT", COMMANDS, [command(name="c199", description="changed")]))[0] == 200
    sandbox.controls.advance_clock(86_400)
    assert (await api("PUT", COMMANDS, [command(name="one-more")]))[0] == 200


async def test_discord_py_gets_discords_errors_with_their_paths(sandbox: DiscordSandbox, bot: Bot) -> None:
    big_group = app_commands.Group(name="big", description="x" * 100)
    for number in range(20):
        callback = _callback_with_seven_options()
        big_group.add_command(app_commands.Command(name=f"model-{number}", description="y" * 100, callback=callback))
    bot.tree.add_command(big_group)
    with pytest.raises(app_commands.CommandSyncFailure, match="exceeds maximum size"):
        await bot.tree.sync()
    assert sandbox.record.requests_to("PUT", "/commands")[-1].code == 50035


def _callback_with_seven_options() -> Any:
    async def callback(
        interaction: discord.Interaction, a: str, b: str, c: str, d: str, e: str, f: str, g: str
    ) -> None: ...

    return app_commands.describe(**dict.fromkeys("abcdefg", "z" * 60))(callback)


async def test_localised_names_are_found_in_the_persons_language(sandbox: DiscordSandbox, api: Api) -> None:
    body = command(name_localizations={"de": "videos"}, options=[option(name_localizations={"de": "text"})])
    await api("PUT", COMMANDS, [body])
    mia = sandbox.persona("mia")
    mia.user.locale = "de"
    invocation = await mia.slash("/videos", "general", text="Katze")
    assert invocation.interaction.data["name"] == "veo"
    assert invocation.interaction.data["options"] == [{"name": "prompt", "type": 3, "value": "Katze"}]
