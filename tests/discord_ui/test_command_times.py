"""The times beside the commands follow what is learned, and Discord hears of it seldom."""

import random
from typing import cast

from bot.storage import model_durations
from cogs.generate import Generate
from sandbox.discord import DiscordSandbox
from sandbox.discord.default_world import APPLICATION_ID
from tests.discord_ui.catalogues import KLING, VEO_FAST
from tests.support.stage import StageBot, StageServices


def described(sandbox: DiscordSandbox) -> str:
    veo = next(command for command in sandbox.persona("mia").commands("videos") if command["name"] == "veo")
    return str(veo["options"][0]["description"])


def syncs(sandbox: DiscordSandbox) -> int:
    return len(sandbox.record.requests_to("PUT", f"/{APPLICATION_ID}/commands"))


async def learn(services: StageServices, *seconds: float) -> None:
    for each in seconds:
        await services.database.write(model_durations.add, VEO_FAST.slug, each, services.clock())
    await services.context.durations.load()


async def test_what_was_learned_is_shown_by_the_next_daily_look(
    bot: StageBot, services: StageServices, sandbox: DiscordSandbox
) -> None:
    assert "100 credits, about 90 s" in described(sandbox)
    await learn(services, *[31.0] * 5)
    await services.catalogue.change(VEO_FAST, KLING)
    assert "about 90 s" in described(sandbox), "a change of the catalogue tells no new times"
    await cast("Generate", bot.get_cog("Generate")).refresh_times()
    assert "about 30 s" in described(sandbox)


async def test_two_months_of_renders_send_the_commands_a_few_times(
    bot: StageBot, services: StageServices, sandbox: DiscordSandbox
) -> None:
    cog, chance, before = cast("Generate", bot.get_cog("Generate")), random.Random(7), syncs(sandbox)
    for _day in range(60):
        await learn(services, *(chance.lognormvariate(4.1, 0.25) for _ in range(10)))
        await cog.refresh_times()
    assert 1 <= syncs(sandbox) - before <= 5
