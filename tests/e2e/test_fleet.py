"""A fleet on PostgreSQL: each gateway process with its shard, workers beside them, all on one database."""

from pathlib import Path

import pytest

from sandbox.chaos.past import give_history
from sandbox.demo.bot_process import BotProcess
from sandbox.postgres import Server
from tests.support.members import Members
from tests.support.stack import WAIT_SECONDS, Stack, kill, stack

pytestmark = pytest.mark.timeout(200)
HOURLY_POSTS = 36_000
ASKED_EACH = 4


async def test_two_shards_and_two_workers_do_every_job_once_though_one_worker_dies(
    postgres_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.node.user_properties.append(("postgres_origin", postgres_server.origin))
    url = await postgres_server.new_database()
    async with stack(url, tmp_path, posts_per_hour=HOURLY_POSTS, history_rows=100) as reel:
        reel.settings |= {"DEFAULT_GUILD_CREDITS": "100000", "STUDIO_POSTS_PER_HOUR": str(HOURLY_POSTS)}
        give_history(reel.studio)
        workers = [await reel.start_bot("worker", ready=False) for _ in range(2)]
        gateways = [await start_gateway(reel, shard) for shard in range(2)]
        await reel.until(lambda: len(reel.discord.core.gateway.connected_shards()) == 2 and reel.hears(), *gateways)
        members = Members(reel)
        for _ in range(ASKED_EACH):
            await members.ask("in the film club", "mia", "videos")
            await members.ask("among the night owls", "zoe", "clips")
        await reel.studio.wait_for(lambda studio: bool(studio.records.accepted_posts()), WAIT_SECONDS)
        await kill(workers[0])
        await members.ask("after the death", "mia", "videos")
        for invocation in members.asked:
            await invocation.wait_message(WAIT_SECONDS)
        await members.all_told()
        assert [await bot.stop() for bot in (workers[1], *gateways)] == [0, 0, 0]
        books = await members.check_promises()
        assert len(books) == len(members.asked), "both shards hear their guild"


async def test_a_worker_that_hears_no_commands_mentions_them_so_that_they_can_be_clicked(
    postgres_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.node.user_properties.append(("postgres_origin", postgres_server.origin))
    async with stack(await postgres_server.new_database(), tmp_path) as reel:
        gateway = await reel.start_bot("gateway")
        worker = await reel.start_bot("worker", ready=False)
        reel.studio.faults.add("job_fails", refunded=False)
        mia = reel.discord.persona("mia")
        await (await mia.slash("/veo fast", "videos", prompt="a fox")).wait_message()
        await reel.until(reel.closings, worker)
        [closing] = reel.closings()
        [quota] = [one for one in reel.discord.persona("ada").commands("videos") if one["name"] == "quota"]
        assert f"</quota refund:{quota['id']}>" in closing.content
        assert [await bot.stop() for bot in (worker, gateway)] == [0, 0]


async def start_gateway(reel: Stack, shard: int) -> BotProcess:
    return await reel.start_bot("gateway", "--shards", str(shard), "--shard-count", "2", ready=False)


async def test_a_fleet_needs_postgresql(tmp_path: Path) -> None:
    async with stack(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}", tmp_path) as reel:
        worker = await reel.start_bot("worker", ready=False)
        assert await worker.wait() == 78
        assert "several processes need PostgreSQL" in "\n".join(worker.last_lines())
