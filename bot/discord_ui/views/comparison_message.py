"""The message of a comparison: clips side by side without the names of their models, and later with names and votes."""

from collections.abc import Collection, Sequence
from typing import Any

import discord

from bot.discord_ui.interactions.comparison_action import ComparisonAction
from bot.discord_ui.language.speaking import all_of, mark, say, say_many
from bot.discord_ui.views.closing_message import REASON_SHOWN, attached_lines, unattached_lines
from bot.discord_ui.views.comparison_button import ComparisonButton, VoteButton
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.message_limits import (
    ALTERNATIVE_TEXT_MAX,
    DISPLAYED_CHARACTERS_MAX,
    FORUM_TITLE_MAX,
    cut,
    length,
)
from bot.discord_ui.views.quota_words import amount_words, kept_words
from bot.discord_ui.views.reason_words import reason_words
from bot.discord_ui.views.settings_words import settings
from bot.domain.jobs import JobState
from bot.engine.comparison_notifier import ComparedClip, ComparisonClosing
from bot.engine.notifier import Result

NAME_SHOWN = 80
"""Characters of a model's name that are shown."""
LINK_TOO_LONG = mark("The provider's link is too long for a message.")
_COLOUR = discord.Colour(0x5865F2)
_CLOSED_COLOUR = discord.Colour(0x80848E)


def clip_files(closing: ComparisonClosing) -> list[tuple[ComparedClip, int]]:
    """Return the files of the message in their order: each is a clip, and a position among its results."""
    return [(clip, position) for clip in closing.shown_clips for position in range(len(clip.results))]


def results_of(closing: ComparisonClosing) -> list[Result]:
    """Return the same files as results."""
    return [clip.results[position] for clip, position in clip_files(closing)]


def comparison_closing_view(
    closing: ComparisonClosing, attached: Sequence[tuple[int, str]], *, fallback: bool = False
) -> discord.ui.LayoutView:
    """Return the message. `attached` names the files that go with it: by position in `clip_files`, and by name.

    `fallback` says that it could not be posted in the guild's results channel.
    """
    shown = closing.shown_clips
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=_COLOUR if shown else _CLOSED_COLOUR)
    container.add_item(discord.ui.TextDisplay(_headline(closing, fallback=fallback)))
    if attached:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        files = clip_files(closing)
        for position, name in attached:
            gallery.add_item(media=f"attachment://{name}", description=clip_description(closing, *files[position]))
        container.add_item(gallery)
    container.add_item(discord.ui.TextDisplay(_body(closing, [position for position, _ in attached])))
    if closing.voting_ends_at is not None and not closing.names_shown:
        container.add_item(
            discord.ui.ActionRow(*(VoteButton(place, closing.comparison_id) for place in range(len(shown))))
        )
    actions = [ComparisonAction.USE, ComparisonAction.REPORT] if shown else []
    container.add_item(
        discord.ui.ActionRow(
            *(ComparisonButton(action, closing.comparison_id) for action in (*actions, ComparisonAction.DELETE))
        )
    )
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def clip_description(closing: ComparisonClosing, clip: ComparedClip, position: int) -> str:
    """Return what a clip is, for people who do not see it: its letter and its prompt. It does not tell the model."""
    what = say("Clip {letter} of a comparison", letter=clip.letter)
    if len(clip.results) > 1:
        what = say(
            "Clip {letter} of a comparison, {number} of {count}",
            letter=clip.letter,
            number=position + 1,
            count=len(clip.results),
        )
    prompt = closing.prompt.strip()
    return cut(f"{what}: {prompt}" if prompt else what, ALTERNATIVE_TEXT_MAX)


def comparison_title(closing: ComparisonClosing) -> str:
    """Return the title of a post in a forum."""
    return cut(closing.prompt, FORUM_TITLE_MAX) or say("Comparison")


