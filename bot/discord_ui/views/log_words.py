"""The moderators' log in words: what happened, one line each."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.language.speaking import mark, say
from bot.discord_ui.views.audit_words import actor_words, audit_words
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.links import message_link
from bot.discord_ui.views.message_limits import cut_lines
from bot.discord_ui.views.model_words import at_most_credits
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.words import NameOf, pair, person
from bot.domain.audit import AuditAction, AuditEntry
from bot.domain.guild_log import LogKind
from bot.domain.jobs import Job, JobState
from bot.domain.postings import DIRECT
from bot.engine.guild_log import LogLine

LINE_MAX = 380
"""Characters of a line: ten of them fit into a message."""
NAME_SHOWN = 40
PROMPT_SHOWN = 60
_FORGOTTEN = {
    LogKind.REQUESTED: mark("Job `{job}`: requested; nothing more is kept about it."),
    LogKind.ENDED: mark("Job `{job}`: ended; nothing more is kept about it."),
    LogKind.DELETED: mark("Job `{job}`: deleted; nothing more is kept about it."),
}


def log_view(lines: Sequence[LogLine], guild_id: int, name_of: NameOf) -> discord.ui.LayoutView:
    """Return a message with these lines."""
    words = [cut_lines(log_line(line, guild_id, name_of), LINE_MAX) for line in lines]
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.TextDisplay("\n".join(words)))
    return view


def log_line(line: LogLine, guild_id: int, name_of: NameOf) -> str:
    """Return one line: when, who, and what."""
    return f"<t:{round(line.entry.created_at)}:T> {_what(line, guild_id, name_of)}"


def _what(line: LogLine, guild_id: int, name_of: NameOf) -> str:
    data: Any = line.entry.data
    if line.entry.kind is LogKind.CHANGED:
        change = AuditEntry(data["actor_id"], AuditAction(data["action"]), data["data"], line.entry.created_at)
        # Whether a role was deleted since is not known here: it is named as it was when it was chosen.
        words = audit_words(change, {data["data"].get("subject_id")}, name_of)
        return f"⚙️ {pair(actor_words(change.actor_id), words)}"
    if line.job is None:
        return say(_FORGOTTEN[line.entry.kind], job=data["job_id"])
    job = line.job
    about = {"member": person(job.member_id), "model": excerpt(job.model_name, NAME_SHOWN)}
    match line.entry.kind:
        case LogKind.REQUESTED:
            price = amount_words(job.held) if job.price_certain else at_most_credits(job.held)
            about |= {"price": price, "channel": f"<#{job.channel_id}>"}
            if not job.own_words:
                return say("🎬 {member} asked for **{model}** ({price}) in {channel}", **about)
            prompt = excerpt(job.own_words, PROMPT_SHOWN)
            if job.comparison_id is not None:
                return say(
                    "🎬 {member} asked for **{model}** ({price}) in a comparison in {channel}: “{prompt}”",
                    prompt=prompt,
                    **about,
                )
            return say("🎬 {member} asked for **{model}** ({price}) in {channel}: “{prompt}”", prompt=prompt, **about)
        case LogKind.DELETED:
            who = actor_words(data["actor_id"])
            return say("🗑️ {who} deleted the video of {member} (**{model}**, `{job}`)", who=who, job=job.id, **about)
        case LogKind.ENDED:
            return say(_ENDED[job.state], price=_price(job), where=_where(line, guild_id), **about)


_FAILED = mark("❌ failed: **{model}** for {member} · {price} · {where}")
_ENDED = dict.fromkeys(JobState, _FAILED) | {
    JobState.SUCCEEDED: mark("✅ done: **{model}** for {member} · {price} · {where}"),
    JobState.CANCELLED: mark("✖️ cancelled: **{model}** for {member} · {price} · {where}"),
}


def _price(job: Job) -> str:
    return amount_words(job.charged) if job.charged else say("nothing charged")


def _where(line: LogLine, guild_id: int) -> str:
    posting = line.posting
    if posting is None or posting.message_id is None:
        return say("could not be delivered")
    if posting.outcome == DIRECT:
        return say("sent as a direct message")
    return message_link(posting, guild_id)
