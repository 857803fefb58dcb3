"""`/jobs`: a few jobs, newest first, each with what can still be done about it."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.words import excerpt, relative
from bot.domain.jobs import ENDED, Job, JobState
from bot.services.jobs import JobView

JOBS_SHOWN = 8

_STATES = {
    JobState.AWAITING: "⏸️ waiting for approval",
    JobState.QUEUED: "⏳ queued",
    JobState.SUBMITTING: "🎬 starting",
    JobState.UNKNOWN: "🔎 being looked up",
    JobState.UNRESOLVED: "🔎 with the bot's owner",
    JobState.RUNNING: "🎬 rendering",
    JobState.SUCCEEDED: "✅ done",
    JobState.FAILED: "❌ failed",
    JobState.CANCELLED: "🚫 cancelled",
}


def jobs_view(views: Sequence[JobView], title: str, *, with_members: bool) -> discord.ui.LayoutView:
    """The jobs as a message of Components V2."""
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(f"## {title}"))
    for view in views[:JOBS_SHOWN]:
        text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(job_text(view, with_member=with_members))
        action = _action(view.job)
        container.add_item(
            text if action is None else discord.ui.Section(text, accessory=JobButton(action, view.job.id))
        )
    if not views:
        container.add_item(discord.ui.TextDisplay("Nothing here yet. `/models` shows what can be made."))
    layout = discord.ui.LayoutView(timeout=None)
    layout.add_item(container)
    return layout


def job_text(view: JobView, *, with_member: bool) -> str:
    """One job in a line or two."""
    job = view.job
    words = [_STATES[job.state], f"**{excerpt(job.model_name, 50)}**", relative(job.created_at), _credits(job)]
    if with_member:
        words.append(f"<@{job.member_id}>")
    if job.state not in ENDED and view.forecast.ready_at is not None:
        words.append(f"ready {relative(view.forecast.ready_at)}")
    if view.result is not None:
        channel_id, message_id = view.result
        words.append(f"https://discord.com/channels/{job.guild_id}/{channel_id}/{message_id}")
    lines = [" · ".join(words)]
    if job.prompt:
        lines.append(f"> {excerpt(job.prompt, 60)}")
    if job.reason and job.state is JobState.FAILED:
        lines.append(f"-# {excerpt(job.reason, 60)}")
    return "\n".join(lines)


def _action(job: Job) -> JobAction | None:
    if job.state in (JobState.QUEUED, JobState.AWAITING):
        return JobAction.CANCEL
    return JobAction.RESEND if job.state is JobState.SUCCEEDED else None


def _credits(job: Job) -> str:
    if job.state not in ENDED:
        return f"{amount_words(job.held)} held"
    return amount_words(job.charged or 0)
