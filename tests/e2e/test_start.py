"""Starting: what is missing or unreachable is one line and an exit status; what can be waited for is waited for."""

import asyncio
import json
import socket
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.storage.database import parse_url
from sandbox.demo.bot_process import PROJECT
from tests.support.stack import Stack, kill
from tests.support.stage import words

CONFIGURATION, UNAVAILABLE = 78, 75
GOOD = {"DISCORD_TOKEN": "x", "STUDIO_API_KEY": "x"}


@pytest.mark.parametrize(
    ("settings", "status", "line"),
    [
        ({}, CONFIGURATION, "DISCORD_TOKEN is missing: set it in .env"),
        (
            GOOD | {"DATABASE_URL": "sqlite+aiosqlite:////proc/no/bot.db"},
            CONFIGURATION,
            "DATABASE_URL cannot be opened",
        ),
        (GOOD | {"DISCORD_API_BASE": "http://127.0.0.1:1/api/v10"}, UNAVAILABLE, "Discord cannot be reached"),
    ],
)
async def test_a_start_that_fails_is_one_line(settings: dict[str, str], status: int, line: str, tmp_path: Path) -> None:
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", cwd=tmp_path, env={"PYTHONPATH": str(PROJECT), "LOG_LEVEL": "ERROR", **settings},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await bot.communicate()
    assert bot.returncode == status
    assert said.decode().startswith(line)
    assert said.decode().count("\n") == 1


async def test_a_wrong_token_is_named(reel: Stack) -> None:
    bot = await reel.start_bot(ready=False, DISCORD_TOKEN="another")
    assert await bot.wait() == CONFIGURATION
    assert bot.last_lines()[-1].startswith("DISCORD_TOKEN is not accepted")


async def test_without_the_provider_it_starts_says_so_and_then_uses_the_last_known_models(reel: Stack) -> None:
    nowhere = "http://127.0.0.1:9"
    mia = reel.discord.persona("mia")
    bot = await reel.start_bot(ready=False, STUDIO_BASE_URL=nowhere)
    gateway = reel.discord.core.gateway
    await reel.until(
        lambda: "models" in {one["name"] for one in mia.commands("videos")} and gateway.connected_shards(), bot
    )
    answer = await (await mia.slash("models", "videos")).wait_message()
    assert "do not know the provider's models yet" in answer.content
    await bot.stop()
    await (await reel.start_bot()).stop()
    bot = await reel.start_bot(STUDIO_BASE_URL=nowhere)
    answer = await (await mia.slash("veo fast", "videos", prompt="later")).wait_message()
    assert "100 credits held" in words(answer), "accepted, and sent when the provider is back"
    assert reel.studio.records.posts == []


async def test_a_malformed_event_does_not_end_the_bot_and_health_tells(reel: Stack) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    bot = await reel.start_bot(HEALTH_ADDRESS=address)
    async with aiohttp.ClientSession() as session:

        async def status(page: str) -> tuple[int, dict[str, object]]:
            async with session.get(f"http://{address}/{page}") as answer:
                return answer.status, json.loads(await answer.text())

        async with asyncio.timeout(20):
            # Nothing tells from outside when discord.py has all guilds; supervisors ask again and again, too.
            while (await status("ready"))[0] != 200:  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.05)
        code, health = await status("health")
        assert (code, health["healthy"]) == (200, True)
        gateway = reel.discord.core.gateway

        def identified() -> int:
            return sum(1 for event in reel.discord.record.events if event.direction == "from bot" and event.op == 2)

        before = identified()
        gateway.dispatch("GUILD_CREATE", {"malformed": True}, guild_id=None)
        await reel.until(lambda: identified() > before and gateway.connected_shards(), bot)
        answer = await (
            await reel.discord.persona("mia").slash("veo fast", "videos", prompt="still here")
        ).wait_message()
        assert "100 credits held" in words(answer)
        assert (await status("health"))[0] == 200


async def test_prometheus_is_told_what_the_process_does(reel: Stack) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    await reel.start_bot(HEALTH_ADDRESS=address)
    await (await reel.discord.persona("mia").slash("veo fast", "videos", prompt="x")).wait_message()
    async with aiohttp.ClientSession() as session, asyncio.timeout(20):
        told = ""
        # A command is timed when its handler has ended, which is after its answer.
        while 'reelmaker_interaction_seconds_count{name="veo fast"} 1.0' not in told:
            async with session.get(f"http://{address}/metrics") as page:
                told = await page.text()
        assert page.content_type == "text/plain"
    assert 'reelmaker_provider_answers_total{kind="ok",request="models"}' in told
    assert 'reelmaker_loop_failures{loop="poller"} 0.0' in told


async def test_a_start_tidies_up_after_a_killed_bot_and_an_earlier_version(reel: Stack, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    reel.settings["TMPDIR"] = str(temporary)
    await kill(await reel.start_bot())
    [abandoned] = temporary.glob("reelmaker-*")
    file = Path(str(parse_url(reel.database_url).database))
    file.chmod(0o644)
    bot = await reel.start_bot()
    assert not abandoned.exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await bot.stop() == 0
    assert list(temporary.iterdir()) == []
