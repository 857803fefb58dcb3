"""The closing message: the video or the reason why not, in a message of its own that mentions the member."""

from collections.abc import Collection
from typing import Any
from unicodedata import east_asian_width

import discord

from bot.discord_ui.interactions.job_action import JobAction
from bot.discord_ui.language.speaking import mark, say, say_many, say_on
from bot.discord_ui.views.escaping import excerpt
from bot.discord_ui.views.job_button import JobButton
from bot.discord_ui.views.lineage_words import continues_words
from bot.discord_ui.views.message_limits import (
    ALTERNATIVE_TEXT_MAX,
    CONTENT_MAX,
    FORUM_TAG_MAX,
    FORUM_TITLE_MAX,
    cut,
    length,
)
from bot.discord_ui.views.quota_words import amount_words, kept_words
from bot.discord_ui.views.reason_words import reason_words
from bot.discord_ui.views.settings_words import settings
from bot.discord_ui.views.words import file_size, pair
from bot.domain.jobs import JobState
from bot.domain.links import expires_at
from bot.engine.notifier import Closing, Result, Unattached

REASON_SHOWN = 400
"""Characters of a reason that are shown. Escaping can double a text, and all must stay within one message."""
CLOSED_COLOUR = discord.Colour(0x80848E)
LINK_TOO_LONG = mark("The provider's link is too long for a message.")


_WHY_LINKED = {
    Unattached.TOO_LARGE: mark("The file is too large for Discord here: this is the provider's own link."),
    Unattached.UNREACHABLE: mark("I could not fetch the file to attach it: this is the provider's own link."),
    None: mark("I cannot attach the file here: this is the provider's own link."),
}
_WHY_MISSING = {
    Unattached.REFUSED: mark("The provider does not hand this file out to me; its link may have expired."),
    Unattached.NOT_A_VIDEO: mark("What the provider has at this file's link is not a video."),
    Unattached.GONE: mark("The provider does not have this file any more."),
    Unattached.AGE_RESTRICTED: (
        mark(
            "Videos of this model are shown in age-restricted channels only, and this place is none. Where a moderator "
            "makes the channel age-restricted, delete this message and have the video posted again from `/jobs`."
        )
    ),
}


def forum_title(closing: Closing) -> str:
    """Return the title of a post in a forum: the prompt, or the model where there is none."""
    return cut(closing.request.prompt, FORUM_TITLE_MAX) or cut(closing.model_name, FORUM_TITLE_MAX) or closing.job_id


def forum_tags(closing: Closing) -> list[str]:
    """Return the names of the tags of a post in a forum: the model, and the ratio where there is one."""
    ratio = str(closing.request.values.get("aspect_ratio") or "")
    return [cut(name, FORUM_TAG_MAX) for name in (closing.model_name, ratio) if name.strip()]


def closing_text(closing: Closing, attached: Collection[int], *, fallback: bool = False, direct: bool = False) -> str:
    """Return the message's text. `attached` names the results whose files go with it, by position.

    `fallback` says that the message could not be posted in the guild's results channel, `direct` that it could be
    posted nowhere in the guild and is written to the member.
    """
    lines = [_outcome(closing)]
    if closing.request.prompt.strip():
        lines.append(f"> {excerpt(closing.request.prompt)}")
    lines.append(f"-# {' · '.join([excerpt(closing.model_name, 80), *settings(closing.request), _charge(closing)])}")
    if closing.parent is not None and closing.state is JobState.SUCCEEDED:
        lines.append(f"-# {continues_words(closing.parent, closing.guild_id)}")
    if closing.state is JobState.FAILED and closing.charged:
        lines.append(f"-# {kept_words(closing.charged)}")
    if closing.state is JobState.SUCCEEDED and closing.reason:
        lines.append(
            say(
                "-# Not everything that was asked for is here: {reason}",
                reason=reason_words(closing.reason, REASON_SHOWN),
            )
        )
    if fallback and closing.results_channel_id is not None:
        lines.append(
            say("-# Posted here because I cannot post in {channel}.", channel=f"<#{closing.results_channel_id}>")
        )
    if direct:
        lines.append(say("-# I write to you because I cannot post in the channel where you asked for it."))
    for position, result in enumerate(closing.results):
        added = attached_lines(result) if position in attached else unattached_lines(result, closing.upload_limit)
        if length("\n".join([*lines, *added])) > CONTENT_MAX:
            added = [f"-# {say(LINK_TOO_LONG)}"]
        if length("\n".join([*lines, *added])) <= CONTENT_MAX:
            lines += added
    return "\n".join(lines)


def alternative_text(closing: Closing, position: int) -> str:
    """Return what a result is, for people who do not see it: its model and its prompt."""
    count = len(closing.results)
    if count == 1:
        what = say("Video by {model}", model=closing.model_name)
    else:
        what = say("Video {number} of {count} by {model}", number=position + 1, count=count, model=closing.model_name)
    prompt = closing.request.prompt.strip()
    return cut(pair(what, prompt) if prompt else what, ALTERNATIVE_TEXT_MAX)


def closing_view(closing: Closing) -> discord.ui.View:
    """Return the buttons for what can be done next. They are also the mark by which the message is found again."""
    view = discord.ui.View(timeout=None)
    for button in _buttons(closing):
        view.add_item(button)
    if closing.state is JobState.SUCCEEDED:
        more = JobButton(JobAction.ADD_TO_REEL, closing.job_id)
        more.row = 1
        view.add_item(more)
    return view


