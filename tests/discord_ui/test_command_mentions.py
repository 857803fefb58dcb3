"""Commands in words can be clicked, whichever process sent them to Discord, and whichever one posts the words.

Beside these tests, every test with a local Discord fails if a message names a command in code that could be clicked
(`tests.support.raw_commands`).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import discord
import pytest
from discord import app_commands

from bot.discord_ui.commands.mentions import IN_WORDS, CommandMentions
from bot.discord_ui.views.escaping import escape
from bot.discord_ui.views.message_limits import CONTENT_MAX, DISPLAYED_CHARACTERS_MAX
from bot.workers.command_ids import CommandIds
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import APPLICATION_ID
from tests.support.stage import StageBot, StageServices, running

ROOT = Path(__file__).parents[2]


def registered_id(sandbox: DiscordSandbox, person: str, name: str) -> str:
    commands = sandbox.persona(person).commands("videos")
    return next(str(command["id"]) for command in commands if command["name"] == name)


def card(*texts: str) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(*(discord.ui.TextDisplay(text) for text in texts)))
    return view


def shown(view: discord.ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]


def strings_in(path: Path) -> Iterator[str]:
    """Yield the strings of a program, without its docstrings."""
    tree = ast.parse(path.read_text())
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def test_an_unknown_command_is_named_in_code(mentions: CommandMentions) -> None:
    assert mentions.in_text("Try `/quota set member`.") == "Try `/quota set member`."


async def test_the_sync_tells_the_ids(bot: StageBot, sandbox: DiscordSandbox) -> None:
    credits_id, quota_id = registered_id(sandbox, "mia", "credits"), registered_id(sandbox, "ada", "quota")
    words = "`/credits` tells, `/quota set member` sets, `/nothing` stays."
    told = f"</credits:{credits_id}> tells, </quota set member:{quota_id}> sets, `/nothing` stays."
    assert bot.mentions.in_text(words) == told
    assert shown(bot.mentions.in_view(card("`/credits`", words))) == [f"</credits:{credits_id}>", told]


async def test_a_start_without_a_sync_knows_the_ids_from_the_database(
    sandbox: DiscordSandbox, services: StageServices
) -> None:
    async with running(sandbox, services) as first:
        known = [first.mentions.in_text(name) for name in ("`/credits`", "`/veo fast`")]
    async with running(sandbox, services) as second:
        assert [second.mentions.in_text(name) for name in ("`/credits`", "`/veo fast`")] == known
    assert len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands")) == 1


async def test_a_process_that_only_posts_learns_the_ids_from_the_database(
    bot: StageBot, services: StageServices, poster: discord.Client
) -> None:
    commands = type(services.commands)(services.database, services.clock)
    mentions = CommandMentions(poster, commands)
    assert mentions.in_text("`/credits`") == "`/credits`"
    await CommandIds(commands).step()
    assert mentions.in_text("`/credits`") == bot.mentions.in_text("`/credits`") != "`/credits`"


async def test_the_owners_commands_are_mentioned_in_the_owners_guilds_only(
    bot: StageBot, sandbox: DiscordSandbox
) -> None:
    guild = sandbox.world.find_channel("videos").guild_id
    assert bot.mentions.in_text("`/owner balance`", guild).startswith("</owner balance:")
    assert bot.mentions.in_text("`/owner balance`") == "`/owner balance`"


async def test_what_a_member_typed_is_no_mention(bot: StageBot) -> None:
    typed = escape("`/credits`")
    assert bot.mentions.in_text(typed) == typed


async def test_words_that_have_no_room_for_mentions_stay_as_they_are(bot: StageBot) -> None:
    long = "`/credits` ".ljust(CONTENT_MAX, "x")
    assert bot.mentions.in_text(long) == long
    half = "`/credits` ".ljust(DISPLAYED_CHARACTERS_MAX // 2, "x")
    assert shown(bot.mentions.in_view(card(half, half))) == [half, half]


async def test_every_command_in_the_programs_words_exists(bot: StageBot, sandbox: DiscordSandbox) -> None:
    guild = discord.Object(sandbox.world.find_channel("videos").guild_id or 0)
    there_are: set[str] = set()
    for command in (*bot.tree.get_commands(), *bot.tree.get_commands(guild=guild)):
        there_are.add(command.qualified_name)
        if isinstance(command, app_commands.Group):
            there_are |= {inner.qualified_name for inner in command.walk_commands()}
    named = [
        (str(path.relative_to(ROOT)), found[0])
        for folder in ("bot/discord_ui", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        for text in strings_in(path)
        for found in IN_WORDS.finditer(text)
    ]
    assert [(path, name) for path, name in named if name.strip("`/") not in there_are] == []
    assert len(named) > 20


@pytest.mark.parametrize("folder", ["bot/discord_ui", "cogs"])
def test_answers_leave_at_one_place(folder: str) -> None:
    """`bot.discord_ui.interactions.answers` makes commands clickable, so nothing else answers an interaction."""
    calls = ("edit_original_response", "response.send_message", "response.edit_message", "followup.send")
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "answers.py" and any(f"{call}(" in path.read_text() for call in calls)
    ]
    assert elsewhere == []
