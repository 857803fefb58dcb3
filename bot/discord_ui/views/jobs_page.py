"""`/jobs`: a few jobs, newest first, each with what can still be done about it."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.discord_ui.interactions.handlers import handle, handlers_of
from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.forecast_words import may_cancel, waiting_words
from bot.discord_ui.views.job_button import PREFIX, JobButton
from bot.discord_ui.views.job_states import STATE_WORDS
from bot.discord_ui.views.links import message_link
from bot.discord_ui.views.message_limits import CHOICE_MAX, cut
from bot.discord_ui.views.quota_words import amount_words, kept_words
from bot.discord_ui.views.words import relative
from bot.domain.jobs import ENDED, Job, JobState
from bot.services.jobs import JobView, Resend

JOBS_SHOWN = 8
_TEMPLATE = re.compile(rf"{PREFIX}:details")


class DetailsSelect(discord.ui.DynamicItem[discord.ui.Select[Any]], template=_TEMPLATE):
    """Shows the story of one of the jobs in a list."""

    def __init__(self, views: Sequence[JobView] = ()) -> None:
        options = [discord.SelectOption(label=_option_label(view.job), value=view.job.id) for view in views]
        super().__init__(
            discord.ui.Select(custom_id=f"{PREFIX}:details", placeholder="Details of one of these", options=options)
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


def jobs_view(views: Sequence[JobView], title: str, *, with_members: bool) -> discord.ui.LayoutView:
    """Return the jobs as a card."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(f"## {title}"))
    shown = views[:JOBS_SHOWN]
    for view in shown:
        text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(job_text(view, with_member=with_members))
        action = _action(view)
        container.add_item(
            text if action is None else discord.ui.Section(text, accessory=JobButton(action, view.job.id))
        )
    if shown:
        container.add_item(discord.ui.ActionRow(DetailsSelect(shown)))
    else:
        container.add_item(discord.ui.TextDisplay("Nothing here yet. `/models` shows what can be made."))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def job_text(view: JobView, *, with_member: bool) -> str:
    """Describe one job in a line or two."""
    job = view.job
    words = [STATE_WORDS[job.state], f"**{excerpt(job.model_name, 50)}**", relative(job.created_at), _credits(job)]
    if with_member:
        words.append(f"<@{job.member_id}>")
    words += waiting_words(view.forecast)
    if view.posting is not None and view.posting.deleted_at is not None:
        words.append("deleted")
    elif view.posting is not None and view.posting.stands:
        words.append(message_link(view.posting, job.guild_id))
    lines = [" · ".join(words)]
    if job.prompt:
        lines.append(f"> {excerpt(job.prompt, 60)}")
    if job.reason and job.state is JobState.FAILED:
        lines.append(f"-# {excerpt(job.reason, 60)}")
    if view.kept:
        lines.append(f"-# {kept_words(view.kept)}")
    return "\n".join(lines)


def _option_label(job: Job) -> str:
    return cut(f"{job.model_name}: {job.prompt}" if job.prompt else job.model_name, CHOICE_MAX)


def _action(view: JobView) -> JobAction | None:
    """Return what can be done about a job. Its result is posted again only where its message is known to be gone."""
    if may_cancel(view.job.state, view.forecast):
        return JobAction.CANCEL
    gone = view.resend in (Resend.OWED, Resend.TOO_SOON)
    return JobAction.RESEND if view.job.state is JobState.SUCCEEDED and gone else None


def _credits(job: Job) -> str:
    if job.state not in ENDED:
        return f"{amount_words(job.held)} held"
    return amount_words(job.charged or 0)
