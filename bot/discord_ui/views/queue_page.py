"""`/queue show`: who waits for what since when, when it is expected, and why it waits; Cancel beside each line."""

import re
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.language.speaking import mark, say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import approval_words, may_cancel, ready_words, shown_state
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.discord_ui.views.model_words import NAME_SHOWN
from bot.discord_ui.views.operations_cards import counts_words, switch_lines
from bot.discord_ui.views.turns import IN_ORDER, Turn, turn_button
from bot.discord_ui.views.words import relative
from bot.domain.forecast import Forecast, HeldUp
from bot.domain.jobs import JOB_ID_LENGTH, Job, JobState
from bot.services.operations import QueuedJob, QueuePage

_HELD_UP = {
    HeldUp.PAUSED: mark("the queue is paused"),
    HeldUp.NO_CREDITS: mark("the provider account has not enough credits"),
    HeldUp.REFUSED: mark("the provider refuses the bot's key"),
}
"""Why a request waits although it may be its turn, for moderators."""


class QueueTurn(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:queue:(?P<turn>{'|'.join(Turn)}):(?P<page>[0-9]{{1,6}})"),
):
    """Shows a page of the queue, counted from 0."""

    def __init__(self, turn: Turn, page: int, *, disabled: bool = False) -> None:
        super().__init__(turn_button(turn, IN_ORDER, f"{PREFIX}:queue:{turn}:{page}", disabled=disabled))
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(Turn(match["turn"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).queue_page, interaction, self.page)


class QueueCancel(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:queue:cancel:(?P<page>[0-9]{{1,6}}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}})"),
):
    """Cancels the job of a line, and shows the page anew. The handler checks who pressed."""

    def __init__(self, job_id: str, page: int) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", "Cancel"),
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:queue:cancel:{page}:{job_id}",
            )
        )
        self.job_id = job_id
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(match["job"], int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).queue_cancel, interaction, self.job_id, self.page)


def queue_view(page: QueuePage, done: str | None = None) -> discord.ui.LayoutView:
    """Return a page of the queue. `done` says what came of the press that led to it."""
    head = [say("## Queue"), *switch_lines(page.state), counts_words(page.state)]
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("\n".join(head if done is None else [*head, done])))
    for line in page.lines:
        text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(_line(line))
        cancel = may_cancel(line.job.state, line.forecast)
        container.add_item(
            discord.ui.Section(text, accessory=QueueCancel(line.job.id, page.number)) if cancel else text
        )
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if page.count > 1:
        row.add_item(QueueTurn(Turn.BACK, max(0, page.number - 1), disabled=page.number == 0))
    row.add_item(QueueTurn(Turn.STAY, page.number))
    if page.count > 1:
        row.add_item(QueueTurn(Turn.NEXT, page.number + 1, disabled=page.number == page.count - 1))
    container.add_item(row)
    if page.count > 1:
        container.add_item(
            discord.ui.TextDisplay(say("-# Page {page} of {pages}", page=page.number + 1, pages=page.count))
        )
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def cancelled_words(job: Job, *, cancelled: bool) -> str:
    """Say what came of a moderator's Cancel. `job` is as it is after it."""
    name = excerpt(job.model_name, NAME_SHOWN)
    if cancelled:
        return say(
            "🚫 **{model}** of {member} is cancelled. Nothing was charged; the member reads that it was you.",
            model=name,
            member=f"<@{job.member_id}>",
        )
    return say(
        "⚠️ Too late for **{model}** of {member}: {state}.",
        model=name,
        member=f"<@{job.member_id}>",
        state=say(STATE_WORDS[job.state]),
    )


def _line(line: QueuedJob) -> str:
    job = line.job
    name = say(
        "**{model}** · {member} · asked {moment}",
        model=excerpt(job.model_name, NAME_SHOWN),
        member=f"<@{job.member_id}>",
        moment=relative(job.created_at),
    )
    return f"{name}\n-# {' · '.join([_state(line), *_expected(line)])}"


def _state(line: QueuedJob) -> str:
    return say(STATE_WORDS[shown_state(line.job.state, line.forecast)])


def _expected(line: QueuedJob) -> list[str]:
    forecast = line.forecast
    if line.job.state is not JobState.QUEUED or forecast.is_starting:
        return [*approval_words(forecast), *ready_words(forecast)]
    words = [_reason(forecast)]
    if forecast.starts_at is not None:
        words.append(say("starts {moment}", moment=relative(forecast.starts_at)))
    return [*words, *ready_words(forecast)]


def _reason(forecast: Forecast) -> str:
    """Say why a queued job does not start at once."""
    if forecast.held_up is not None:
        return say(_HELD_UP[forecast.held_up])
    if forecast.ahead_of_own:
        return say_many(
            "after {count} earlier request of the same member",
            "after {count} earlier requests of the same member",
            forecast.ahead_of_own,
        )
    if forecast.place is not None:
        return say("place {place} under the provider's hourly limit", place=forecast.place)
    if forecast.starts_at is not None:
        return say("the provider could not take it, and is asked again")
    return say("too far back in the queue to foresee")