def closing_card(closing: Closing) -> discord.ui.LayoutView:
    """Return the closing message of a job without a video, as its card is turned into it."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=CLOSED_COLOUR)
    container.add_item(discord.ui.TextDisplay(closing_text(closing, ())))
    container.add_item(discord.ui.ActionRow(*_buttons(closing)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def _buttons(closing: Closing) -> list[discord.ui.Item[Any]]:
    price = _again_price(closing)
    if closing.state is JobState.SUCCEEDED:
        again = say_on("button", "Again · {price}", price=price)
    else:
        again = say_on("button", "Try again · {price}", price=price)
    buttons: list[discord.ui.Item[Any]] = [JobButton(JobAction.AGAIN, closing.job_id, label=again)]
    if closing.request.prompt:
        buttons.append(JobButton(JobAction.EDIT, closing.job_id))
    is_shown = any(result.problem not in _WHY_MISSING for result in closing.results)
    if closing.state is JobState.SUCCEEDED and is_shown:
        buttons.append(JobButton(JobAction.CONTINUE, closing.job_id))
    if closing.state is JobState.SUCCEEDED:
        buttons.append(JobButton(JobAction.REPORT, closing.job_id))
    buttons.append(JobButton(JobAction.DELETE, closing.job_id))
    return buttons


def _again_price(closing: Closing) -> str:
    """Return what the same request costs: the price that the provider states, or about what it charged."""
    paid = closing.charged or closing.held
    stated = closing.price_certain and paid == closing.held
    return amount_words(paid) if stated else say_many("about {count} credit", "about {count} credits", paid)


def _outcome(closing: Closing) -> str:
    member = f"<@{closing.member_id}>"
    if closing.state is JobState.SUCCEEDED:
        count = max(1, len(closing.results))
        if closing.results and all(result.problem in _WHY_MISSING for result in closing.results):
            return say_many(
                "{member} your video was made, but cannot be shown.",
                "{member} your videos were made, but cannot be shown.",
                count,
                member=member,
            )
        return say_many("{member} your video is ready.", "{member} your videos are ready.", count, member=member)
    if closing.state is JobState.CANCELLED:
        return _cancelled(closing, member)
    reason = _reason(closing)
    if not reason:
        return say("{member} your video could not be made.", member=member)
    return say("{member} your video could not be made: {reason}", member=member, reason=reason)


def _cancelled(closing: Closing, member: str) -> str:
    reason, actor_id = reason_words(closing.reason or "", REASON_SHOWN), closing.cancelled_by
    if actor_id == closing.member_id:
        return say("{member} you cancelled this request.", member=member)
    if actor_id is None and not reason:
        return say("{member} your request was cancelled.", member=member)
    if actor_id is None:
        return say("{member} your request was cancelled: {reason}", member=member, reason=_reason(closing))
    actor = f"<@{actor_id}>"
    if not reason:
        return say("{member} your request was cancelled by {actor}.", member=member, actor=actor)
    return say("{member} your request was cancelled: {reason} ({actor}).", member=member, reason=reason, actor=actor)


def attached_lines(result: Result) -> list[str]:
    """Say what became of an attached file that had to be made smaller."""
    if not result.made_smaller or result.url is None:
        return []
    return [
        say(
            "-# Made smaller to fit into Discord. The original is at the provider: {link} {lifetime}",
            link=f"<{result.url}>",
            lifetime=_lifetime(result.url),
        )
    ]


def unattached_lines(result: Result, upload_limit: int | None) -> list[str]:
    """Say why a result is not attached, and link it unless nothing is there."""
    if result.problem is Unattached.AGE_RESTRICTED:
        return [f"-# {say(_WHY_MISSING[result.problem])}"]
    if result.url is None or result.problem is Unattached.GONE:
        return [f"-# {say(_WHY_MISSING[Unattached.GONE])}"]
    if result.problem in _WHY_MISSING:
        # Named, but not shown as if it were the video.
        return [f"-# {say(_WHY_MISSING[result.problem])} <{result.url}>"]
    return [f"-# {_why_linked(result, upload_limit)} {_lifetime(result.url)}", result.url]


def _why_linked(result: Result, upload_limit: int | None) -> str:
    if result.problem is Unattached.TOO_LARGE and result.size_bytes is not None and upload_limit is not None:
        size, most = file_size(result.size_bytes), file_size(upload_limit)
        return say(
            "The file has {size}, and this server takes files of up to {most}: here is the provider's own link.",
            size=size,
            most=most,
        )
    return say(_WHY_LINKED[result.problem])


def _lifetime(url: str) -> str:
    until = expires_at(url)
    if until is None:
        return say("Save the video soon: the provider may not keep it for long.")
    return say("It works until {moment}.", moment=f"<t:{round(until)}:f>")


def _reason(closing: Closing) -> str:
    """Return the reason as a sentence with its end; empty where there is none.

    Full-width scripts have a stop of their own, so that they get none of ours.
    """
    reason = reason_words(closing.reason or "", REASON_SHOWN)
    ended = not reason or reason[-1] in ".!?…" or east_asian_width(reason[-1]) in "WF"
    return reason if ended else f"{reason}."


def _charge(closing: Closing) -> str:
    if closing.state is JobState.SUCCEEDED:
        return amount_words(closing.charged)
    if not closing.charged:
        return (
            say_many(
                "nothing charged, {count} credit released", "nothing charged, {count} credits released", closing.held
            )
            if closing.held
            else say("nothing charged")
        )
    return amount_words(closing.charged)
