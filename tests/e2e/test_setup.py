"""`python -m bot setup` on a terminal, against the sandbox: from an empty folder to a bot that makes videos."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from sandbox.demo.bot_process import PROJECT, SETTING_PREFIXES
from sandbox.discord.default_world import APPLICATION_ID, OMAR_ID
from tests.support.stack import Stack
from tests.support.terminal import Terminal, on_terminal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "install").mkdir()
    return tmp_path / "install"


@pytest.fixture
def addresses(reel: Stack) -> dict[str, str]:
    """The sandbox's addresses, as somebody exports them who has no accounts."""
    return {
        "DISCORD_API_BASE": reel.discord.api_base,
        "DISCORD_GATEWAY_URL": reel.discord.gateway_url,
        "STUDIO_BASE_URL": reel.studio.base_url,
        "WAIT_SCALE": "0.02",
    }


def written(folder: Path) -> dict[str, str]:
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


async def answer_all(terminal: Terminal, token: str, key: str, *, owners: str = "", credits: str = "500") -> None:
    for question, answer in (
        ("Token (not shown)", token),
        ("API key (not shown)", key),
        ("User ids", owners),
        ("Credits [", credits),
        ("Database [", ""),
    ):
        await terminal.sees(question)
        await terminal.sees(": ")
        terminal.types(answer)


