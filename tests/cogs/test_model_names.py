"""People read the names of models and never their slugs, wherever the bot shows something."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.discord_ui.views.notices import notice_text
from bot.domain.cases import Candidate
from bot.domain.guild_settings import GuildSetting
from bot.domain.jobs import JobState
from bot.domain.notices import Notice, NoticeKind
from bot.storage import cases, jobs
from bot.storage.database import Database
from sandbox.discord import DiscordSandbox, Message, Persona
from sandbox.discord.default_world import ADA_ID, FILM_CLUB_ID
from sandbox.discord.walk import walk
from tests.cogs.conversation import fail, newest, spend, told
from tests.cogs.panel import OpenPanel
from tests.discord_ui.catalogues import KLING, MOTION_CONTROL, VEO_FAST, WAN_REMIX
from tests.support.stage import StageBot, button, make_services, running, words

MODELS = (VEO_FAST, KLING, MOTION_CONTROL, WAN_REMIX)
SLUG = re.compile("|".join(model.slug.replace("_", r"\\?_") for model in MODELS), re.IGNORECASE)
SECONDS = 30.0
"""Seconds to wait for an answer: the first chart loads a large library."""
SHOWN_KEYS = ("content", "label", "placeholder", "description", "title")
"""Keys of components whose texts people read."""


@pytest.fixture
async def bot(sandbox: DiscordSandbox, sqlite_database: Database) -> AsyncIterator[StageBot]:
    async with running(sandbox, make_services(sqlite_database, *MODELS)) as bot:
        yield bot


def read(message: Message) -> str:
    """Return everything of a message that somebody can read or hear, its files too."""
    texts = [message.content]
    for _, part in walk(message.components):
        texts += [str(part.get(key)) for key in SHOWN_KEYS]
        texts += [str(item.get("description")) for item in part.get("items", [])]
        texts += [f"{option.get('label')} {option.get('description')}" for option in part.get("options", [])]
    texts += [file.path.read_text() for file in message.attachments if file.filename.endswith(".csv")]
    return "\n".join(texts)


async def test_no_slug_is_read_anywhere(
    sandbox: DiscordSandbox, mia: Persona, ada: Persona, omar: Persona, bot: StageBot
) -> None:
    seen: dict[str, str] = {}

    async def look(person: Persona, command: str, **options: object) -> Message:
        message = await (await person.slash(command, "general", **options)).wait_message(SECONDS)
        seen[f"{command} {options}"] = read(message)
        return message

    services = bot.services
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.DEFAULT_MODEL, VEO_FAST.slug)
    await services.guild_settings.change(
        FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_MODELS, [VEO_FAST.slug, WAN_REMIX.slug]
    )
    await services.guild_settings.change(FILM_CLUB_ID, ADA_ID, GuildSetting.ALLOWED_MODELS, None)
    await spend(bot, mia, 80)
    failed = await fail(bot, mia, 100)
    await look(mia, "/veo fast", prompt="a fox")
    [job, *_] = await newest(bot)

    def leave_to_the_owner(conn: Connection) -> None:
        for before, after in ((JobState.QUEUED, JobState.SUBMITTING), (JobState.SUBMITTING, JobState.UNKNOWN)):
            jobs.transition(conn, job.id, before, after, "test", 1.0)
        jobs.transition(conn, job.id, JobState.UNKNOWN, JobState.UNRESOLVED, "test", 2.0)
        cases.open_case(conn, job.id, "its answer was lost", [Candidate("r1", KLING.slug, 1.0, "a fox")], 3.0)

    await services.database.write(leave_to_the_owner)
    await look(mia, "/veo fast", prompt="another fox")
    notice = Notice("n", NoticeKind.UNRESOLVED, {"job_id": job.id, "model_name": job.model_name, "held": 1, "why": "?"})
    seen["notice"] = notice_text(notice)

    for person, command, options in (
        (mia, "/credits", {}), (mia, "/usage", {}), (ada, "/usage", {}), (mia, "/jobs", {}), (mia, "/models", {}),
        (mia, "/help", {}), (ada, "/queue show", {}), (ada, "/quota show", {}), (ada, "/quota ledger", {"file": True}),
        (omar, "/owner unresolved", {}), (omar, "/owner job", {"id": failed}), (omar, "/owner guilds", {}),
        (mia, "/video", {"prompt": "a fox", "model": MOTION_CONTROL.slug}), (mia, "/kling 3-0", {"prompt": "a fox"}),
    ):  # fmt: skip
        await look(person, command, **options)
    panel = OpenPanel(sandbox, ada, await look(ada, "/settings"))
    await panel.turn("models")
    seen["the panel's models"] = read(panel.message)
    ledger = await look(ada, "/quota ledger")
    await ada.press(ledger, button(ledger, "Every entry"))
    await sandbox.wait_for(lambda: "**held** 100 credits" in words(ledger))
    seen["every entry"] = read(ledger)
    for command, option in (("/video", "model"), ("/quota refund", "job"), ("/owner resolve", "job")):
        person = {"/video": mia, "/quota refund": ada, "/owner resolve": omar}[command]
        typed: dict[str, Any] = {option: ""}
        choices = await person.autocomplete(command, "general", focused=option, **typed)
        seen[f"choices of {command}"] = "\n".join(str(choice["name"]) for choice in choices)
    await bot.stage.catalogue.change(WAN_REMIX, announce=False)
    await look(mia, "/veo fast", prompt="a fox that came too late")
    seen["jobs of a model that left"] = await told(mia, "/jobs")

    assert {where: text for where, text in seen.items() if SLUG.search(text)} == {}
    for where in ("/credits {}", "/quota ledger {}", "every entry", "/usage {}", "choices of /quota refund"):
        assert "Veo 3.1 Fast" in seen[where], where
    assert "Kling 3.0" in seen["/owner unresolved {}"]
