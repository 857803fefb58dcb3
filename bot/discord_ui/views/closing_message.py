"""The closing message: the video or the reason why not, in a message of its own that mentions the member."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.message_limits import CONTENT_MAX, length
from bot.discord_ui.views.quota_words import amount_words
from bot.discord_ui.views.settings_words import settings
from bot.domain.jobs import JobState
from bot.engine.notifier import Closing

REASON_SHOWN = 400
"""Characters of a reason that are shown. Escaping can double a text, and all must stay within one message."""


def closing_text(closing: Closing, links: Sequence[str]) -> str:
    """Return the message's text. `links` are the results that are not attached to it."""
    lines = [_outcome(closing)]
    if closing.request.prompt.strip():
        lines.append(f"> {excerpt(closing.request.prompt)}")
    lines.append(f"-# {' · '.join([excerpt(closing.model_name, 80), *settings(closing.request), _charge(closing)])}")
    if closing.state is JobState.SUCCEEDED and closing.reason:
        lines.append(f"-# Not everything that was asked for is here: {excerpt(closing.reason, REASON_SHOWN)}")
    if closing.made_smaller:
        originals = " ".join(f"<{link}>" for link in closing.links)
        note = f"-# Made smaller to fit into Discord. The original: {originals}"
        if length("\n".join([*lines, note])) <= CONTENT_MAX:
            lines.append(note)
    for link in links:
        if length("\n".join([*lines, link])) <= CONTENT_MAX:
            lines.append(link)
    return "\n".join(lines)


def closing_view(closing: Closing) -> discord.ui.View:
    """Return the buttons for what can be done next. They are also the mark by which the message is found again."""
    view = discord.ui.View(timeout=None)
    buttons: list[discord.ui.Item[Any]] = [
        JobButton(JobAction.AGAIN, closing.job_id, label=None if closing.state is JobState.SUCCEEDED else "Try again")
    ]
    if closing.request.prompt:
        buttons.append(JobButton(JobAction.EDIT, closing.job_id))
    buttons.append(JobButton(JobAction.DELETE, closing.job_id))
    for button in buttons:
        view.add_item(button)
    return view


def _outcome(closing: Closing) -> str:
    member = f"<@{closing.member_id}>"
    if closing.state is JobState.SUCCEEDED:
        return f"{member} your video is ready." if len(closing.links) < 2 else f"{member} your videos are ready."
    if closing.state is JobState.CANCELLED:
        return f"{member} your request was cancelled{_because(closing)}"
    return f"{member} your video could not be made{_because(closing)}"


def _because(closing: Closing) -> str:
    reason = excerpt(closing.reason or "", REASON_SHOWN)
    if not reason:
        return "."
    return f": {reason}" if reason[-1] in ".!?" else f": {reason}."


def _charge(closing: Closing) -> str:
    if closing.state is JobState.SUCCEEDED:
        return amount_words(closing.charged)
    if not closing.charged:
        return f"nothing charged, {amount_words(closing.held)} released" if closing.held else "nothing charged"
    return f"{amount_words(closing.charged)} kept by the provider"