async def run_alone(folder: Path, settings: dict[str, str]) -> tuple[int, str]:
    """Run it as a script does, and return exit status and output."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(SETTING_PREFIXES)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "setup", "--non-interactive",
        cwd=folder, env=inherited | {"PYTHONPATH": str(PROJECT), **settings},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_from_an_empty_folder_to_a_bot_that_hears_its_commands(
    reel: Stack, folder: Path, addresses: dict[str, str]
) -> None:
    async with on_terminal(folder, addresses, "bot", "setup") as terminal:
        await answer_all(terminal, reel.discord.token, reel.studio.api_key, owners=str(OMAR_ID))
        assert await terminal.ends() == 0
    shown = terminal.shown
    assert f"the bot of the application Reelmaker ({APPLICATION_ID})" in shown
    assert "switch Public Bot off at https://discord.com/developers/applications/" in shown
    assert "Privileged intents: none is needed" in shown
    assert "The key is accepted." in shown
    assert f"Omar ({OMAR_ID}) may use /owner" in shown
    assert f"client_id={APPLICATION_ID}" in shown
    assert "permissions 274878024704: View Channels" in shown
    assert "The counters agree" in shown.split("Doctor")[1] or "does not exist yet" in shown.split("Doctor")[1]
    for secret in (reel.discord.token, reel.studio.api_key):
        assert secret not in shown
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    values = written(folder)
    assert {name: values[name] for name in addresses} == addresses
    assert (values["DISCORD_TOKEN"], values["DEFAULT_GUILD_CREDITS"]) == (reel.discord.token, "500")
    assert "# The bot's token" in (folder / ".env").read_text(), "the file explains itself"
    # The bot reads the file alone.
    async with on_terminal(folder, {}, "bot") as bot:
        await reel.until(reel.hears)
        bot.presses_control_c()
        assert await bot.ends() == 0


async def test_wrong_answers_are_asked_for_again_until_they_can_be_used(
    reel: Stack, folder: Path, addresses: dict[str, str]
) -> None:
    async with on_terminal(folder, addresses, "bot", "setup") as terminal:
        for token, problem in (
            ("Bot abc", "it begins with “Bot ”"),
            ("another", "Discord does not accept this token"),
        ):
            await terminal.sees("Token (not shown): ")
            terminal.types(token)
            await terminal.sees(problem)
        await terminal.sees("Token (not shown): ")
        terminal.types(reel.discord.token)
        await terminal.sees("API key (not shown): ")
        terminal.types("wrong")
        await terminal.sees("does not accept this key")
        await terminal.sees("API key (not shown): ")
        terminal.types(reel.studio.api_key)
        await terminal.sees("User ids: ")
        terminal.types("omar")
        await terminal.sees("must be Discord user ids")
        await terminal.sees("User ids: ")
        terminal.types(str(reel.discord.world.application_id))
        await terminal.sees("is a bot")
        await terminal.sees("User ids: ")
        terminal.types("")
        await terminal.sees("may use /owner")
        await terminal.sees("Credits [0]: ")
        terminal.types("many")
        await terminal.sees("is wrong")
        await terminal.sees("Credits [0]: ")
        terminal.types("")
        await terminal.sees("Database [")
        terminal.types("sqlite+aiosqlite:////proc/no/bot.db")
        await terminal.sees("cannot be made")
        await terminal.sees("Database [")
        terminal.types("")
        assert await terminal.ends() == 0
    assert written(folder)["DEFAULT_GUILD_CREDITS"] == "0"


async def test_it_can_be_repeated_and_keeps_what_was_answered_and_what_it_does_not_ask_for(
    reel: Stack, folder: Path, addresses: dict[str, str]
) -> None:
    file = folder / ".env"
    lines = [f"{name}={value}" for name, value in addresses.items()]
    lines += ["# my own note", f"export DISCORD_TOKEN={reel.discord.token}", "LOG_LEVEL=DEBUG"]
    file.write_text("\n".join(lines))
    file.chmod(0o644)
    async with on_terminal(folder, {}, "bot", "setup") as terminal:
        await terminal.sees(f"[keep ...{reel.discord.token[-4:]}]")
        terminal.types("")
        await terminal.sees("API key (not shown): ")
        terminal.types(reel.studio.api_key)
        for _ in range(3):
            await terminal.sees(": ")
            terminal.types("")
        assert await terminal.ends() == 0
    text = file.read_text()
    assert "# my own note\n" in text
    assert "LOG_LEVEL=DEBUG\n" in text
    assert text.count("DISCORD_TOKEN") == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_whoever_stops_halfway_has_changed_nothing(reel: Stack, folder: Path, addresses: dict[str, str]) -> None:
    async with on_terminal(folder, addresses, "bot", "setup") as terminal:
        await terminal.sees("Token (not shown): ")
        terminal.types(reel.discord.token)
        await terminal.sees("API key (not shown): ")
        terminal.presses_control_c()
        await terminal.sees("Nothing was written.")
        assert await terminal.ends() == 130
    assert not (folder / ".env").exists()
    assert "Traceback" not in terminal.shown


@pytest.mark.parametrize(
    ("portal", "said"),
    [
        ({"interactions_endpoint_url": "https://example.org/x"}, "has an Interactions Endpoint URL"),
        ({"bot_require_code_grant": True}, "Requires OAuth2 Code Grant is on"),
    ],
)
async def test_a_switch_in_the_portal_that_makes_the_bot_useless_is_named(
    reel: Stack, folder: Path, addresses: dict[str, str], portal: dict[str, object], said: str
) -> None:
    reel.discord.world.portal.update(portal)
    async with on_terminal(folder, addresses, "bot", "setup") as terminal:
        await terminal.sees("Token (not shown): ")
        terminal.types(reel.discord.token)
        await terminal.sees(said)
        await terminal.sees("Token (not shown): ")
        reel.discord.world.portal.clear()
        terminal.types(reel.discord.token)
        await terminal.sees("2/5")


async def test_an_answer_that_cannot_be_tried_now_can_be_kept(
    reel: Stack, folder: Path, addresses: dict[str, str]
) -> None:
    async with on_terminal(folder, addresses | {"STUDIO_BASE_URL": "http://127.0.0.1:1"}, "bot", "setup") as terminal:
        await terminal.sees("Token (not shown): ")
        terminal.types(reel.discord.token)
        for answer in ("n", "y"):
            await terminal.sees("API key (not shown): ")
            terminal.types(reel.studio.api_key)
            await terminal.sees("Keep this answer all the same? [y/N]: ")
            terminal.types(answer)
        for question in ("User ids: ", "Credits [0]: ", "Database ["):
            await terminal.sees(question)
            terminal.types("")
        assert await terminal.ends() == 2, "the doctor says what is still wrong"
    assert written(folder)["STUDIO_API_KEY"] == reel.studio.api_key


async def test_a_setting_of_the_environment_that_hides_an_answer_is_named(
    reel: Stack, folder: Path, addresses: dict[str, str]
) -> None:
    settings = addresses | {"DISCORD_TOKEN": "another"}
    async with on_terminal(folder, settings, "bot", "setup") as terminal:
        await terminal.sees("[keep ...ther]: ")
        terminal.types(reel.discord.token)
        await terminal.sees("API key (not shown): ")
        terminal.types(reel.studio.api_key)
        for question in ("User ids: ", "Credits [0]: ", "Database ["):
            await terminal.sees(question)
            terminal.types("")
        await terminal.sees("the environment sets DISCORD_TOKEN to something else")
        assert await terminal.ends() == 2


async def test_a_script_sets_it_up_without_questions(reel: Stack, folder: Path, addresses: dict[str, str]) -> None:
    settings = addresses | {"DISCORD_TOKEN": reel.discord.token, "STUDIO_API_KEY": reel.studio.api_key}
    status, said = await run_alone(folder, settings)
    assert (status, "Start the bot" in said) == (0, True), said
    assert written(folder)["STUDIO_API_KEY"] == reel.studio.api_key
    status, said = await run_alone(folder, {"DEFAULT_GUILD_CREDITS": "70"})
    assert (status, written(folder)["DEFAULT_GUILD_CREDITS"]) == (0, "70"), said


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"DISCORD_TOKEN": ""}, 78, "is missing"),
        ({"STUDIO_API_KEY": "wrong"}, 78, "does not accept this key"),
        ({"DISCORD_API_BASE": "http://127.0.0.1:1/api/v10"}, 75, "Discord cannot be reached"),
        ({"STUDIO_BASE_URL": "http://127.0.0.1:1"}, 75, "could not be asked"),
        ({"WAIT_SCALE": "0"}, 78, "WAIT_SCALE is wrong"),
    ],
)
async def test_a_script_is_told_what_is_wrong_and_nothing_is_written(
    reel: Stack, folder: Path, addresses: dict[str, str], changed: dict[str, str], status: int, said: str
) -> None:
    settings = addresses | {"DISCORD_TOKEN": reel.discord.token, "STUDIO_API_KEY": reel.studio.api_key} | changed
    ended, shown = await run_alone(folder, settings)
    assert (ended, said in shown) == (status, True), shown
    assert "Traceback" not in shown
    assert not (folder / ".env").exists()


async def test_without_a_terminal_it_says_how_scripts_do_it(folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "setup", cwd=folder, env={"PYTHONPATH": str(PROJECT)},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert (process.returncode, b"--non-interactive" in said) == (78, True)
