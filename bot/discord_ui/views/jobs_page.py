"""`/jobs`: a few jobs, newest first, each with what can still be done about it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.language.speaking import mark_on, say, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import approval_words, may_cancel, ready_words, shown_state, waiting_words
from bot.discord_ui.views.job_button import PREFIX
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.discord_ui.views.links import posted_words
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.quota_words import amount_words, held_words, kept_words
from bot.discord_ui.views.reason_words import reason_words
from bot.discord_ui.views.turns import NEWEST_FIRST, Turn, turn_button
from bot.discord_ui.views.words import relative
from bot.domain.jobs import ENDED, JOB_ID_LENGTH, Job, JobState
from bot.services.job_views import JobsPage, JobsWanted, JobView, Resend

_TEMPLATE = re.compile(rf"{PREFIX}:details")
_WANTED = r"(?P<member>[0-9]{1,20}):(?P<which>all|open):(?P<page>[0-9]{1,6})"
_ACTION_LABELS = {JobAction.CANCEL: mark_on("button", "Cancel"), JobAction.RESEND: mark_on("button", "Post again")}


class DetailsSelect(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_TEMPLATE):
    """Shows the story of one of the jobs in a list."""

    def __init__(self, views: Sequence[JobView] = ()) -> None:
        options = [discord.SelectOption(label=_option_label(view.job), value=view.job.id) for view in views]
        super().__init__(
            discord.ui.Select(
                custom_id=f"{PREFIX}:details",
                placeholder=say_on("placeholder", "Details of one of these"),
                options=options,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Make the select anew when something is chosen in it."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on."""
        await handle(handlers_of(interaction).job_button, interaction, JobAction.DETAILS, self.item.values[0])


class JobsTurn(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(rf"{PREFIX}:jobs:(?P<turn>{'|'.join(Turn)}):{_WANTED}"),
):
    """Shows a page of a list of jobs."""

    def __init__(self, turn: Turn, wanted: JobsWanted, *, disabled: bool = False) -> None:
        super().__init__(
            turn_button(turn, NEWEST_FIRST, f"{PREFIX}:jobs:{turn}:{_wanted_id(wanted)}", disabled=disabled)
        )
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(Turn(match["turn"]), _wanted_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).jobs_page, interaction, self.wanted)


class ListedJobButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]],
    template=re.compile(
        rf"{PREFIX}:jobs:(?P<action>{JobAction.CANCEL}|{JobAction.RESEND}):(?P<job>[0-9a-z]{{{JOB_ID_LENGTH}}}):{_WANTED}"
    ),
):
    """Does something to a job in a list, and shows the list anew."""

    def __init__(self, action: JobAction, job_id: str, wanted: JobsWanted) -> None:
        super().__init__(
            discord.ui.Button(
                label=say_on("button", _ACTION_LABELS[action]),
                style=discord.ButtonStyle.secondary,
                custom_id=f"{PREFIX}:jobs:{action}:{job_id}:{_wanted_id(wanted)}",
            )
        )
        self.action = action
        self.job_id = job_id
        self.wanted = wanted

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button anew when it is pressed."""
        return cls(JobAction(match["action"]), match["job"], _wanted_of(match))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on."""
        await handle(handlers_of(interaction).listed_job, interaction, self.action, self.job_id, self.wanted)


def jobs_view(page: JobsPage, reader_id: int, done: str | None = None) -> discord.ui.LayoutView:
    """Return a page of jobs as `reader_id` sees it. `done` says what came of the press that led to it."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    title = f"## {_title(page.wanted, reader_id)}"
    container.add_item(discord.ui.TextDisplay(title if done is None else f"{title}\n{done}"))
    for view in page.views:
        text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(
            job_text(view, with_member=page.wanted.member_id is None)
        )
        action = _action(view, reader_id)
        container.add_item(
            text
            if action is None
            else discord.ui.Section(text, accessory=ListedJobButton(action, view.job.id, page.wanted))
        )
    if page.views:
        container.add_item(discord.ui.ActionRow(DetailsSelect(page.views)))
    else:
        container.add_item(discord.ui.TextDisplay(say("Nothing here yet. `/models` shows what can be made.")))
    container.add_item(_turns(page))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def job_text(view: JobView, *, with_member: bool) -> str:
    """Describe one job in a line or two."""
    job = view.job
    state = shown_state(job.state, view.forecast)
    words = [say(STATE_WORDS[state]), f"**{excerpt(job.model_name, 50)}**", relative(job.created_at), _credits(job)]
    if job.comparison_id is not None:
        words.append(say("part of a comparison"))
    if with_member:
        words.append(f"<@{job.member_id}>")
    if state is JobState.QUEUED:
        words += waiting_words(view.forecast)
    else:
        words += [*approval_words(view.forecast), *ready_words(view.forecast)]
    if view.posting is not None:
        words.append(posted_words(view.posting, job))
    lines = [" · ".join(words)]
    if job.own_words:
        lines.append(f"> {excerpt(job.own_words, 60)}")
    if job.reason and job.state in (JobState.FAILED, JobState.CANCELLED):
        lines.append(f"-# {reason_words(job.reason, 60)}")
    if view.kept:
        lines.append(f"-# {kept_words(view.kept)}")
    return "\n".join(lines)


def _title(wanted: JobsWanted, reader_id: int) -> str:
    if wanted.member_id is None:
        return say("This server's jobs")
    return (
        say("Your jobs") if wanted.member_id == reader_id else say("Jobs of {member}", member=f"<@{wanted.member_id}>")
    )


def _turns(page: JobsPage) -> discord.ui.ActionRow[Any]:
    wanted = page.wanted
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    if wanted.page or page.has_more:
        newer = replace(wanted, page=max(0, wanted.page - 1))
        row.add_item(JobsTurn(Turn.BACK, newer, disabled=wanted.page == 0))
    row.add_item(JobsTurn(Turn.STAY, wanted))
    if wanted.page or page.has_more:
        row.add_item(JobsTurn(Turn.NEXT, replace(wanted, page=wanted.page + 1), disabled=not page.has_more))
    return row


def _wanted_id(wanted: JobsWanted) -> str:
    return f"{wanted.member_id or 0}:{'open' if wanted.active_only else 'all'}:{wanted.page}"


def _wanted_of(match: re.Match[str]) -> JobsWanted:
    return JobsWanted(int(match["member"]) or None, match["which"] == "open", int(match["page"]))


def _option_label(job: Job) -> str:
    return cut(f"{job.model_name}: {job.own_words}" if job.own_words else job.model_name, CHOICE_MAX)


def _action(view: JobView, reader_id: int) -> JobAction | None:
    """Return what the reader can do about a job. Its result is posted again only where its message is known to be gone.

    What its member deleted comes back only if they want it.
    """
    job, posting = view.job, view.posting
    if may_cancel(job.state, view.forecast):
        return JobAction.CANCEL
    if posting is not None and posting.deleted_by == job.member_id != reader_id:
        return None
    gone = view.resend in (Resend.OWED, Resend.TOO_SOON)
    return JobAction.RESEND if job.state is JobState.SUCCEEDED and gone else None


def _credits(job: Job) -> str:
    if job.state not in ENDED:
        return held_words(job.held)
    return amount_words(job.charged) if job.charged else say("nothing charged")
