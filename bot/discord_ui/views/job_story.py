"""The story of one job: what happened to it and when, for its member and, with more, for the bot's owner."""

from typing import Any

import discord

from bot.discord_ui.language.speaking import mark, say, say_many
from bot.discord_ui.views.escaping import code, excerpt
from bot.discord_ui.views.forecast_words import shown_state
from bot.discord_ui.views.job_states import EVENT_WORDS, STATE_WORDS
from bot.discord_ui.views.lineage_words import lineage_lines
from bot.discord_ui.views.links import posted_words
from bot.discord_ui.views.message_limits import DISPLAYED_CHARACTERS_MAX, fitting_lines
from bot.discord_ui.views.quota_words import charged_words, held_words, kept_words
from bot.discord_ui.views.reason_words import event_words, reason_words
from bot.discord_ui.views.settings_words import settings
from bot.discord_ui.views.words import person, seconds
from bot.domain.jobs import ENDED, Job, JobEvent, JobState
from bot.domain.postings import Posting
from bot.domain.renders import RenderReport, RenderState
from bot.services.job_views import JobStory

PROMPT_SHOWN = 400
EVENTS_SHOWN = 30
RENDERS_SHOWN = 10
_RENDER_WORDS = {
    RenderState.CLAIMED: mark("named by an owner"),
    RenderState.PENDING: mark("pending"),
    RenderState.PROCESSING: mark("processing"),
    RenderState.COMPLETED: mark("completed"),
    RenderState.FAILED: mark("failed"),
    RenderState.UNREADABLE: mark("unreadable"),
}


def story_view(
    story: JobStory, *, for_owner: bool = False, prompt: discord.File | None = None
) -> discord.ui.LayoutView:
    """Return the story as a card. An owner also sees the engine's details and the provider's renders.

    `prompt` is the file with the whole prompt that goes with the card, if there is one.
    """
    job = story.view.job
    heading = f"## {say(STATE_WORDS[shown_state(job.state, story.view.forecast)])} · {excerpt(job.model_name, 80)}"
    lines = [
        heading,
        " · ".join(
            [
                say("{member} in {channel}", member=f"<@{job.member_id}>", channel=f"<#{job.channel_id}>"),
                *settings(story.view.request),
            ]
        ),
    ]
    if job.prompt:
        lines.append(f"> {excerpt(job.prompt, PROMPT_SHOWN)}")
    lines.append(say("-# {credits} · job `{job}`", credits=_credits(job), job=job.id))
    if job.comparison_id is not None:
        lines.append(say("-# Part of the comparison `{comparison}`", comparison=job.comparison_id))
    lines += _event_lines(story.events[:EVENTS_SHOWN], job, for_owner=for_owner)
    if len(story.events) > EVENTS_SHOWN:
        lines.append(say("- … and {number} more", number=len(story.events) - EVENTS_SHOWN))
    if job.reason:
        lines.append(say("- the reason: {reason}", reason=reason_words(job.reason, 300)))
    if story.view.kept:
        lines.append(f"- {kept_words(story.view.kept)}")
    if story.view.posting is not None and story.view.posting.deleted_at is None:
        lines.append(f"- {_posting_words(story.view.posting, job, for_owner=for_owner)}")
    lines += lineage_lines(story.lineage, job.guild_id)
    if for_owner:
        lines.append(
            say_many(
                "-# server `{server}` · sent {count} time · account {account}",
                "-# server `{server}` · sent {count} times · account {account}",
                job.attempts,
                server=str(job.guild_id),
                account=job.account_id,
            )
        )
        lines += [_render_line(render) for render in story.renders[:RENDERS_SHOWN]]
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay(fitting_lines(lines, DISPLAYED_CHARACTERS_MAX)))
    if prompt is not None:
        container.add_item(discord.ui.File(prompt))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _event_lines(events: tuple[JobEvent, ...], job: Job, *, for_owner: bool) -> list[str]:
    lines = []
    before: JobEvent | None = None
    for event in events:
        words = [f"<t:{round(event.at)}:{'f' if before is None else 'T'}>", *_event_words(event, before)]
        if event.actor_id not in (None, job.member_id):
            words.append(say("by {actor}", actor=person(event.actor_id)))
        if for_owner:
            words.append(excerpt(event.detail, 120))
        lines.append(f"- {' · '.join(words)}")
        before = event
    return lines


def _event_words(event: JobEvent, before: JobEvent | None) -> list[str]:
    words = say(EVENT_WORDS[event.state])
    if before is None:
        return [say("requested"), words]
    if event.state is before.state:
        return [event_words(event.detail, 120)]
    if event.state is JobState.QUEUED and before.state is not JobState.AWAITING:
        words = say("back in the queue")
    return [words, say("after {time}", time=seconds(event.at - before.at))]


def _credits(job: Job) -> str:
    if job.state in ENDED:
        return charged_words(job.charged or 0)
    return held_words(job.held)


def _posting_words(posting: Posting, job: Job, *, for_owner: bool) -> str:
    where = posted_words(posting, job)
    words = say("posted: {where}", where=where) if posting.stands else where
    if posting.done_at is not None:
        words = f"<t:{round(posting.done_at)}:T> {words}"
    if for_owner and posting.problem:
        problem = say_many(
            "{count} attempt, last problem: {problem}",
            "{count} attempts, last problem: {problem}",
            posting.attempts,
            problem=excerpt(posting.problem, 200),
        )
        words = f"{words} · {problem}"
    return words


def _render_line(render: RenderReport) -> str:
    words = [f"{code(render.remote_id)} {say(_RENDER_WORDS[render.state])}"]
    if render.credits_charged is not None:
        words.append(charged_words(render.credits_charged))
    if render.credits_refunded is not None:
        words.append(say("refunded") if render.credits_refunded else say("not refunded"))
    if render.error_message:
        words.append(excerpt(render.error_message, 200))
    return say("- render: {facts}", facts=" · ".join(words))