def clip_lines(clips: Sequence[ComparedClip], *, counted: bool) -> list[str]:
    """Return which model made which clip, what each cost, and its votes where they were counted."""
    lines = []
    for clip in clips:
        words = [
            say("**{letter}** is **{model}**", letter=clip.letter, model=excerpt(clip.model_name, NAME_SHOWN)),
            amount_words(clip.charged),
        ]
        if counted and clip.votes is not None:
            words.append(say_many("{count} vote", "{count} votes", clip.votes))
        if clip.won:
            words.append(say("🏆 won"))
        lines.append(" · ".join(words))
    return lines


def _headline(closing: ComparisonClosing, *, fallback: bool) -> str:
    member, shown = f"<@{closing.member_id}>", closing.shown_clips
    if shown:
        lines = [say("{member} your comparison is ready.", member=member)]
    elif all(clip.cancelled_by == closing.member_id for clip in closing.clips):
        lines = [say("{member} you cancelled this comparison.", member=member)]
    else:
        lines = [say("{member} none of the videos to compare could be made.", member=member)]
    if closing.prompt.strip():
        lines.append(f"> {excerpt(closing.prompt)}")
    total = sum(clip.charged for clip in closing.clips)
    words = [*_common_settings(closing), amount_words(total) if total else say("nothing charged")]
    lines.append(f"-# {' · '.join(words)}")
    if fallback and closing.results_channel_id is not None:
        lines.append(
            say("-# Posted here because I cannot post in {channel}.", channel=f"<#{closing.results_channel_id}>")
        )
    return "\n".join(lines)


def _common_settings(closing: ComparisonClosing) -> list[str]:
    """Return what all models were asked for alike, in words."""
    first, *others = [settings(clip.request) for clip in closing.clips]
    return [word for word in first if all(word in other for other in others)]


def _body(closing: ComparisonClosing, attached: Collection[int]) -> str:
    shown = closing.shown_clips
    lines = []
    if shown and closing.names_shown:
        lines += clip_lines(shown, counted=True)
    elif shown:
        lines += _question(closing)
    for clip in closing.clips:
        if not clip.letter:
            lines += _unmade(clip)
    if closing.late:
        lines.append(
            say_many(
                "-# {count} model is not ready yet: its video gets a message of its own.",
                "-# {count} models are not ready yet: each video gets a message of its own.",
                closing.late,
            )
        )
    room = DISPLAYED_CHARACTERS_MAX - 1_000  # for the headline, which is cut to much less
    for position, (clip, number) in enumerate(clip_files(closing)):
        result = clip.results[number]
        added = attached_lines(result) if position in attached else unattached_lines(result, closing.upload_limit)
        if not added:
            continue
        added = [say("-# Clip {letter}:", letter=clip.letter), *added]
        if length("\n".join([*lines, *added])) > room:
            added = [say("-# Clip {letter}:", letter=clip.letter), f"-# {say(LINK_TOO_LONG)}"]
        lines += added
    return "\n".join(lines) or "-# …"


def _question(closing: ComparisonClosing) -> list[str]:
    letters = all_of([f"**{clip.letter}**" for clip in closing.shown_clips])
    lines = [say("From left to right, row by row: {letters}. Which is the best?", letters=letters)]
    if closing.voting_ends_at is not None:
        lines.append(
            say(
                "-# One vote each, until {moment}; you can change yours. After your vote I tell you which model made "
                "which clip, and at the end I tell everybody.",
                moment=f"<t:{round(closing.voting_ends_at)}:f>",
            )
        )
    return lines


def _unmade(clip: ComparedClip) -> list[str]:
    name, reason = excerpt(clip.model_name, NAME_SHOWN), reason_words(clip.reason or "", REASON_SHOWN // 2)
    if clip.state is JobState.CANCELLED:
        lines = [say("**{model}** was cancelled.", model=name)]
    elif reason:
        lines = [say("**{model}** could not make it: {reason}", model=name, reason=reason)]
    else:
        lines = [say("**{model}** could not make it.", model=name)]
    if clip.charged:
        return [*lines, f"-# {kept_words(clip.charged)}"]
    if clip.held:
        lines.append(
            say_many(
                "-# Nothing was charged for it: {count} credit is released.",
                "-# Nothing was charged for it: {count} credits are released.",
                clip.held,
            )
        )
    return lines
